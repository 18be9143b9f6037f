from __future__ import annotations

import pytest

from conversations.search.query import MOST_PHRASES, parse, to_fts5, to_tsquery


@pytest.mark.parametrize(
    ("text", "fts5", "tsquery"),
    [
        ("staffing desk ", '"m1" AND "staffing" AND "desk"', "m1 & (staffing) & (desk)"),
        ("Staff", '"m1" AND "staff" *', "m1 & (staff:*)"),
        ("服务器 错误", '"m1" AND "服 务 器" AND "错 误"', "m1 & (服 <-> 务 <-> 器) & (错 <-> 误)"),
        ("率", '"m1" AND "率"', "m1 & (率)"),
        ('"the desk" of', '"m1" AND "the desk" AND "of" *', "m1 & (the <-> desk) & (of:*)"),
        ('of "the de', '"m1" AND "of" AND "the de"', "m1 & (of) & (the <-> de)"),
        ("“双十二”", '"m1" AND "双 十 二"', "m1 & (双 <-> 十 <-> 二)"),
        ("gpt-5.4", '"m1" AND "gpt 5 4"', "m1 & (gpt <-> 5 <-> 4)"),
        ("a a a", '"m1" AND "a"', "m1 & (a)"),
    ],
)
def test_each_database_reads_the_same(text: str, fts5: str, tsquery: str) -> None:
    query = parse(text)
    assert to_fts5("m1", query) == fts5
    assert to_tsquery("m1", query) == tsquery


@pytest.mark.parametrize("text", ["", "  ", '"', "！？", "* OR NEAR(", "' ) & | !"])
def test_signs_are_not_a_language(text: str) -> None:
    query = parse(text)
    assert {word for phrase in query.phrases for word in phrase.words} <= {"or", "near"}


def test_a_novel_is_not_looked_for_whole() -> None:
    assert len(parse(" ".join(f"word{n}" for n in range(500))).phrases) == MOST_PHRASES
