"""Reads for the pages, one file for each thing on screen."""
