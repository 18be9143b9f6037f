from __future__ import annotations

import pytest

from conversations.actions import connections
from conversations.actions.connections import ConnectionFields
from conversations.forms.connections import ConnectionForm
from conversations.models import Connection, LanguageModel, User

pytestmark = pytest.mark.django_db
KEY = "sk-test-0123456789-last"


def typed(**changed: object) -> dict[str, object]:
    given = {
        "name": "Gateway",
        "base_url": "https://api.example.org/v1/",
        "auth_style": "bearer",
        "key": f"  Bearer {KEY}\n",
        "serves_all_models": "on",
    }
    return {**given, **changed}


def team(**changed: object) -> ConnectionForm:
    return ConnectionForm(typed(**changed), owner=None)


def test_what_was_pasted_is_cleaned() -> None:
    form = team()
    assert form.is_valid(), form.errors
    fields = form.connection_fields()
    assert (fields.base_url, fields.key) == ("https://api.example.org", KEY)
    assert fields.auth_style == Connection.AuthStyle.BEARER


def test_the_base_url_is_prefilled() -> None:
    assert 'value="https://api.agentpivot.ai"' in str(ConnectionForm(owner=None)["base_url"])


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("base_url", "", "Enter the base URL"),
        ("base_url", "ftp://example.org", "begin with https"),
        ("base_url", "https://user:pass@example.org", "name and password"),
        ("base_url", "https://example.org?key=1", "question mark"),
        ("base_url", "https://example.org:99999", "port"),
        ("base_url", "https://" + "a" * 500, "500"),
        ("key", "", "Enter the key"),
        ("key", "schlüssel", "characters"),
        ("key", "k" * 8193, "8 KB"),
        ("auth_style", "basic", "valid choice"),
        ("name", "", "required"),
    ],
)
def test_what_cannot_be_used_is_told_beside_its_field(field: str, value: str, words: str) -> None:
    form = team(**{field: value})
    assert not form.is_valid()
    assert words in " ".join(str(error) for error in form.errors[field])


def test_every_reason_has_a_sentence() -> None:
    for address in ("http://", "https://ho st", "https://x/#y", "https://[::1", "\\\\host"):
        assert team(base_url=address).errors["base_url"]


def test_a_key_of_8_kb_fits() -> None:
    assert team(key="k" * 8192).is_valid()


def test_a_key_never_comes_back_in_the_form() -> None:
    assert KEY not in str(team(name=""))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("https_required", "need https"),
        ("not_public", "not on the public internet"),
        ("bad_host", "host name"),
        ("not_found", "cannot be found"),
    ],
)
def test_a_refused_address_is_told_beside_its_field(alice: User, code: str, words: str) -> None:
    form = ConnectionForm(typed(), owner=alice)
    assert form.is_valid()  # because the form resolves no names
    form.refuse_address(code)
    assert words in " ".join(str(error) for error in form.errors["base_url"])


def test_a_team_connection_may_lead_anywhere() -> None:
    assert team(base_url="http://10.0.0.8:8080").is_valid()


def test_an_empty_key_keeps_the_stored_one_on_the_same_server() -> None:
    stored = connections.create(
        owner=None, fields=ConnectionFields(name="G", base_url="https://api.example.org", key=KEY)
    )
    same = ConnectionForm(typed(key=" "), owner=None, connection=stored)
    assert same.is_valid()
    assert same.connection_fields().key == ""
    other = ConnectionForm(
        typed(key="", base_url="https://evil.example"), owner=None, connection=stored
    )
    assert "a different server" in str(other.errors["key"])


def test_a_narrowed_list_needs_a_model() -> None:
    assert team(serves_all_models="").errors["served_models"]
    model = LanguageModel.objects.get(name="gpt-4o")
    narrowed = team(serves_all_models="", served_models=[str(model.pk)])
    assert narrowed.is_valid()
    assert list(narrowed.connection_fields().served_models) == [model]
