"""Settings → Models, and the model of a conversation."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conversations.actions import connections, language_models
from conversations.actions.connections import ConnectionFields
from conversations.models import Connection, Conversation, LanguageModel, User

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
JSON = {"accept": "application/json"}


def model(name: str) -> LanguageModel:
    return LanguageModel.objects.get(name=name)


def connect(name: str = "Team", owner: User | None = None) -> Connection:
    fields = ConnectionFields(name=name, base_url="https://api.example.org", key="sk-0123456789")
    return connections.create(owner=owner, fields=fields)


def administration() -> list[tuple[str, dict[str, Any]]]:
    """Return every route for administrators with the fields of its form."""
    row = model("gpt-4o")
    return [
        (reverse("model_add"), {"name": "mine", "capability": "chat"}),
        (reverse("model_changes") + "?series=GPT-4o", {"all": "on", "change": "off"}),
        (reverse("team_default_model"), {"model": str(row.pk)}),
        (reverse("settings_model", args=[row.pk]), {"display_name": "X"}),
        (reverse("model_availability", args=[row.pk]), {"enabled": "off"}),
        (reverse("model_deletion", args=[row.pk]), {}),
    ]


def test_administration_is_refused_to_members(alice: User, signed_in: SignIn) -> None:
    for path, data in administration():
        assert signed_in(alice).post(path, data).status_code == 403
        assert Client().post(path, data).status_code == 302
    assert model("gpt-4o").is_enabled
    assert LanguageModel.objects.count() == 66
    assert LanguageModel.objects.get(is_default=True).name == "gpt-5.4"


def test_members_see_what_is_offered_and_administrators_everything(
    alice: User, rita: User, signed_in: SignIn
) -> None:
    language_models.change(model("gpt-4o"), is_enabled=False, display_name="Omni")
    path = reverse("settings_models")
    assert "Omni" not in signed_in(alice).get(path).content.decode()
    page = signed_in(rita).get(path).content.decode()
    assert "Omni" in page
    assert "Extended capability" in page
    assert page.count("Not for chat") == 7


def test_an_administrator_renames_releases_and_disables(rita: User, signed_in: SignIn) -> None:
    row = model("gpt-realtime")
    path = reverse("settings_model", args=[row.pk])
    sent = {"display_name": "Voice", "is_released": "on", "is_enabled": "on", "is_plain": "on"}
    more = {"name": "evil", "is_default": "on", "is_documented": "", "capability": "chat"}
    response = signed_in(rita).post(path, {**sent, **more})
    assert response.headers["Location"] == f"/settings/models/#model-{row.pk}"
    row.refresh_from_db()
    assert (row.label, row.can_chat, row.is_plain) == ("Voice", True, True)
    assert (row.name, row.is_default, row.capability) == ("gpt-realtime", False, "realtime")
    signed_in(rita).post(reverse("model_availability", args=[row.pk]), {"enabled": "off"})
    row.refresh_from_db()
    assert not row.is_enabled


def test_a_chat_model_has_nothing_to_release(rita: User, signed_in: SignIn) -> None:
    row = model("gpt-4o")
    sent = {"display_name": "", "is_enabled": "on", "is_released": "on"}
    signed_in(rita).post(reverse("settings_model", args=[row.pk]), sent)
    row.refresh_from_db()
    assert not row.is_released


def test_the_teams_default_is_set_and_kept_usable(rita: User, signed_in: SignIn) -> None:
    browser, row = signed_in(rita), model("gpt-4o")
    browser.post(reverse("team_default_model"), {"model": str(row.pk)})
    assert LanguageModel.objects.get(is_default=True) == row
    voice = {"model": str(model("gpt-realtime").pk)}
    assert browser.post(reverse("team_default_model"), voice).status_code == 422
    edited = browser.post(reverse("settings_model", args=[row.pk]), {"display_name": "Kept"})
    assert edited.status_code == 422
    assert "Choose another default first" in edited.content.decode()
    for path, data in (
        (reverse("model_availability", args=[row.pk]), {"enabled": "off"}),
        (reverse("model_changes") + "?series=GPT-4o", {"all": "on", "change": "off"}),
    ):
        page = browser.post(path, data, follow=True).content.decode()
        assert "Choose another default first" in page
    row.refresh_from_db()
    assert (row.is_enabled, row.is_default) == (True, True)


def test_a_series_is_switched_as_a_whole(rita: User, signed_in: SignIn) -> None:
    browser, path = signed_in(rita), reverse("model_changes") + "?series=GPT-4"
    browser.post(path, {"all": "on", "change": "off"})
    assert LanguageModel.objects.filter(is_enabled=False).count() == 9
    browser.post(path, {"all": "on", "change": "on"})
    assert not LanguageModel.objects.filter(is_enabled=False).exists()


@pytest.mark.parametrize("name", ["gpt-4o", "two words", "naïve", "", "-flag", "a" * 201, "x\n"])
def test_a_name_that_cannot_be_added_is_told(rita: User, signed_in: SignIn, name: str) -> None:
    response = signed_in(rita).post(reverse("model_add"), {"name": name, "capability": "chat"})
    if name == "x\n":  # with the white space of a pasted name
        assert LanguageModel.objects.filter(name="x").exists()
        return
    assert response.status_code == 422
    assert LanguageModel.objects.count() == 66


def test_an_added_model_is_removed_and_a_documented_one_is_not(
    rita: User, signed_in: SignIn
) -> None:
    browser = signed_in(rita)
    sent = {"name": "org/llama-3.1:70b@v2", "display_name": "Llama", "capability": "open"}
    browser.post(reverse("model_add"), sent)
    added = model("org/llama-3.1:70b@v2")
    assert (added.label, added.is_documented) == ("Llama", False)
    browser.post(reverse("model_deletion", args=[added.pk]))
    assert LanguageModel.objects.count() == 66
    gone = browser.post(reverse("model_deletion", args=[model("gpt-4").pk]))
    assert gone.status_code == 404
    assert LanguageModel.objects.count() == 66


def test_everybody_has_an_own_default(alice: User, signed_in: SignIn) -> None:
    browser, path = signed_in(alice), reverse("own_default_model")
    browser.post(path, {"model": str(model("gpt-4o").pk)})
    alice.refresh_from_db()
    assert alice.default_model == model("gpt-4o")
    assert browser.post(path, {"model": str(model("gpt-realtime").pk)}).status_code == 422
    browser.post(path, {"model": ""})
    alice.refresh_from_db()
    assert alice.default_model is None


def test_twice_as_many_models_cost_as_many_queries(
    rita: User, signed_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser, path = signed_in(rita), reverse("settings_models")
    browser.get(path)  # because the first request checks whether the site is set up
    # Session, user, models, favourites, the team's default, and two lists of choices,
    # prices.
    with django_assert_num_queries(8):
        browser.get(path)
    rows = [LanguageModel(name=f"extra-{number}", position=100 + number) for number in range(66)]
    LanguageModel.objects.bulk_create(rows)
    with django_assert_num_queries(8):
        assert "extra-65" in browser.get(path).content.decode()


class TestFavourite:
    def test_it_is_set_and_taken_back(self, alice: User, signed_in: SignIn) -> None:
        path = reverse("favourite", args=[model("gpt-4o").pk])
        browser = signed_in(alice)
        assert browser.post(path, {"favourite": "on"}, headers=JSON).status_code == 204
        assert list(alice.favourite_models.all()) == [model("gpt-4o")]
        back = browser.post(path, {"favourite": "off", "next": "/settings/models/"})
        assert back.headers["Location"] == "/settings/models/"
        assert not alice.favourite_models.exists()

    def test_it_never_leads_to_another_site(self, alice: User, signed_in: SignIn) -> None:
        path = reverse("favourite", args=[model("gpt-4o").pk])
        for url in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
            response = signed_in(alice).post(path, {"favourite": "on", "next": url})
            assert response.headers["Location"] == "/"

    def test_nonsense_is_refused(self, alice: User, signed_in: SignIn) -> None:
        path = reverse("favourite", args=[model("gpt-4o").pk])
        assert signed_in(alice).post(path, {}, headers=JSON).status_code == 422
        unknown = reverse("favourite", args=[uuid.uuid4()])
        assert signed_in(alice).post(unknown, {"favourite": "on"}).status_code == 404
        assert Client().post(path, {"favourite": "on"}).status_code == 302


class TestConversationModel:
    @pytest.fixture
    def conversation(self, alice: User) -> Conversation:
        connect()
        return Conversation.objects.create(owner=alice, title="Hello", model=model("gpt-5.4"))

    def path(self, conversation: Conversation) -> str:
        return reverse("conversation_model", args=[conversation.pk])

    def test_it_is_remembered(
        self, alice: User, conversation: Conversation, signed_in: SignIn
    ) -> None:
        mine = connect("Mine", alice)
        path, browser = self.path(conversation), signed_in(alice)
        plain = browser.post(path, {"model": "gpt-4o"})
        assert plain.headers["Location"] == f"/c/{conversation.pk}/"
        response = browser.post(path, {"model": "gpt-4.1", "connection": mine.pk}, headers=JSON)
        assert response.json() == {
            "model": "gpt-4.1",
            "label": "gpt-4.1",
            "connection": str(mine.pk),
        }
        conversation.refresh_from_db()
        assert (conversation.model, conversation.connection) == (model("gpt-4.1"), mine)
        assert "Model: gpt-4.1" in browser.get(f"/c/{conversation.pk}/").content.decode()

    @pytest.mark.parametrize("name", ["gpt-realtime", "gpt-4o-mini-tts", "nothing", ""])
    def test_what_is_not_for_chat_is_refused(
        self, alice: User, conversation: Conversation, signed_in: SignIn, name: str
    ) -> None:
        response = signed_in(alice).post(self.path(conversation), {"model": name}, headers=JSON)
        assert response.status_code == 422
        assert response.json()["error"]["message"]
        conversation.refresh_from_db()
        assert conversation.model == model("gpt-5.4")

    def test_a_disabled_model_is_refused(
        self, alice: User, conversation: Conversation, signed_in: SignIn
    ) -> None:
        language_models.change(model("gpt-4o"), is_enabled=False)
        response = signed_in(alice).post(self.path(conversation), {"model": "gpt-4o"}, headers=JSON)
        assert response.status_code == 422

    def test_somebody_elses_connection_is_refused(
        self, alice: User, bob: User, conversation: Conversation, signed_in: SignIn
    ) -> None:
        theirs = connect("Theirs", bob)
        data = {"model": "gpt-4o", "connection": str(theirs.pk)}
        response = signed_in(alice).post(self.path(conversation), data, headers=JSON)
        assert response.status_code == 422
        conversation.refresh_from_db()
        assert conversation.connection is None

    def test_a_stranger_finds_no_conversation(
        self, bob: User, rita: User, conversation: Conversation, signed_in: SignIn
    ) -> None:
        for stranger in (bob, rita):
            response = signed_in(stranger).post(self.path(conversation), {"model": "gpt-4o"})
            assert response.status_code == 404
        assert Client().post(self.path(conversation), {"model": "gpt-4o"}).status_code == 302
        conversation.refresh_from_db()
        assert conversation.model == model("gpt-5.4")

    def test_a_stale_model_is_told(
        self, alice: User, conversation: Conversation, signed_in: SignIn
    ) -> None:
        language_models.set_team_default(model("gpt-4o"))
        language_models.change(model("gpt-5.4"), is_enabled=False)
        page = signed_in(alice).get(f"/c/{conversation.pk}/").content.decode()
        assert "gpt-5.4 is no longer offered" in page
        assert "model-btn--gone" in page


@pytest.mark.parametrize(
    ("sent", "stored", "offered"), [("no", False, False), ("yes", True, True), ("", None, True)]
)
def test_whether_a_model_calls_tools_can_be_corrected(
    rita: User, signed_in: SignIn, sent: str, *, stored: bool | None, offered: bool
) -> None:
    row = model("gpt-4o")
    row.calls_tools = not stored
    row.save()
    url = reverse("settings_model", args=[row.pk])
    fields = {"is_enabled": "on", "calls_tools": sent}
    assert signed_in(rita).post(url, fields).status_code == 302
    row.refresh_from_db()
    assert (row.calls_tools, row.can_call_tools) == (stored, offered)
    page = signed_in(rita).get(reverse("new_chat") + "?model=gpt-4o").content.decode()
    disabled = re.search(r'<fieldset class="tool-menu__body"\s+disabled', page)
    assert bool(disabled) is not offered
