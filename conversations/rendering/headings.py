"""The outline of an answer: its headings from h2 down, no level left out."""

from __future__ import annotations

import re

# h1 is the page's own.
_TOP = 2
_DEEPEST = 6
_TAG = re.compile(r"(?<=<)(/?)h([1-6])(?=[\s>])")


def outline(html: str) -> str:
    """Return HTML whose headings are numbered by how they nest, not by how they were written.

    Models begin with `###` or go from `#` to `####`; a screen reader then reads an outline with
    holes. A heading's level depends only on those before it, so a growing answer keeps its levels.
    """
    written: list[int] = []

    def renumber(tag: re.Match[str]) -> str:
        if not tag[1]:
            level = int(tag[2])
            while written and written[-1] >= level:
                written.pop()
            written.append(level)
        return f"{tag[1]}h{min(max(len(written), 1) - 1 + _TOP, _DEEPEST)}"

    return _TAG.sub(renumber, html)
