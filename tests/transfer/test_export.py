"""Exports: golden files, long and hostile conversations, and strangers."""

from __future__ import annotations

import datetime
import json
import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conversations.models import Attachment, Conversation, Generation, LanguageModel, Message, User
from conversations.queries.messages import with_runs
from conversations.transfer.export import FORMATS, PAGE
from conversations.transfer.file_names import file_name
from conversations.transfer.formats import as_markdown
from conversations.upstream.answer.parts import ToolCallPart, ToolResultPart, to_json
from tests.admin.content import HOSTILE
from tests.branches import as_parts, conversation_of
from tests.transfer.exporting import Download

SignIn = Callable[[User], Client]
GOLDEN = Path(__file__).parent / "golden"
ASKED = datetime.datetime(2026, 11, 22, 10, 41, tzinfo=datetime.UTC)
ANSWER = """Plan for **50 agents**.

| hour | agents |
|---|--:|
| 20:00 | 50 |

```python
print(50)
```"""

pytestmark = pytest.mark.django_db(transaction=True)


def path_of(row: Conversation, name: str) -> str:
    return f"/c/{row.pk}/" + ("print/" if name == "print" else f"export/{name}/")


def staffing(owner: User) -> Conversation:
    """A question with two answers, the second shown and cut off, with fixed ids and times."""
    model = LanguageModel.objects.get(name="gpt-5.4")
    row = Conversation.objects.create(
        id=uuid.UUID(int=1), owner=owner, title="双十二 <staffing>", model=model, created=ASKED
    )
    question = Message.objects.create(
        id=uuid.UUID(int=2),
        conversation=row,
        role="user",
        parts=as_parts("How many agents?\n```\nunclosed"),
        created=ASKED,
    )
    for number, fields in enumerate(({}, {"finish_reason": "length", "total_tokens": 42})):
        said_at = ASKED + datetime.timedelta(minutes=number + 1)
        row.leaf = Message.objects.create(
            id=uuid.UUID(int=3 + number),
            conversation=row,
            parent=question,
            role="assistant",
            parts=[{"type": "reasoning", "text": "Erlang C."}, *as_parts(ANSWER)],
            created=said_at,
        )
        Generation.objects.create(
            id=uuid.UUID(int=13 + number),
            message=row.leaf,
            model=model,
            model_name=model.name,
            status="completed",
            created=said_at,
            **fields,
        )
    row.active_at = ASKED
    row.save()
    return row


def golden(name: str) -> str:
    return (GOLDEN / name).read_text(encoding="utf-8")


def test_markdown_is_the_shown_branch(alice: User) -> None:
    file = Download(alice, path_of(staffing(alice), "markdown"))
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    assert file.text.replace(today, "TODAY") == golden("staffing.md")
    assert file.headers["Content-Type"] == "text/markdown; charset=utf-8"


def test_json_is_the_whole_tree_with_usage(alice: User) -> None:
    text = Download(alice, path_of(staffing(alice), "json")).text
    held = json.loads(text)
    assert held.pop("exported_at").endswith("Z")
    assert held == json.loads(golden("staffing.json"))
    assert len(held["messages"]) == 3
    assert held["messages"][2]["runs"][0]["usage"]["total_tokens"] == 42


def test_html_is_the_shown_branch_and_needs_nothing_else(alice: User) -> None:
    text = Download(alice, path_of(staffing(alice), "html")).text
    body = text.partition("<article")[2].partition("</main>")[0]
    assert body == golden("staffing.html")
    head = text.partition("</head>")[0]
    assert "default-src 'none'; img-src data:; style-src 'sha256-" in head
    assert "双十二 &lt;staffing&gt;" in head
    assert not re.search(r"<script|<link|src=|javascript:", text)


def test_files_are_named_and_what_was_read_is_in_the_json(alice: User) -> None:
    row = staffing(alice)
    question = row.messages.get(role="user")
    for position, name in enumerate(("a_b.csv", "<b>.png")):
        Attachment.objects.create(
            owner=alice,
            message=question,
            name=name,
            kind="text",
            media_type="text/csv",
            digest="0" * 64,
            size=3,
            text="x,y",
            position=position,
        )
    files = json.loads(Download(alice, path_of(row, "json")).text)["messages"][0]["attachments"]
    kept = {"kind": "text", "media_type": "text/csv", "size": 3, "text": "x,y"}
    assert files == [{"name": "a_b.csv", **kept}, {"name": "<b>.png", **kept}]
    assert r"Attached: a\_b.csv, \<b\>.png" in Download(alice, path_of(row, "markdown")).text
    assert "Attached: a_b.csv, &lt;b&gt;.png" in Download(alice, path_of(row, "html")).text


