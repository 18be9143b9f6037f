"""Outgoing connections: judged addresses, pinned sockets."""
