from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conversations.forms import presets
from conversations.models import AuditEntry, Conversation, LanguageModel, Preset, Snippet, User

SignedIn = Callable[[User], Client]
PRESET = {"name": "Short answers", "system_prompt": "Be brief.", "temperature": "0.2"}
SNIPPET = {"name": "weekly report", "text": "Sum up {{week}}."}


def test_a_person_makes_changes_and_removes_a_preset(alice: User, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    assert client.post("/settings/presets/new/", PRESET).status_code == 302
    preset = Preset.objects.get()
    assert (preset.owner, preset.name, preset.temperature) == (alice, "Short answers", 0.2)
    url = f"/settings/presets/{preset.pk}/"
    assert client.post(url, {**PRESET, "name": "Shorter"}).status_code == 302
    assert "Shorter" in client.get("/settings/presets/").content.decode()
    assert "“Shorter” is removed." in client.post(f"{url}deletion/", follow=True).content.decode()
    assert not Preset.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_team_preset_is_an_administrators_and_on_the_record(
    alice: User, rita: User, signed_in: SignedIn
) -> None:
    assert signed_in(alice).post("/settings/presets/team/new/", PRESET).status_code == 403
    assert signed_in(rita).post("/settings/presets/team/new/", PRESET).status_code == 302
    preset = Preset.objects.get()
    assert preset.is_team
    assert AuditEntry.objects.get().object_name == "Short answers"
    page = signed_in(alice).get("/settings/presets/").content.decode()
    assert "Short answers" in page
    assert f"/settings/presets/{preset.pk}/" not in page
    assert signed_in(alice).get(f"/settings/presets/{preset.pk}/").status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["presets", "snippets"])
