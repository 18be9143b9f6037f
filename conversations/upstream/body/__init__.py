"""Response bytes to deltas; no I/O."""
