"""The ledger: a row for each request, which stays when the rows that it names go."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from conversations.generation.records import leases, ledger
from conversations.models import Connection, Generation, LanguageModel, Price, UsageRecord, User
from tests.generation.rows import leased_run

pytestmark = pytest.mark.django_db
AN_HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def model(db: None) -> LanguageModel:
    return LanguageModel.objects.get(name="gpt-5.4")


@pytest.fixture
def connection(db: None) -> Connection:
    return Connection.objects.create(name="G", base_url="https://api.example.org")


def read(run: Generation) -> Generation:
    found = leases.read(run.pk)
    assert found is not None
    return found


def price(model: LanguageModel, *, hours_ago: int) -> Price:
    return Price.objects.create(
        model=model,
        model_name=model.name,
        currency="USD",
        input_rate=hours_ago,
        output_rate=1,
        effective_from=timezone.now() - hours_ago * AN_HOUR,
    )


@pytest.mark.parametrize("total", [None, 0, 9])
def test_a_sum_that_an_upstream_leaves_out_is_added(alice: User, total: int | None) -> None:
    tokens = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": total}
    ledger.record_answer(read(leased_run(alice)), tokens)
    assert UsageRecord.objects.get().total_tokens == (total or 7)


def test_the_price_is_that_of_the_moment_of_the_request(alice: User, model: LanguageModel) -> None:
    old, new = price(model, hours_ago=3), price(model, hours_ago=1)
    run = read(leased_run(alice))
    for hours_ago in (4, 2, 0):
        ledger.record_answer(run, {}, made_at=timezone.now() - hours_ago * AN_HOUR)
    rows = UsageRecord.objects.order_by("created")
    assert [row.price for row in rows] == [None, old, new]


def test_the_demo_costs_nothing(alice: User, model: LanguageModel, connection: Connection) -> None:
    price(model, hours_ago=1)
    Connection.objects.update(source=Connection.Source.DEMO)
    ledger.record_answer(read(leased_run(alice, connection=connection)), {})
    assert UsageRecord.objects.get().price is None


def test_rows_that_were_deleted_meanwhile_leave_their_names(
    alice: User, model: LanguageModel, connection: Connection
) -> None:
    run = leased_run(alice, connection=connection, connection_name="G")
    chosen = LanguageModel.objects.create(name="imagine")
    held = Connection.objects.get(pk=connection.pk)
    for row in (LanguageModel.objects.get(pk=chosen.pk), connection):
        row.delete()
    ledger.record_answer(read(run), {})
    ledger.record_call(
        run.message.conversation,
        {"prompt_tokens": 1},
        purpose=UsageRecord.Purpose.TITLE,
        model=chosen,
        connection=held,
        made_at=timezone.now(),
    )
    answer, title = UsageRecord.objects.order_by("id")
    assert (answer.model, answer.connection, answer.connection_name) == (model, None, "G")
    assert (title.model, title.model_name) == (None, "imagine")
    assert (title.connection, title.connection_name) == (None, "G")
    assert title.generation is None


def test_the_user_s_name_stays_as_it_was(alice: User) -> None:
    ledger.record_answer(read(leased_run(alice)), {})
    alice.name = "Alice B."
    alice.save()
    assert UsageRecord.objects.get().person_name == "Alice"
