"""Settings → Usage: the page and the files, by role."""

from __future__ import annotations

import asyncio
import csv
import datetime
import io
import random
import re
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.models import Price, UsageRecord, User
from conversations.queries.usage import TOKENS, Scope, ledger
from conversations.transfer import usage_csv
from tests.queries.ledger import random_rows

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
PATH = "/settings/usage/"
WHOLE = "since=2026-10-01&until=2026-12-01"
FILES = ("day", "model", "connection", "purpose", "person", "ledger")


def call(person: User, **columns: Any) -> UsageRecord:
    fields = {"purpose": "chat", "person": person, "person_name": str(person), "model_name": "m"}
    return UsageRecord.objects.create(**{**fields, **columns})


def page(client: Client, query: str = "") -> str:
    response = client.get(f"{PATH}?{query}")
    assert response.status_code == 200
    return response.content.decode()


async def _joined(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


def file(client: Client, name: str, query: str = WHOLE) -> list[dict[str, str]]:
    response: Any = client.get(f"{PATH}{name}.csv?{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith(f'attachment; filename="usage-{name}-')
    if response.streaming:
        content = asyncio.run(_joined(response.streaming_content))
    else:
        content = response.content
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_person_sees_theirs_and_nobody_elses(alice: User, bob: User, signed_in: SignIn) -> None:
    call(alice, model_name="hers", prompt_tokens=1234, total_tokens=1234)
    call(bob, model_name="his", total_tokens=777)
    for query in ("", f"person={bob.pk}", f"person={alice.pk}", "days=90"):
        text = page(signed_in(alice), query)
        assert "1,234" in text
        assert "hers" in text
        # Attributes are left out, because random tokens and ids may contain these three letters.
        seen = re.sub(r"<[^>]*>", " ", text)
        for other in ("his", "777", "Bob", "By person", "Everybody"):
            assert not re.search(rf"\b{other}\b", seen), other
    assert Client().get(PATH).status_code == 302
    assert Client().get(f"{PATH}ledger.csv").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_files_hold_what_their_person_may_see(
    alice: User, bob: User, rita: User, signed_in: SignIn
) -> None:
    call(alice, total_tokens=5)
    call(bob, total_tokens=7)
    query = f"days=7&person={bob.pk}"
    for name in FILES:
        if name == "person":
            assert signed_in(alice).get(f"{PATH}person.csv?{query}").status_code == 404
            continue
        rows = file(signed_in(alice), name, query)
        assert [row["total_tokens"] for row in rows] == ["5"], name
        rows = file(signed_in(rita), name, query)
        assert [row["total_tokens"] for row in rows] == ["7"], name
    everybody = file(signed_in(rita), "person", "days=7")
    assert [(row["person"], row["total_tokens"]) for row in everybody] == [
        ("Bob", "7"),
        ("Alice", "5"),
    ]
    assert signed_in(rita).get(f"{PATH}secrets.csv").status_code == 404


def test_an_administrator_sees_everybody_and_one_person(
    alice: User, bob: User, rita: User, signed_in: SignIn
) -> None:
    call(alice, total_tokens=1111)
    call(bob, total_tokens=2222)
    everybody = page(signed_in(rita))
    assert "3,333 tokens" in everybody
    assert "By person" in everybody
    one = page(signed_in(rita), f"days=7&person={alice.pk}")
    assert "1,111 tokens" in one
    assert "2,222" not in one
    assert f"?days=90&amp;person={alice.pk}" in one


@pytest.mark.django_db(transaction=True)
def test_files_equal_the_ledger_to_the_token(
    alice: User, bob: User, rita: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usage_csv, "PAGE", 7)
    rows = random_rows(random.Random(3), [alice, bob], 60)
    calls = file(signed_in(rita), "ledger")
    assert len(calls) == len(rows)
    by_time = sorted(rows, key=lambda row: (row.created, row.pk))
    assert [row["time"] for row in calls] == [row.created.isoformat() for row in by_time]
    for name in FILES[:-1]:
        sums = file(signed_in(rita), name)
        assert sum(int(row["calls"]) for row in sums) == len(rows)
        for column in TOKENS.values():
            in_ledger = sum(int(row[column]) for row in calls)
            assert sum(int(row[column]) for row in sums) == in_ledger
            assert in_ledger == sum(getattr(row, column) for row in rows)
        for currency in ("USD", "CNY"):
            costs = [Decimal(row["cost"]) for row in calls if row["currency"] == currency]
            summed = [Decimal(row[f"cost_{currency}"] or 0) for row in sums]
            assert sum(summed) == sum(costs) > 0


def test_pages_of_the_ledger_part_no_calls_of_the_same_moment(alice: User) -> None:
    now = timezone.now()
    rows = [call(alice, created=now) for _ in range(5)]
    scope = Scope(None, now.date(), now.date(), datetime.UTC)
    first = ledger(scope, None, 2)
    rest = ledger(scope, first[-1], 10)
    assert [row.pk for row in (*first, *rest)] == sorted(row.pk for row in rows)


def test_a_name_is_no_formula(alice: User, rita: User, signed_in: SignIn) -> None:
    call(alice, connection_name="=HYPERLINK(1)", total_tokens=1)
    [row] = file(signed_in(rita), "connection", "days=7")
    assert row["connection"] == "'=HYPERLINK(1)"


def test_estimates_and_unknown_prices_are_told(alice: User, signed_in: SignIn) -> None:
    price = Price.objects.create(
        model_name="m", currency="EUR", input_rate=2, output_rate=0, effective_from=timezone.now()
    )
    call(alice, prompt_tokens=3_000_000, total_tokens=3_000_000, price=price)
    text = page(signed_in(alice))
    assert "Cost: <b>€6.00</b>" in text
    assert "≈" not in text
    call(alice, prompt_tokens=500_000, total_tokens=500_000, price=price, is_estimated=True)
    call(alice, total_tokens=1)
    text = page(signed_in(alice))
    assert "Cost: <b>≈ €7.00</b>" in text
    assert "<b>≈ 3,500,001 tokens</b>" in text
    assert "1 call came back without token counts" in text
    assert "1 call was made without a known price" in text


def test_charts_are_drawn_for_readers_and_for_listeners(alice: User, signed_in: SignIn) -> None:
    call(alice, prompt_tokens=30, completion_tokens=10, total_tokens=40)
    text = page(signed_in(alice), "days=7")
    assert text.count('role="img"') == 4
    assert text.count("<title id=") == text.count("<desc id=") == 4
    assert "m used the most: 40 tokens." in text
    # The chart is 192 units high and begins at 40.
    assert 'height="144"' in text
    assert 'height="48"' in text
    assert "style=" not in text


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("since=2026-11-02&until=2026-11-01", "The last day is before the first."),
        ("since=2020-01-01&until=2026-11-01", "Choose at most a year."),
        ("since=soon", "Enter a valid date."),
        ("person=nobody", ""),
    ],
)
def test_what_cannot_be_shown_is_told(rita: User, signed_in: SignIn, query: str, told: str) -> None:
    call(rita, total_tokens=99)
    response = signed_in(rita).get(f"{PATH}?{query}")
    assert response.status_code == 422
    assert told in response.content.decode()


