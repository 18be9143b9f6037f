"""Background work on rows and files: retention and removal."""
