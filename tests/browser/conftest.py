from __future__ import annotations

from playwright.sync_api import expect

# Milliseconds; a busy machine draws a page late.
expect.set_options(timeout=60_000)
