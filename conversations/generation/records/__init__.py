"""The rows of a run: lease, usage, approvals, wire records."""
