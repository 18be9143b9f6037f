"""View models and sentences that templates read; no request."""
