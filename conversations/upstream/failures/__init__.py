"""What went wrong: error bodies, kinds, masking of keys."""
