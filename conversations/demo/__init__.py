"""The demo upstream: the documented API, answered by a small program on a loopback port."""
