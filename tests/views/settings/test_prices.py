"""Settings → Models → a model: its prices, and the costs of calls."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conversations.actions import language_models, prices
from conversations.generation.records import ledger
from conversations.models import (
    AuditEntry,
    Connection,
    Conversation,
    LanguageModel,
    Price,
    UsageRecord,
    User,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
RATES = {"input_rate": "1.25", "cached_input_rate": "0.125", "output_rate": "10"}


def model() -> LanguageModel:
    return LanguageModel.objects.get(name="gpt-5.4")


def sent(**changed: str) -> dict[str, str]:
    today = timezone.localdate().isoformat()
    return {**RATES, "currency": "usd", "effective_on": today, **changed}


def add_path(row: LanguageModel | None = None) -> str:
    return reverse("price_add", args=[(row or model()).pk])


def in_days(days: int) -> str:
    return (timezone.localdate() + datetime.timedelta(days)).isoformat()


def held_from(days_ago: int, **columns: str) -> Price:
    begins = timezone.now() - datetime.timedelta(days_ago)
    rates = {name: Decimal(value) for name, value in {**RATES, **columns}.items()}
    return Price.objects.create(
        model=model(), model_name="gpt-5.4", currency="USD", effective_from=begins, **rates
    )


def call(alice: User, *, days_ago: float = 0, connection: Connection | None = None) -> UsageRecord:
    conversation = Conversation.objects.create(owner=alice, title="A talk")
    ledger.record_call(
        conversation,
        {"prompt_tokens": 1000},
        purpose=UsageRecord.Purpose.CHAT,
        model=model(),
        connection=connection or Connection.objects.create(name="G", base_url="https://a.example"),
        made_at=timezone.now() - datetime.timedelta(days_ago),
    )
    return UsageRecord.objects.get(conversation=conversation)


def test_an_administrator_enters_a_price_that_holds_from_now(rita: User, signed_in: SignIn) -> None:
    before = timezone.now()
    response = signed_in(rita).post(add_path(), sent(), follow=True)
    price = Price.objects.get()
    assert before <= price.effective_from <= timezone.now()
    assert (price.currency, price.input_rate) == ("USD", Decimal("1.25"))
    page = response.content.decode()
    assert "In force" in page
    assert "0.125" in page
    entry = AuditEntry.objects.latest("id")
    assert (entry.kind, entry.object_name) == ("price_added", "gpt-5.4")
    assert entry.changes["output_rate"] == "10"


def test_a_planned_price_begins_at_midnight_of_who_plans_it(rita: User, signed_in: SignIn) -> None:
    User.objects.update(time_zone="Asia/Shanghai")
    signed_in(rita).post(add_path(), sent(effective_on=in_days(3)))
    begins = Price.objects.get().effective_from
    assert (begins.hour, begins.minute) == (16, 0)


def test_a_planned_price_can_be_taken_back_and_one_in_force_cannot(
    rita: User, signed_in: SignIn
) -> None:
    browser = signed_in(rita)
    browser.post(add_path(), sent())
    browser.post(add_path(), sent(effective_on=in_days(3)))
    planned, held = Price.objects.all()
    for price in (planned, held):
        path = reverse("price_deletion", args=[model().pk, price.pk])
        page = browser.post(path, follow=True).content.decode()
    assert "This price is already in force" in page
    assert list(Price.objects.all()) == [held]
    other = LanguageModel.objects.get(name="gpt-4o")
    path = reverse("price_deletion", args=[other.pk, held.pk])
    assert browser.post(path).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"input_rate": "-1"},
        {"input_rate": ""},
        {"output_rate": "NaN"},
        {"output_rate": "1e30"},
        {"cached_input_rate": "0.0000001"},
        {"currency": "XYQ"},
        {"currency": "$"},
        {"effective_on": "2020-01-01"},
        {"effective_on": "soon"},
    ],
)
def test_what_cannot_be_a_price_is_told(
    rita: User, signed_in: SignIn, wrong: dict[str, str]
) -> None:
    response = signed_in(rita).post(add_path(), sent(**wrong))
    assert response.status_code == 422
    assert "field__error" in response.content.decode()
    assert not Price.objects.exists()


def test_members_and_strangers_enter_nothing(alice: User, signed_in: SignIn) -> None:
    price = held_from(-5)
    for path in (add_path(), reverse("price_deletion", args=[model().pk, price.pk])):
        assert signed_in(alice).post(path, sent()).status_code == 403
        assert Client().post(path, sent()).status_code == 302
    assert Price.objects.count() == 1


def test_a_call_keeps_the_price_that_held_when_it_was_made(alice: User) -> None:
    first, second = held_from(10), held_from(5, input_rate="2")
    held_from(-5)
    assert call(alice, days_ago=11).price is None
    assert call(alice, days_ago=7).price == first
    row = call(alice, days_ago=1)
    assert row.price == second
    prices.add(
        model(),
        currency="EUR",
        effective_on=timezone.localdate(),
        actor=alice,
        **{name: Decimal(99) for name in prices.RATES},
    )
    row.refresh_from_db()
    assert row.price == second


def test_the_price_stays_when_its_model_is_removed(alice: User, rita: User) -> None:
    row = language_models.add(name="mine", display_name="", capability="chat")
    price = Price.objects.create(
        model=row,
        model_name="mine",
        currency="USD",
        input_rate=1,
        output_rate=1,
        effective_from=timezone.now(),
    )
    kept = call(alice)
    UsageRecord.objects.filter(pk=kept.pk).update(price=price, model=row)
    language_models.remove(row, actor=rita)
    kept.refresh_from_db()
    assert (kept.model, kept.price) == (None, price)
    price.refresh_from_db()
    assert (price.model, price.model_name) == (None, "mine")
    with pytest.raises(ProtectedError):
        price.delete()


def test_the_demo_costs_nothing(alice: User) -> None:
    held_from(5)
    demo = Connection.objects.create(name="Demo", source="demo", base_url="http://127.0.0.1:1")
    assert call(alice, connection=demo).price is None


@pytest.mark.parametrize(
    ("cached_rate", "prompt", "cached", "completion", "cost"),
    [
        ("0.125", 1000, 400, 7, "0.00087"),
        (None, 1000, 400, 7, "0.00132"),
        ("0.125", 3, 9, 0, "0.000000375"),  # more cached than prompt tokens count as all of them
        ("0", 10**12, 10**12, 1, "0.00001"),
        ("0.125", 10**15 + 1, 0, 0, "1250000000.00000125"),
    ],
)
def test_costs_are_exact(
    cached_rate: str | None, prompt: int, cached: int, completion: int, cost: str
) -> None:
    price = Price(
        input_rate=Decimal("1.25"),
        cached_input_rate=None if cached_rate is None else Decimal(cached_rate),
        output_rate=Decimal(10),
    )
    assert price.cost(prompt=prompt, cached=cached, completion=completion) == Decimal(cost)


def test_no_rate_is_negative() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        held_from(1, output_rate="-1")
