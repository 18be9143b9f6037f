#!/usr/bin/env python
"""Django's command line for Chatsite."""

from __future__ import annotations

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatsite.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # The sentence is for the operator, who has nothing to look for in our code.
        sys.exit(f"Chatsite is not configured: {error}")
