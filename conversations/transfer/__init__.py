"""Conversations on their way out, piece by piece, so that a long one needs no more memory."""