def test_a_range_of_days_is_one_of_the_persons_zone(alice: User, signed_in: SignIn) -> None:
    User.objects.update(time_zone="Asia/Shanghai")
    late = datetime.datetime(2026, 3, 4, 16, 30, tzinfo=datetime.UTC)
    call(alice, created=late, total_tokens=4321)
    assert "4,321" in page(signed_in(alice), "since=2026-03-05&until=2026-03-05")
    assert "no calls" in page(signed_in(alice), "since=2026-03-04&until=2026-03-04")


def test_names_are_text(alice: User, rita: User, signed_in: SignIn) -> None:
    evil = "<script>alert(1)</script>"
    call(alice, model_name=evil, connection_name=evil, person_name=evil, total_tokens=1)
    text = page(signed_in(rita))
    assert evil not in text
    assert "&lt;script&gt;" in text


def test_in_chinese(alice: User, signed_in: SignIn) -> None:
    User.objects.update(language="zh-hans")
    call(alice, total_tokens=12_345)
    text = page(signed_in(alice))
    assert "使用 <b>12,345 个 token</b>" in text
    assert "By model" not in text


def test_more_calls_need_no_more_queries(
    alice: User, bob: User, rita: User, signed_in: SignIn
) -> None:
    client = signed_in(rita)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, WHOLE)
        return len(queries)

    random_rows(random.Random(1), [alice], 5)
    count()
    few = count()
    random_rows(random.Random(2), [alice, bob], 80)
    assert count() == few <= 16
