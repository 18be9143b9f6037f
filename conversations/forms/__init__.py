"""What people type, checked: one file for each page."""
