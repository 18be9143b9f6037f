"""The cost of an answer in its footer."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.models import Conversation, Generation, Price, UsageRecord, User
from tests.branches import conversation_of

SignIn = Callable[[User], Client]
Purpose = UsageRecord.Purpose


def price(currency: str = "USD", rate: str = "10") -> Price:
    return Price.objects.create(
        model_name="gpt-5.4",
        currency=currency,
        effective_from=timezone.now(),
        input_rate=Decimal(rate),
        cached_input_rate=Decimal(rate),
        output_rate=Decimal(rate),
    )


def call(run: Generation, held: Price | None, purpose: Purpose = Purpose.CHAT) -> None:
    UsageRecord.objects.create(
        purpose=purpose,
        generation=run,
        model_name="gpt-5.4",
        price=held,
        prompt_tokens=1_000,
        completion_tokens=500,
        total_tokens=1_500,
    )


def runs_of(conversation: Conversation) -> list[Generation]:
    runs = list(Generation.objects.filter(message__conversation=conversation).order_by("id"))
    Generation.objects.update(prompt_tokens=1_000, completion_tokens=500)
    return runs


def feet(client: Client, conversation: Conversation) -> list[str]:
    page = client.get(f"/c/{conversation.pk}/").content.decode()
    lines = re.findall(r'<span class="turn__usage">(.*?)<span class="account__word">', page)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", line)).strip() for line in lines]


def test_the_calls_of_an_answer_are_added_up_by_currency(alice: User, signed_in: SignIn) -> None:
    conversation = conversation_of(alice, pairs=3)
    first, second, _unpriced = runs_of(conversation)
    dollars, yuan = price(), price("CNY", "7")
    call(first, dollars)
    call(first, dollars, Purpose.TOOL_ROUND)
    call(first, yuan, Purpose.IMAGE)
    call(second, dollars)
    call(second, None)
    one, two, three = feet(signed_in(alice), conversation)
    assert one == "1,000 in 500 out CN¥0.0105 $0.03"
    assert two == "1,000 in 500 out $0.015"
    assert three == "1,000 in 500 out"


def test_what_rests_on_an_estimate_says_so(alice: User, signed_in: SignIn) -> None:
    conversation = conversation_of(alice, pairs=1)
    [run] = runs_of(conversation)
    Generation.objects.update(is_usage_estimated=True)
    call(run, price())
    assert feet(signed_in(alice), conversation) == ["≈ 1,000 in ≈ 500 out ≈ $0.015"]


def test_a_page_asks_once_and_never_for_what_was_drawn(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    counts = []
    for pairs in (2, 6):
        conversation = conversation_of(alice, pairs=pairs)
        for run in runs_of(conversation):
            call(run, price())
        caches["drawn"].clear()
        for _ in range(2):
            with CaptureQueriesContext(connection) as queries:
                feet(client, conversation)
            counts.append(sum('"conversations_usagerecord"' in each["sql"] for each in queries))
    assert counts == [1, 0, 1, 0]
