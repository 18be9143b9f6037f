"""The one app: layers by folder, dependencies downwards only (see docs/architecture.md)."""
