"""Rules that the HTML of every page follows."""

from __future__ import annotations

import re


def assert_strict(html: str) -> None:
    """Check that the content security policy refuses nothing in it, and that no id repeats."""
    assert not re.search(r"\sstyle=", html)
    assert not re.search(r"\son[a-z]+=", html)
    assert not re.search(r"<style\b", html)
    assert "hx-on" not in html
    assert not re.search(r'(?:src|href)="(?:data|javascript):', html)
    for tag in re.findall(r"<script\b[^>]*>", html):
        assert "nonce=" in tag or "src=" in tag, tag
    page = re.sub(r"<template\b.*?</template>", "", html, flags=re.DOTALL)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))