@pytest.mark.parametrize("is_new", [True, False])
def test_a_name_that_somebody_takes_meanwhile(
    kind: str, is_new: bool, alice: User, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Write in another tab between the check and the write of this one."""

    def look(model: type[Preset], name: str, **_: object) -> None:
        model.objects.create(owner=alice, name=name.upper())

    client, posted = signed_in(alice), PRESET if kind == "presets" else SNIPPET
    url = f"/settings/{kind}/new/"
    if not is_new:
        assert client.post(url, {**posted, "name": "another"}).status_code == 302
        row = Preset.objects.first() or Snippet.objects.first()
        assert row
        url = f"/settings/{kind}/{row.pk}/"
    monkeypatch.setattr(presets, "require_free", look)
    refused = client.post(url, posted)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "This name is taken." in page
    assert posted["name"] in page


@pytest.mark.parametrize("kind", ["presets", "snippets"])
def test_a_strangers_rows_are_not_there(
    kind: str, alice: User, charlie: User, rita: User, signed_in: SignedIn
) -> None:
    row: Preset | Snippet = (
        Preset.objects.create(owner=alice, name="Mine")
        if kind == "presets"
        else Snippet.objects.create(owner=alice, name="mine", text="Secret")
    )
    for stranger in (charlie, rita):
        client = signed_in(stranger)
        assert "ine</bdi>" not in client.get(f"/settings/{kind}/").content.decode()
        assert client.get(f"/settings/{kind}/{row.pk}/").status_code == 404
        assert client.post(f"/settings/{kind}/{row.pk}/", PRESET | SNIPPET).status_code == 404
        assert client.post(f"/settings/{kind}/{row.pk}/deletion/").status_code == 404
    assert type(row).objects.filter(pk=row.pk).exists()


def test_names_are_ones_own(alice: User, bob: User, signed_in: SignedIn) -> None:
    Preset.objects.create(owner=bob, name="Short answers")
    client = signed_in(alice)
    assert client.post("/settings/presets/new/", PRESET).status_code == 302
    refused = client.post("/settings/presets/new/", {**PRESET, "name": "SHORT ANSWERS"})
    assert refused.status_code == 422
    assert "This name is taken." in refused.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("temperature", "2.1", "Temperature is a number from 0 to 2, or empty."),
        ("top_p", "-1", "Top p is a number from 0 to 1, or empty."),
        ("max_tokens", "0", "Max tokens is a whole number from 1 to 2,000,000,000, or empty."),
        ("max_tokens", "1.5", "Max tokens is a whole number from 1 to 2,000,000,000, or empty."),
        ("stream", "sometimes", "Choose how replies arrive, or leave it unset."),
    ],
)
def test_what_is_out_of_range_is_refused_with_the_range(
    alice: User, signed_in: SignedIn, field: str, value: str, sentence: str
) -> None:
    for url in ("/settings/presets/new/", "/settings/defaults/"):
        refused = signed_in(alice).post(url, {**PRESET, field: value})
        assert refused.status_code == 422
        assert sentence in refused.content.decode()


def test_a_new_chat_begins_with_a_preset(alice: User, signed_in: SignedIn) -> None:
    model = LanguageModel.objects.get(name="gpt-4.1")
    preset = Preset.objects.create(owner=alice, name="Short", model=model, temperature=0.2)
    page = signed_in(alice).get(f"/?preset={preset.pk}").content.decode()
    assert f'name="preset" value="{preset.pk}"' in page
    assert 'name="model" value="gpt-4.1"' in page
    assert "0.2 (preset “Short”)" in page
    foreign = Preset.objects.create(owner=None, name="Team")
    assert signed_in(alice).get(f"/?preset={foreign.pk}").status_code == 200
    assert 'name="preset"' not in signed_in(alice).get("/?preset=nonsense").content.decode()


def test_a_conversation_takes_and_leaves_a_preset(
    alice: User, charlie: User, signed_in: SignedIn
) -> None:
    model = LanguageModel.objects.get(name="gpt-4.1")
    preset = Preset.objects.create(owner=alice, name="Short", model=model, max_tokens=9)
    conversation = Conversation.objects.create(owner=alice, title="Hello")
    url = f"/c/{conversation.pk}/preset/"
    client = signed_in(alice)
    assert client.post(url, {"preset": preset.pk}).status_code == 302
    conversation.refresh_from_db()
    assert (conversation.preset, conversation.model) == (preset, model)
    assert "9 (preset “Short”)" in client.get(f"/c/{conversation.pk}/").content.decode()
    assert client.post(url, {"preset": ""}).status_code == 302
    conversation.refresh_from_db()
    assert conversation.preset is None
    assert signed_in(charlie).post(url, {"preset": preset.pk}).status_code == 404
    his = Preset.objects.create(owner=charlie, name="His")
    for unknown in (his.pk, "nonsense"):
        assert client.post(url, {"preset": unknown}).status_code == 404


def test_what_a_removed_preset_set_stays_with_its_conversations(
    alice: User, signed_in: SignedIn
) -> None:
    preset = Preset.objects.create(owner=alice, name="S", system_prompt="Be brief.", top_p=0.5)
    conversation = Conversation.objects.create(
        owner=alice, title="Hello", preset=preset, system_prompt="Be long."
    )
    signed_in(alice).post(f"/settings/presets/{preset.pk}/deletion/")
    conversation.refresh_from_db()
    assert (conversation.preset, conversation.top_p) == (None, 0.5)
    assert conversation.system_prompt == "Be long."


def test_snippets_are_listed_for_the_composer(
    alice: User, bob: User, rita: User, signed_in: SignedIn
) -> None:
    client = signed_in(alice)
    assert client.post("/settings/snippets/new/", SNIPPET).status_code == 302
    signed_in(rita).post("/settings/snippets/team/new/", {"name": "/tone", "text": "Be kind."})
    Snippet.objects.create(owner=bob, name="his", text="His")
    assert client.get("/snippets/").json() == {
        "snippets": [
            {"name": "weekly-report", "text": "Sum up {{week}}."},
            {"name": "tone", "text": "Be kind."},
        ]
    }
    own = Snippet.objects.get(owner=alice)
    assert "Sum up {{week}}." in client.get(f"/?snippet={own.pk}").content.decode()
    his = Snippet.objects.get(owner=bob)
    assert client.get(f"/?snippet={his.pk}").status_code == 404


def test_lists_cost_the_same_however_long(alice: User, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    model = LanguageModel.objects.get(name="gpt-4.1")

    def queries(number: int) -> int:
        for index in range(number):
            name = f"{number}-{index}"
            Preset.objects.create(owner=alice, name=name, model=model)
            Snippet.objects.create(owner=alice, name=name, text="x")
        with CaptureQueriesContext(connection) as captured:
            for url in ("/", "/settings/presets/", "/settings/snippets/", "/snippets/"):
                assert client.get(url).status_code == 200
        return len(captured)

    client.get("/")
    assert queries(1) == queries(10)


def test_strangers_are_led_to_the_sign_in(db: None, client: Client) -> None:
    User.objects.create_user("x@example.com", "x")
    for url in ("/settings/presets/", "/settings/snippets/new/", "/snippets/"):
        assert client.get(url)["Location"].startswith("/accounts/login/")


def test_a_temporary_chat_stays_one_with_a_preset(alice: User, signed_in: SignedIn) -> None:
    preset = Preset.objects.create(owner=alice, name="Mine")
    client = signed_in(alice)
    link = f'href="/?preset={preset.pk}'
    assert f'{link}&amp;temporary=1"' in client.get("/?temporary=1").content.decode()
    assert f'{link}"' in client.get("/").content.decode()
    chosen = client.get(f"/?preset={preset.pk}&temporary=1").content.decode()
    assert '<input type="hidden" name="temporary" value="1">' in chosen
