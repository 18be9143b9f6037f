"""The demo's scripted answers: rich in Markdown, and the same for the same request."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from itertools import takewhile

from conversations.demo.calls import DemoCall, calls_for
from conversations.demo.content import section
from conversations.demo.faults import Fault
from conversations.demo.phrases import PHRASES, Phrases
from conversations.demo.quoting import code_span, excerpt
from conversations.demo.request import DemoRequest
from conversations.demo.tokens import is_chinese

_TOPICS = {
    "help": r"\bhelp\b|\berrors?\b|帮助|错误",
    "weather": r"\bweather\b|\bforecast\b|天气",
    "code": r"\bcode\b|\bpython\b|\bscript\b|\bprogram\b|代码|编程|程序|脚本",
    "table": r"\btables?\b|表格",
    "math": r"\bmath\w*|\bformulas?\b|\bequations?\b|\bintegral\b|数学|公式|方程|积分",
    "long": r"(?<!how )\blong\b|\bessay\b|(?<![多校成增擅])长(?![城江沙])",
}
_PATTERNS = {name: re.compile(words, re.IGNORECASE) for name, words in _TOPICS.items()}
_THINK = re.compile(r"\bthink\w*|\breason(?:ing)?\b|思考|推理|想一想", re.IGNORECASE)
_GREETING = re.compile(
    r"\W*(?:hi|hello|hey|good (?:morning|evening)|你好|您好|嗨|早上好)(?![a-z])", re.IGNORECASE
)

DEFAULT_TOPIC = "tour"
_SEARCHED_CHARACTERS = 2000


@dataclass(frozen=True)
class ScriptedAnswer:
    """The text of an answer with its reasoning, or the tools that it calls.

    `drawn` is the prompt of an image that goes with it, or empty.
    """

    text: str
    reasoning: str = ""
    calls: list[DemoCall] = field(default_factory=list)
    drawn: str = ""


def answer(request: DemoRequest, fault: Fault | None = None) -> ScriptedAnswer:
    """Compose the answer to a request, in the language of its last user message."""
    if begun := request.begun:
        earlier = request.before_continuing
        whole = answer(earlier, fault).text
        rest = whole[len(begun) :] if whole.startswith(begun) else ""
        return ScriptedAnswer(rest or section(_language_of(earlier), "connect"))
    language = _language_of(request)
    if fault is not None:
        text = section(language, "fault").format(fault=code_span(fault))
        return ScriptedAnswer("" if fault is Fault.EMPTY else text)
    if calls := calls_for(request):
        return ScriptedAnswer("", calls=calls)
    question = request.question[:_SEARCHED_CHARACTERS]
    if request.turns[-1].role == "tool":
        return ScriptedAnswer(_told(request, language))
    if request.wants_image:
        return ScriptedAnswer(section(language, "image"), drawn=question or request.model)
    names = [name for name, pattern in _PATTERNS.items() if pattern.search(question)]
    parts = [_introduction(request, language)]
    parts += [section(language, name) for name in names or [DEFAULT_TOPIC]]
    parts.append(section(language, "connect"))
    reasoning = section(language, "think") if _THINK.search(question) else ""
    return ScriptedAnswer("\n\n".join(parts), reasoning)


def _language_of(request: DemoRequest) -> str:
    return "zh" if is_chinese(request.question) else "en"


def _told(request: DemoRequest, language: str) -> str:
    """Return the answer to results of tools, which it quotes in code spans."""
    turns = list(reversed(request.turns))
    said = list(takewhile(lambda turn: turn.role == "tool", turns))[::-1]
    told = [code_span(excerpt(turn.text) or PHRASES[language].no) for turn in said]
    results = "\n".join(f"- {each}" for each in told)
    return section(language, "tools").format(results=results)


def _introduction(request: DemoRequest, language: str) -> str:
    phrases = PHRASES[language]
    systems = [turn for turn in request.turns if turn.role in {"system", "developer"}]
    return section(language, "introduction").format(
        opening=_opening(request.question, phrases),
        quote=_quote(request.question, phrases),
        model=code_span(excerpt(request.model)),
        messages=len(request.turns),
        yours=sum(turn.role == "user" for turn in request.turns),
        system=phrases.yes.format(size=sum(len(turn.text) for turn in systems))
        if systems
        else phrases.no,
        tools=phrases.tools.format(count=len(request.tools)) if request.tools else phrases.no,
    )


def _opening(question: str, phrases: Phrases) -> str:
    """Choose one of the openings by the question's checksum: varied, yet repeatable."""
    choices = phrases.greetings if _GREETING.match(question[:200]) else phrases.openings
    return choices[zlib.crc32(question.encode()) % len(choices)]


def _quote(question: str, phrases: Phrases) -> str:
    line = excerpt(question)
    return f"> {code_span(line) if line else phrases.nothing}"
