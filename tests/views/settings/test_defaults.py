from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from conversations.models import AuditEntry, LanguageModel, TeamSettings, User

SignedIn = Callable[[User], Client]


def test_a_person_keeps_instructions_and_parameters(alice: User, signed_in: SignedIn) -> None:
    fields = {"instructions": " I am a nurse.\r\n", "temperature": "0.3", "stream": "False"}
    assert signed_in(alice).post("/settings/defaults/", fields).status_code == 302
    alice.refresh_from_db()
    assert (alice.instructions, alice.temperature, alice.stream) == ("I am a nurse.", 0.3, False)
    page = signed_in(alice).get("/settings/defaults/").content.decode()
    assert "I am a nurse." in page
    assert "For the whole team" not in page
    signed_in(alice).post("/settings/defaults/", {})
    alice.refresh_from_db()
    assert (alice.instructions, alice.temperature, alice.stream) == ("", None, None)


def test_the_teams_are_an_administrators_and_on_the_record(
    alice: User, rita: User, signed_in: SignedIn
) -> None:
    model = LanguageModel.objects.get(name="gpt-5.4-nano")
    fields = {"team-titles": "chosen", "team-title_model": model.pk, "team-max_tokens": "100"}
    assert signed_in(alice).post("/settings/defaults/team/", fields).status_code == 403
    assert signed_in(rita).post("/settings/defaults/team/", fields).status_code == 302
    row = TeamSettings.objects.get()
    assert (row.titles, row.title_model, row.max_tokens) == ("chosen", model, 100)
    changes = AuditEntry.objects.get().changes
    assert (changes["titles"], changes["title_model"]) == ("chosen", "gpt-5.4-nano")
    signed_in(rita).post("/settings/defaults/team/", {"team-titles": "words"})
    assert TeamSettings.objects.get().titles == "words"
    assert "100 (the team’s default)" not in signed_in(alice).get("/").content.decode()


def test_an_empty_field_says_what_holds_all_the_same(alice: User, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    page = client.get("/settings/defaults/").content.decode()
    assert page.count('placeholder="Not set (the API’s default: 1)"') == 2
    assert "Not set (the model decides)" in page
    TeamSettings.objects.create(temperature=0.5, stream=False, tool_choice="none")
    page = client.get("/settings/defaults/").content.decode()
    assert 'placeholder="0.5 (the team’s default)"' in page
    assert "In one piece (the team’s default)" in page
    assert "No tool (the team’s default)" in page


def test_a_model_for_titles_must_be_named(rita: User, signed_in: SignedIn) -> None:
    refused = signed_in(rita).post("/settings/defaults/team/", {"team-titles": "chosen"})
    assert refused.status_code == 422
    assert "Choose the model that writes the titles." in refused.content.decode()
    assert not TeamSettings.objects.exists()