def with_calls(owner: User) -> Conversation:
    """An answer with a tool call that ran, one that failed, and one that broke off."""
    row = staffing(owner)
    assert row.leaf
    row.leaf.parts = [
        *to_json(
            [
                ToolCallPart("a", "calculator", '{"expression": "6 * 7"}'),
                ToolResultPart("a", "42", seconds=1.3),
                ToolCallPart("b", "<script>", "{"),
                ToolResultPart("b", "Error:\n```\n<img src=x>", "failed"),
                ToolCallPart("c", "get_weather", ""),
            ]
        ),
        *row.leaf.parts,
    ]
    row.leaf.save()
    return row


def test_calls_of_tools_are_in_the_markdown(alice: User) -> None:
    text = Download(alice, path_of(with_calls(alice), "markdown")).text
    calls = text.partition("## gpt-5.4")[2].partition("\n\n")[2].partition("Plan for")[0]
    assert calls.split("\n\n") == [
        r"*Ran Calculator \(1.3 s\)*",
        '```\n{\n  "expression": "6 * 7"\n}\n```',
        "```\n42\n```",
        "*Couldn’t run \\<script\\>*",
        "```\n{\n```",
        "````\nError:\n```\n<img src=x>\n````",
        "*Stopped before get\\_weather ended*",
        "```\n{}\n```",
        "",
    ]


def test_calls_of_tools_are_in_the_html_as_text(alice: User) -> None:
    row = with_calls(alice)
    assert row.leaf
    row.leaf.parts[1]["content"] = long = "x" * 30_000
    row.leaf.save()
    for name in ("html", "print"):
        text = Download(alice, path_of(row, name)).text
        assert "<span>Ran Calculator</span>" in text
        assert "Couldn’t run &lt;script&gt;" in text
        assert "&lt;img src=x&gt;" in text
        assert "<img src=x" not in text
        assert long in text


def test_words_and_times_are_the_readers(alice: User) -> None:
    alice.language, alice.time_zone = "zh-hans", "Asia/Shanghai"
    alice.save()
    text = Download(alice, path_of(staffing(alice), "markdown")).text
    assert "这条回复不完整。" in text
    assert "2026-11-22 18:41" in text


def test_the_name_is_the_title_in_any_language(alice: User) -> None:
    header = Download(alice, path_of(staffing(alice), "json")).headers["Content-Disposition"]
    assert header.startswith("attachment; filename*=utf-8''%E5%8F%8C%E5%8D%81%E4%BA%8C%20staffing")
    assert header.endswith(".json")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Plan", "Plan.md"),
        ("../../etc/passwd", "etc passwd.md"),
        ("a\r\nSet-Cookie: x=1", "a Set-Cookie x=1.md"),
        ("  ...  ", "conversation.md"),
        ("CON", "conversation CON.md"),
        ("nul.txt", "conversation nul.txt.md"),
        ("evil\u202egpj.exe", "evil gpj.exe.md"),
        ("长" * 200, "长" * 60 + ".md"),
    ],
)
def test_a_name_is_safe_everywhere(title: str, name: str) -> None:
    assert file_name(title, "md") == name


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("plain", "plain"),
        ("```\ncode", "```\ncode\n```"),
        ("```\ncode\n```", "```\ncode\n```"),
        ("~~~~\n```\n~~~", "~~~~\n```\n~~~\n~~~~"),
        ("```py\n``` not its end", "```py\n``` not its end\n```"),
        ("``` a `b` ```", "``` a `b` ```"),
    ],
)
def test_a_code_block_never_swallows_the_next_turn(text: str, closed: str) -> None:
    assert as_markdown._closed(text) == closed


@pytest.mark.parametrize("name", [*FORMATS, "print"])
def test_every_message_is_there_however_many(alice: User, name: str) -> None:
    row = conversation_of(alice, pairs=PAGE)
    text = Download(alice, path_of(row, name)).text
    for number in range(PAGE):
        assert len(re.findall(rf"Question {number}\b", text)) == 1
    if name == "json":
        assert len(json.loads(text)["messages"]) == 2 * PAGE


