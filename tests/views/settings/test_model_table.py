"""Settings → Models for administrators: the table, its filters, and changes to several rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conversations.actions import prices
from conversations.models import LanguageModel, Price, User
from conversations.queries.prices import price_in_force

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
PRICE = {"change": "price", "input_rate": "2.5", "output_rate": "10", "currency": "usd"}


def model(name: str) -> LanguageModel:
    return LanguageModel.objects.get(name=name)


def rows(html: str) -> list[str]:
    return re.findall(r'name="enabled".*?data-model="([^"]+)"', html, re.DOTALL)


@pytest.fixture
def admin(rita: User, signed_in: SignIn) -> Client:
    return signed_in(rita)


def page(admin: Client, query: str = "") -> str:
    return admin.get(reverse("settings_models") + query).content.decode()


def change(admin: Client, names: list[str], **fields: str) -> int:
    ids = [str(model(name).pk) for name in names]
    return admin.post(reverse("model_changes"), {"model": ids, **fields}).status_code


def test_the_newest_series_comes_first(admin: Client) -> None:
    names = rows(page(admin))
    assert len(names) == 66
    assert names[0] == "gpt-5.4"
    assert names.index("gpt-5.4-2026-03-05") < names.index("gpt-3.5-turbo")


def test_filters_add_up(admin: Client) -> None:
    change(admin, ["gpt-4o", "gpt-4.1"], change="off")
    assert set(rows(page(admin, "?q=GPT-4o+2024"))) >= {"gpt-4o-2024-05-13"}
    assert "gpt-4o" not in rows(page(admin, "?series=GPT-4o&enabled=on"))
    sees = rows(page(admin, "?series=GPT-4o&sees=on"))
    assert "gpt-4o" in sees
    assert "gpt-4o-mini-tts" not in sees
    assert rows(page(admin, "?series=GPT-4.1&sees=on&enabled=on&q=mini")) == [
        "gpt-4.1-mini",
        "gpt-4.1-mini-2025-04-14",
    ]
    assert "No model matches" in page(admin, "?q=nothing-like-it")


def test_several_models_change_at_once(admin: Client) -> None:
    names = ["gpt-5.4", "gpt-5.4-mini"]
    for what, column, value in (
        ("blind", "sees_images", False),
        ("sees", "sees_images", True),
        ("sight-unknown", "sees_images", None),
        ("no-tools", "calls_tools", False),
        ("tools", "calls_tools", True),
        ("tools-unknown", "calls_tools", None),
    ):
        assert change(admin, names, change=what) == 302
        assert {getattr(model(name), column) for name in names} == {value}


def test_all_means_what_the_filters_leave(admin: Client) -> None:
    path = reverse("model_changes") + "?series=GPT-3.5&q=16k"
    response = admin.post(path, {"all": "on", "change": "off"})
    assert response.headers["Location"] == "/settings/models/?q=16k&series=GPT-3.5"
    off = LanguageModel.objects.filter(is_enabled=False).values_list("name", flat=True)
    assert sorted(off) == ["gpt-3.5-turbo-16k", "gpt-3.5-turbo-16k-0613"]


def test_nothing_changes_if_one_of_them_is_the_teams_default(admin: Client) -> None:
    change(admin, ["gpt-5.4-mini", "gpt-5.4"], change="off")
    assert not LanguageModel.objects.filter(is_enabled=False).exists()


@pytest.mark.parametrize("fields", [{"change": "off"}, {"all": "on", "change": "erase"}, {}])
def test_nonsense_changes_nothing(admin: Client, fields: dict[str, str]) -> None:
    before = list(LanguageModel.objects.values())
    admin.post(reverse("model_changes"), {**fields, "model": "no-id"})
    assert list(LanguageModel.objects.values()) == before


def test_prices_of_several_models_are_set(admin: Client, rita: User) -> None:
    rates = {"input_rate": Decimal(5), "output_rate": Decimal(20), "cached_input_rate": Decimal(1)}
    today = timezone.localdate()
    prices.add(model("gpt-4o"), currency="USD", effective_on=today, actor=rita, **rates)
    change(admin, ["gpt-4o", "gpt-4.1"], **PRICE)
    for name, cached in (("gpt-4o", Decimal(1)), ("gpt-4.1", None)):
        price = price_in_force(model(name).pk, timezone.now())
        assert price is not None
        assert (price.input_rate, price.output_rate) == (Decimal("2.5"), Decimal(10))
        assert (price.cached_input_rate, price.currency) == (cached, "USD")
    assert len(rows(page(admin, "?unpriced=on"))) == 64


def test_half_a_price_is_refused(admin: Client) -> None:
    change(admin, ["gpt-4o"], change="price", input_rate="2.5", output_rate="", currency="USD")
    assert not Price.objects.exists()


def test_a_row_asks_for_its_price_in_place(admin: Client) -> None:
    assert 'form="price-form"' not in page(admin)
    html = page(admin, f"?price={model('gpt-4o').pk}")
    assert html.count('form="price-form"') == 4
    assert re.search(r'name="input_rate"[^>]*value=', html) is None


def test_only_administrators_change_several(alice: User, signed_in: SignIn) -> None:
    path, fields = reverse("model_changes"), {"all": "on", "change": "blind"}
    assert signed_in(alice).post(path, fields).status_code == 403
    assert Client().post(path, fields).status_code == 302
    assert model("gpt-5.4").sees_images
    assert 'role="switch"' not in signed_in(alice).get(reverse("settings_models")).content.decode()
