"""The allow-list: of all that a model writes, only these tags and attributes pass."""

from __future__ import annotations

import re

import nh3

from conversations.rendering import links
from conversations.rendering.markdown import FOOTNOTE_KEY

# The most frequent ones come first, because each tag of a block is tried against them in order.
_TAG_NAMES = """
    p li code strong td a em span ul ol tr br th pre h2 h3 h4 h5 h6 blockquote table thead tbody hr
    del s sup sub kbd mark abbr b i u small ins q samp var cite dl dt dd
    caption section details summary img input div
    """.split()  # noqa: SIM905 (a list of quoted words is harder to read)
_UNKNOWN_TAG = re.compile(rf"<(?!/?(?:{'|'.join(_TAG_NAMES)})(?:\s|/?>))", re.IGNORECASE)
_LANGUAGE = re.compile(r"language-[\w+#.-]{1,40}")
_FOOTNOTE = re.compile(rf"#?{FOOTNOTE_KEY}fn(?:ref)?-[^\s<>]{{1,200}}")
_COUNT = re.compile(r"-?\d{1,9}")


def _filter(tag: str, name: str, value: str) -> str | None:
    """Return the value if this attribute may stay. nh3 calls it for each allowed name."""
    match tag, name:
        case "code", "class":
            return value if _LANGUAGE.fullmatch(value) else None
        case "a", "href":
            return value if _FOOTNOTE.fullmatch(value) or links.is_safe(value) else None
        case (_, "id"):
            return value if _FOOTNOTE.fullmatch(value) else None
        case "ol", "start":
            return value if _COUNT.fullmatch(value) else None
        case _:
            return value


_CLEANER = nh3.Cleaner(
    tags=set(_TAG_NAMES),
    clean_content_tags=set(),
    attributes={
        "a": {"href", "id"},
        "li": {"id"},
        "code": {"class"},
        "ol": {"start"},
        "img": {"src", "alt"},
        "input": {"checked"},
        "details": {"open"},
    },
    tag_attribute_values={
        "span": {"data-math-style": {"inline", "display"}},
        "code": {"data-math-style": {"display"}},
        "section": {"class": {"footnotes"}},
        "th": {"align": {"left", "center", "right"}},
        "td": {"align": {"left", "center", "right"}},
    },
    set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},
    attribute_filter=_filter,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)


def clean(html: str) -> str:
    """Return HTML of allowed tags; unknown tags stay readable as text, as in `vector<int>`."""
    return _CLEANER.clean(_UNKNOWN_TAG.sub("&lt;", html))
