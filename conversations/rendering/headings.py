"""The outline of an answer: its headings from h2 down, with no level left out."""

from __future__ import annotations

import re

_TOP = 2  # h1 is the page's own title.
_DEEPEST = 6
_TAG = re.compile(r"<(/?)h([1-6])(?=[\s>])")


def outline(html: str, above: tuple[int, ...] = ()) -> tuple[str, tuple[int, ...]]:
    """Return HTML whose headings are numbered by how they nest, and the levels it ends under.

    `above` are the levels, as written, that the HTML begins under. Models begin with `###` or go
    from `#` to `####`, and a screen reader then reads an outline with holes. A heading's level
    depends only on those before it, so a growing answer keeps its levels.
    """
    if "<h" not in html:
        return html, above
    written = list(above)

    def renumber(tag: re.Match[str]) -> str:
        if not tag[1]:
            level = int(tag[2])
            while written and written[-1] >= level:
                written.pop()
            written.append(level)
        return f"<{tag[1]}h{min(max(len(written), 1) - 1 + _TOP, _DEEPEST)}"

    return _TAG.sub(renumber, html), tuple(written)