@pytest.mark.parametrize("name", FORMATS)
def test_it_is_read_in_short_pieces(alice: User, name: str) -> None:
    file = Download(alice, path_of(conversation_of(alice, pairs=3 * PAGE), name))
    # A head, a piece a page, and in some formats a tail.
    assert len([piece for piece in file.pieces if piece]) in {7, 8}
    largest = max(len(piece) for piece in file.pieces[1:])
    assert largest < 2 * len(file.pieces[1])


def test_a_piece_costs_as_many_queries_as_another(alice: User) -> None:
    row = conversation_of(alice, pairs=2 * PAGE)
    ids = FORMATS["json"].ids(row)
    costs = []
    for count in (2, PAGE):
        with CaptureQueriesContext(connection) as queries:
            rows = with_runs(ids[:count])
            [FORMATS["json"].message(message, row) for message in rows]
        costs.append(len(queries))
    # Three for the rows, and the statements around a consistent read: two on SQLite, three on
    # PostgreSQL, which sets the isolation level too.
    assert costs[0] == costs[1] <= 6


def test_what_is_deleted_meanwhile_is_left_out(alice: User) -> None:
    row = conversation_of(alice, pairs=2)
    ids = [*FORMATS["json"].ids(row)]
    Message.objects.filter(pk=ids[-1]).delete()
    assert [message.pk for message in with_runs(ids)] == ids[:-1]


def test_an_empty_conversation_is_a_whole_file(alice: User) -> None:
    row = conversation_of(alice, pairs=0)
    assert json.loads(Download(alice, path_of(row, "json")).text)["messages"] == []
    assert Download(alice, path_of(row, "html")).text.endswith("</html>\n")


def test_nothing_secret_is_written(alice: User, upstream_connection: Any) -> None:
    row = conversation_of(alice, pairs=1)
    Generation.objects.update(
        connection=upstream_connection, connection_name="Fake", error_detail="sk-leaked-detail"
    )
    for name in FORMATS:
        text = Download(alice, path_of(row, name)).text
        assert not re.search(r"sk-test|sk-leaked|127\.0\.0\.1|encrypted|@example", text), name


def test_hostile_content_is_text(alice: User) -> None:
    alice.name = HOSTILE
    alice.save()
    row = conversation_of(alice, pairs=1, title=HOSTILE)
    row.messages.update(parts=[{"type": "reasoning", "text": HOSTILE}, *as_parts(HOSTILE)])
    Generation.objects.update(model=None, model_name=HOSTILE)
    for name in ("html", "print"):
        text = Download(alice, path_of(row, name)).text
        assert "<script>window" not in text, name
        assert '<img src="/x"' not in text, name
        assert text.count("&lt;script&gt;window") >= 5, name
    markdown = Download(alice, path_of(row, "markdown")).text
    headings = [line for line in markdown.splitlines() if line.startswith("#")]
    assert len(headings) == 3
    assert all("<script" not in line.replace(r"\<", "") for line in headings)
    assert json.loads(Download(alice, path_of(row, "json")).text)["conversation"]["title"]


@pytest.mark.parametrize("name", [*FORMATS, "print", "exe"])
def test_a_stranger_gets_what_an_unknown_id_gets(
    alice: User, charlie: User, rita: User, signed_in: SignIn, name: str
) -> None:
    row, unknown = conversation_of(alice), Conversation(pk=uuid.uuid4())
    for client in (signed_in(charlie), signed_in(rita)):
        theirs, nobodys = client.get(path_of(row, name)), client.get(path_of(unknown, name))
        assert (theirs.status_code, theirs.content) == (404, nobodys.content)
    assert Client().get(path_of(row, name)).status_code == 302
    assert signed_in(alice).get(path_of(row, "exe")).status_code == 404


def test_an_export_may_not_be_kept_by_caches(alice: User) -> None:
    file = Download(alice, path_of(conversation_of(alice), "html"))
    assert "no-store" in file.headers["Cache-Control"]
    assert file.headers["X-Content-Type-Options"] == "nosniff"


def test_every_field_of_the_json_is_documented(alice: User) -> None:
    held = json.loads(Download(alice, path_of(staffing(alice), "json")).text)
    docs = (Path(__file__).parents[2] / "docs/export.md").read_text(encoding="utf-8")
    run = held["messages"][2]["runs"][0]
    names = {*held, *held["conversation"], *held["messages"][0], *run, *run["usage"]}
    assert {name for name in names if f"`{name}`" not in docs} == set()
    assert all(f"| `{one.suffix}` |" in docs for one in FORMATS.values())
