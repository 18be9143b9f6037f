"""The phrases that are filled into the demo's Markdown files, by language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrases:
    """The phrases of one language; `yes` takes {size}, `tools` takes {count}."""

    greetings: tuple[str, ...]
    openings: tuple[str, ...]
    yes: str
    no: str
    tools: str
    nothing: str


PHRASES = {
    "en": Phrases(
        greetings=("Hello!", "Hello, and welcome!", "Good to see you!"),
        openings=(
            "Your message arrived",
            "The path works",
            "Message received",
            "Here is your demo",
        ),
        yes="yes, {size} characters",
        no="none",
        tools="{count}. Ask for the time, a sum such as 6 * 7, a drawing, or to search for a word",
        nothing="*(a message without text)*",
    ),
    "zh": Phrases(
        greetings=("你好！", "你好，欢迎！", "很高兴见到你！"),
        openings=("消息已收到", "链路是通的", "收到你的消息了", "这里是演示"),
        yes="有，{size} 个字符",
        no="无",
        tools="{count} 个。问问时间、写一个算式（如 6 * 7）、请它画一幅画，或写“搜索”加一个词",
        nothing="*（没有文字的消息）*",
    ),
}
