"""Failures of upstreams: error bodies, kinds, masking of keys."""
