"""The live side of a run: rendering, frames, watching sockets."""
