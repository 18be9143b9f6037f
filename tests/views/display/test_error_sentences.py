"""The rendered sentences of a failed answer, for every kind of error and every reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import Connection, Conversation, Generation, LanguageModel, User
from conversations.upstream.errors import ErrorKind
from conversations.views.display import error_sentences
from tests.branches import as_parts, conversation_of, last_run

SignIn = Callable[[User], Client]
# (columns of the run, text of the answer, sentence, whether it can be continued)
End = tuple[dict[str, object], str, str, bool]
KEY = "sk-test-0123456789abcdef"
REASONS = [*ErrorKind, *error_sentences.SENTENCES, "", "of_the_future"]

# kind: (sentence for members, another for managers if any, the suggested action)
TOLD = {
    "key_refused": ("Ask an administrator", "Replace the key", "connections"),
    "key_expired": ("Ask an administrator", "Put a new key", "connections"),
    "no_permission": ("or ask an administrator", "or a key that may use", "models"),
    "model_unknown": ("Choose another model", "list of models", "models"),
    "context_too_long": ("start a new chat", "start a new chat", "models"),
    "rate_limited": ("asks for a pause", "asks for a pause", "models"),
    "quota_spent": ("Ask an administrator", "Raise the quota", "connections"),
    "upstream_broken": ("Retry in a moment", "Retry in a moment", "models"),
    "unreachable": ("tell an administrator", "check the connection", "connections"),
    "timed_out": ("Retry, or choose another", "Retry, or choose another", "models"),
    "stalled": ("What arrived is kept", "What arrived is kept", ""),
    "refused_by_policy": ("Rephrase it", "Rephrase it", "models"),
    "bad_stream": ("something else than a reply", "something else than a reply", "models"),
    "too_large": ("Ask for a shorter reply", "Ask for a shorter reply", ""),
    "parameter_refused": ("Change the parameters", "Change the parameters", "models"),
    "images_refused": ("without them", "without them", "models"),
    "not_an_api": ("Ask an administrator", "Check the connection", "connections"),
    "internal": ("tell your administrator", "server’s log says why", ""),
    "empty_answer": ("Retry, or choose another", "Retry, or choose another", "models"),
}


@pytest.fixture
def conversation(alice: User, upstream_connection: Connection) -> Conversation:
    return conversation_of(alice)


def fail(conversation: Conversation, kind: str, *, text: str = "", **columns: object) -> Generation:
    """Make the newest answer a failed one."""
    run = last_run(conversation)
    run.message.parts = as_parts(text) if text else []
    run.message.save()
    run.connection = Connection.objects.get(name="Fake")
    for name, value in {
        "connection_name": "Fake",
        "status": "failed",
        "error_kind": kind,
        "error_status": 503,
        "ended_at": timezone.now(),
        **columns,
    }.items():
        setattr(run, name, value)
    run.save()
    return run


def article(client: Client, run: Generation) -> str:
    message = run.message
    page = client.get(f"/c/{message.conversation_id}/messages/{message.pk}/")
    assert page.status_code == 200
    return page.content.decode()


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("manages", [True, False])
def test_every_reason_has_a_sentence_for_everybody(reason: str, manages: bool) -> None:
    said = error_sentences.explain(
        reason, model="gpt-5.4", connection="", manages=manages, status=418
    )
    assert said.title
    assert said.text.endswith(".")
    assert "{" not in said.title + said.text
    assert manages or said.way != "connections"


def test_no_kind_is_forgotten() -> None:
    assert set(TOLD) == set(ErrorKind) <= set(error_sentences.SENTENCES)


@pytest.mark.parametrize("kind", ErrorKind)
def test_a_member_reads_what_to_do(
    conversation: Conversation, alice: User, signed_in: SignIn, kind: ErrorKind
) -> None:
    member, _, way = TOLD[kind]
    html = article(signed_in(alice), fail(conversation, kind))
    assert 'role="alert"' in html
    assert member in text_of(html)
    assert ("Use another model" in html) == (way == "models")
    assert "Connection settings" not in html
    assert "regeneration/" in html


@pytest.mark.parametrize("kind", ErrorKind)
def test_an_administrator_reads_what_to_do(
    rita: User, upstream_connection: Connection, signed_in: SignIn, kind: ErrorKind
) -> None:
    _, manager, way = TOLD[kind]
    html = article(signed_in(rita), fail(conversation_of(rita), kind))
    assert manager in text_of(html)
    assert "Ask an administrator" not in html
    link = f"/settings/connections/{upstream_connection.pk}/"
    assert (link in html) == (way == "connections")


def test_the_owner_of_a_connection_manages_it(
    conversation: Conversation, alice: User, rita: User, signed_in: SignIn
) -> None:
    run = fail(conversation, ErrorKind.KEY_EXPIRED)
    Connection.objects.update(owner=alice)
    html = article(signed_in(alice), run)
    assert "Put a new key" in html
    assert "Connection settings" in html


def test_what_the_environment_set_has_no_page(
    rita: User, upstream_connection: Connection, signed_in: SignIn
) -> None:
    run = fail(conversation_of(rita), ErrorKind.KEY_REFUSED)
    Connection.objects.update(source=Connection.Source.ENVIRONMENT)
    html = article(signed_in(rita), run)
    assert "Replace the key" in html
    assert "Connection settings" not in html


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "did not accept the request"),
        (422, "did not accept the request"),
        (500, "had an error"),
        (None, "had an error"),
    ],
)
def test_what_is_unexplained_is_worded_by_its_status(
    conversation: Conversation,
    alice: User,
    signed_in: SignIn,
    status: int | None,
    said: str,
) -> None:
    run = fail(conversation, ErrorKind.UPSTREAM_BROKEN, error_status=status)
    html = text_of(article(signed_in(alice), run))
    assert said in html
    assert (f"returned status {status}" in html) == (status in {400, 422})


def test_a_connection_that_is_gone(
    conversation: Conversation, alice: User, signed_in: SignIn
) -> None:
    run = fail(conversation, ErrorKind.UNREACHABLE, error_status=None)
    Connection.objects.all().delete()
    html = text_of(article(signed_in(alice), run))
    assert "“Fake” was removed" in html
    assert "Use another model" in html


@pytest.mark.parametrize("set_by_somebody", [True, False])
def test_a_parameter_that_is_refused_is_named_and_can_be_left_out(
    conversation: Conversation, alice: User, signed_in: SignIn, set_by_somebody: bool
) -> None:
    run = fail(
        conversation,
        ErrorKind.PARAMETER_REFUSED,
        error_status=400,
        error_detail="temperature: Unsupported value: 'temperature' does not support 0.2",
        parameters={"temperature": {"source": "team", "value": 0.2}} if set_by_somebody else {},
    )
    html = article(signed_in(alice), run)
    assert ("gpt-5.4 does not accept “temperature”" in text_of(html)) == set_by_somebody
    assert ('name="without" value="temperature"' in html) == set_by_somebody
    assert ("Retry" in text_of(html)) != set_by_somebody


def test_a_key_that_cannot_be_opened() -> None:
    run = Generation(error_kind=ErrorKind.KEY_REFUSED, connection_name="Fake")
    assert error_sentences.reason_of(run) == error_sentences.UNDECRYPTABLE
    said = error_sentences.explain(
        error_sentences.UNDECRYPTABLE, model="m", connection="Fake", manages=True
    )
    assert "encryption key has changed" in said.text


def test_the_upstreams_words_are_folded_and_escaped(
    conversation: Conversation, alice: User, signed_in: SignIn
) -> None:
    run = fail(
        conversation,
        ErrorKind.KEY_REFUSED,
        error_status=401,
        error_detail="<script>alert(1)</script> \u202enope",
        request_id="req-<b>7",
    )
    html = article(signed_in(alice), run)
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html
    folded = re.search(r'<details class="notice__more">(.*?)</details>', html, re.DOTALL)
    assert folded
    for told in ("HTTP 401", "key_refused", "Fake", "gpt-5.4", "req-&lt;b&gt;7", "20"):
        assert told in folded[1]
    assert KEY not in html


def test_a_name_does_not_turn_the_sentence_round(
    conversation: Conversation, alice: User, signed_in: SignIn
) -> None:
    LanguageModel.objects.filter(name="gpt-5.4").update(display_name="x\u202ey<img src=x>")
    html = article(signed_in(alice), fail(conversation, ErrorKind.RATE_LIMITED))
    title = re.search(r'notice__title"><bdi>(.*?)</bdi>', html)
    assert title
    assert title[1] == "xy&lt;img src=x&gt; is over its rate limit"


def test_retry_says_when(conversation: Conversation, alice: User, signed_in: SignIn) -> None:
    run = fail(conversation, ErrorKind.RATE_LIMITED)
    assert "data-at" not in article(signed_in(alice), run)
    run.retry_at = timezone.now() + timedelta(seconds=9)
    run.save()
    assert "Retry in {n} s" in article(signed_in(alice), run)


def test_text_that_came_can_be_continued(
    conversation: Conversation, alice: User, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    assert "continuation/" in article(client, fail(conversation, "stalled", text="Half"))
    assert "continuation/" not in article(client, fail(conversation, "stalled"))
    assert "continuation/" not in article(client, fail(conversation, "too_large", text="Half"))


@pytest.mark.parametrize(
    "end",
    [
        ({"status": "stopped"}, "Half", "You stopped this reply. What arrived is kept.", True),
        (
            {"status": "stopped", "completion_tokens": 1200},
            "Half",
            "You stopped this reply. 1,200 tokens kept.",
            True,
        ),
        (
            {"status": "stopped", "completion_tokens": 1, "is_usage_estimated": True},
            "Half",
            "You stopped this reply. ≈ 1 token kept.",
            True,
        ),
        ({"status": "stopped"}, "", "before it began", False),
        ({"status": "interrupted"}, "Half", "What arrived is kept.", True),
        ({"status": "interrupted"}, "", "interrupted before it began", False),
        ({"status": "completed", "finish_reason": "length"}, "Half", "the token limit", True),
        ({"status": "completed", "finish_reason": "length"}, "", "before the reply began", False),
        ({"status": "completed", "finish_reason": "content_filter"}, "Half", "filter", False),
        ({"status": "completed", "finish_reason": "<b>odd"}, "Half", "“&lt;b&gt;odd”", False),
    ],
)
def test_ends(conversation: Conversation, alice: User, signed_in: SignIn, end: End) -> None:
    columns, text, said, continues = end
    html = article(signed_in(alice), fail(conversation, "", text=text, **columns))
    assert said in html
    assert ("continuation/" in html) == continues
    again = re.findall(r'data-act="(retry|regenerate)"', html)
    assert len(again) == 1


@pytest.mark.parametrize("reason", ["", "stop"])
def test_an_answer_that_ended_as_it_should_says_nothing(
    conversation: Conversation, alice: User, signed_in: SignIn, reason: str
) -> None:
    html = article(
        signed_in(alice), fail(conversation, "", text="x", status="completed", finish_reason=reason)
    )
    assert "turn__end" not in html
    assert "Regenerate" in html


def test_the_account_is_quiet_and_whole(
    conversation: Conversation, alice: User, signed_in: SignIn
) -> None:
    start = timezone.now()
    figures = {"prompt_tokens": 1284, "completion_tokens": 1106, "reasoning_tokens": 300}
    run = fail(
        conversation,
        "",
        text="x",
        status="completed",
        started_at=start,
        first_delta_at=start + timedelta(seconds=0.4),
        ended_at=start + timedelta(seconds=14.2),
        total_tokens=2390,
        cached_tokens=1024,
        retries=1,
        finish_reason="stop",
        request_id="req-7",
        answering_model="gpt-5.4-2026",
        **figures,
    )
    html = text_of(article(signed_in(alice), run))
    assert "Fake 1,284 in 1,106 out 14.2 s Details" in html
    for told in (
        *("Prompt tokens 1,284", "cached 1,024", "Completion tokens 1,106", "reasoning 300"),
        *("Total tokens 2,390", "First word 0.4 s", "Speed 80.1 tokens/s", "Retries 1"),
        *("Finish reason stop", "Request id req-7", "Answered by gpt-5.4-2026"),
    ):
        assert told in html
    run.is_usage_estimated = True
    run.save()
    assert "≈ 1,284 in ≈ 1,106 out" in text_of(article(signed_in(alice), run))


def test_a_continued_answer_adds_its_runs_up(
    conversation: Conversation, alice: User, signed_in: SignIn
) -> None:
    fail(conversation, "", text="x", status="stopped", prompt_tokens=10, completion_tokens=20)
    message = last_run(conversation).message
    again = Generation.objects.create(
        message=message, model_name="m", status="completed", prompt_tokens=35, completion_tokens=5
    )
    html = text_of(article(signed_in(alice), again))
    assert "45 in 25 out" in html
    assert html.count("Completion tokens") == 2
