"""Words added to the last paragraph of a growing answer, drawn without reading the whole text anew.

Most of what a model writes is prose. Words without a character that means anything to Markdown
change nothing before them: they are put where the paragraph's text ends. Whatever is not certain is
drawn as before, and tests/rendering/test_prose.py holds each state against that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from conversations.rendering import limits
from conversations.rendering.markdown import RawBlock
from conversations.rendering.patches import Op, utf16_length

# What stands for itself in a line that has begun, in the source as in the HTML.
_WORDS = re.compile(
    r"(?:[^\W_]|[ ,.;:?!'\"()%…–—-]|[，。；：！？、（）《》〈〉「」『』【】“”‘’·～])+"
)
_ENDS = re.compile(r"(?:</(?:p|li|ul|ol|blockquote)>\n?)+\Z")
# May wait for an end that is made of words: a link, an entity, a formula, an escape.
_WAITING = re.compile(r"[\[&$\\]")
# Can begin in the middle of a paragraph, so that what waits in the lines above is over.
_BULLET = re.compile(r" {0,3}[-+*] +[^ ]")
# In a word that may become an address as it grows.
_ADDRESS = re.compile(r"://|@|www", re.IGNORECASE)


@dataclass(slots=True)
class Paragraph:
    """The last block of a drawn text, which ends in words."""

    # The text that has been drawn, as it was given.
    text: str
    # The block's HTML, without the end tags behind its words.
    html: str
    ends: str
    # As long as `html`, in UTF-16 units.
    length: int
    # The last word of the text, and the white space behind it, which is not drawn.
    word: str
    space: str

    @property
    def block(self) -> str:
        """The block's HTML."""
        return self.html + self.ends

    def take(self, text: str, index: int) -> list[Op] | None:
        """Return the ops that draw the longer `text`; None if it has to be drawn from nothing.

        `index` is the block's.
        """
        words = text[len(self.text) :]
        if not text.startswith(self.text) or len(text) * 4 > limits.MAX_MARKDOWN_BYTES:
            return None
        if words and (not _WORDS.fullmatch(words) or _ADDRESS.search(self.word + words)):
            return None
        seen = (self.space + words).rstrip(" ")
        ops: list[Op] = [[index, self.length, seen + self.ends]] if seen else []
        self._add(text, words, seen)
        return ops

    def _add(self, text: str, words: str, seen: str) -> None:
        self.text = text
        self.html += seen
        self.length += utf16_length(seen)
        self.word = (self.word + words).rpartition(" ")[2]
        self.space = (self.space + words)[len(seen) :]


def paragraph(given: str, text: str, block: RawBlock, html: str) -> Paragraph | None:
    """Return the paragraph that `text` ends in, or None if words behind it could mean more.

    `given` is the text before it was cleaned; `block` and `html` are the last one drawn of it.
    """
    ends = _ENDS.search(html)
    if ends is None or block.unfinished or not _ends_in(text, block.source):
        return None
    # Where blocks begin and end may have been forged: what is thought to be the last is not.
    if "data-sourcepos" in text:
        return None
    body, words = html[: ends.start()], text.rstrip(" ")
    # All of it has been drawn, up to its last word.
    if not (_WORDS.fullmatch(text[-1:]) and words and body.endswith(words[-1])):
        return None
    if "<" in block.source or _WAITING.search(_leaf(block.source)):
        return None
    word = text[max(text.rfind(" "), text.rfind("\n")) + 1 :]
    return Paragraph(given, body, ends[0], utf16_length(body), word, text[len(words) :])


def _ends_in(text: str, source: str) -> bool:
    """Say whether the last lines of a text are a block, which was drawn of all that is in them."""
    before = text[: -len(source)]
    return bool(source) and text.endswith(source) and (not before or before.endswith("\n"))


def _leaf(source: str) -> str:
    """Return the lines of a block whose words belong together with the last ones."""
    last = source[source.rfind("\n") + 1 :]
    return last if _BULLET.match(last) else source
