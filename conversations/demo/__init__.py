"""The demo upstream: a small implementation of the documented API on a loopback port."""
