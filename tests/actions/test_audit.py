"""The audit log: an entry in the transaction of each change, and never a key in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db.transaction import TransactionManagementError
from django.test import Client

from conversations.actions import audit, connections, language_models, people, setup
from conversations.actions.connections import ConnectionFields
from conversations.models import AuditEntry, Connection, Conversation, LanguageModel, User
from tests.conftest import PASSWORD

Kind = AuditEntry.Kind
KEY = "sk-audit-0123456789abcdef"


def kinds() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("kind", flat=True))


def last() -> AuditEntry:
    return AuditEntry.objects.latest("id")


def test_changes_of_users_are_logged(rita: User, bob: User) -> None:
    added = people.add(actor=rita, entries=[people.Entry(name="Dora", email="d@example.com")])
    entry = last()
    assert (entry.actor_id, entry.actor_name) == (rita.pk, "Rita")
    assert (entry.person_id, entry.person_name) == (added.people[0].pk, "Dora")
    people.change_role(bob, actor=rita, role=User.Role.ADMINISTRATOR)
    assert last().changes == {"role": "administrator"}
    people.disable(bob, actor=rita)
    people.enable(bob, actor=rita)
    people.start_link(bob, actor=rita)
    assert kinds() == [
        Kind.PERSON_ADDED,
        Kind.ROLE_CHANGED,
        Kind.PERSON_DISABLED,
        Kind.PERSON_ENABLED,
        Kind.LINK_MADE,
    ]
    assert {entry.person_name for entry in AuditEntry.objects.all()[:4]} == {"Bob"}


def test_a_refused_change_is_not_logged(rita: User) -> None:
    with pytest.raises(people.LastAdministratorError):
        people.disable(rita, actor=rita)
    assert kinds() == []


def test_the_first_administrator_is_added_by_the_server_itself(db: None) -> None:
    user = setup.create_first_administrator(email="r@example.com", name="Rita", password=PASSWORD)
    assert (last().actor_id, last().person_id) == (None, user.pk)


def test_changes_of_connections_are_logged_without_the_key(
    rita: User, signed_in: Callable[[User], Client]
) -> None:
    fields = {"name": "Team", "base_url": "https://one.example", "auth_style": "bearer"}
    client = signed_in(rita)
    client.post(
        "/settings/connections/team/new/", {**fields, "key": KEY, "serves_all_models": "on"}
    )
    connection = Connection.objects.get()
    assert (last().kind, last().actor_name) == (Kind.CONNECTION_CREATED, "Rita")
    assert (last().object_id, last().person_id) == (connection.pk, None)
    client.post(
        f"/settings/connections/{connection.pk}/",
        {**fields, "base_url": "https://two.example", "key": KEY, "serves_all_models": "on"},
    )
    assert last().changes == {"base_url": "https://two.example", "key": "replaced"}
    client.post(f"/settings/connections/{connection.pk}/position/", {"direction": "up"})
    client.post(f"/settings/connections/{connection.pk}/deletion/")
    assert (last().kind, last().object_name) == (Kind.CONNECTION_DELETED, "Team")
    assert {entry.actor_name for entry in AuditEntry.objects.all()} == {"Rita"}
    for entry in AuditEntry.objects.values():
        assert KEY not in str(entry)
        assert KEY[-4:] not in str(entry["changes"])


def test_an_own_connection_is_logged_as_such(alice: User) -> None:
    fields = ConnectionFields(name="Own", base_url="https://one.example", key=KEY)
    wrong = connections.create(owner=alice, fields=fields)
    assert (last().actor_id, last().person_id) == (alice.pk, alice.pk)
    model = LanguageModel.objects.get(name="gpt-4o")
    narrow = ConnectionFields(
        name="Own",
        base_url="https://one.example",
        serves_all_models=False,
        served_models=[model],
    )
    connections.update(wrong, fields=narrow, actor=alice)
    assert last().changes == {"serves_all_models": False, "served_models": ["gpt-4o"]}


def test_changes_of_models_are_logged(rita: User, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(rita)
    client.post("/settings/models/added/", {"name": "ours", "capability": "chat"})
    ours = LanguageModel.objects.get(name="ours")
    client.post(f"/settings/models/{ours.pk}/", {"display_name": "Ours", "is_enabled": "on"})
    assert last().changes["display_name"] == "Ours"
    client.post(f"/settings/models/{ours.pk}/availability/", {"enabled": "off"})
    assert last().changes == {"is_enabled": False}
    client.post("/settings/models/changes/?q=turbo-preview", {"all": "on", "change": "blind"})
    assert (last().object_name, last().changes) == ("gpt-4-turbo-preview", {"sees_images": False})
    other = LanguageModel.objects.get(name="gpt-4o")
    client.post("/settings/models/team-default/", {"model": str(other.pk)})
    client.post(f"/settings/models/{ours.pk}/deletion/")
    assert kinds() == [Kind.MODEL_ADDED, *[Kind.MODEL_CHANGED] * 4, Kind.MODEL_REMOVED]
    assert {entry.actor_name for entry in AuditEntry.objects.all()} == {"Rita"}


def test_a_refused_loss_of_the_default_is_not_logged(rita: User) -> None:
    default = LanguageModel.objects.get(is_default=True)
    with pytest.raises(language_models.TeamDefaultError):
        language_models.change(default, actor=rita, is_enabled=False)
    assert kinds() == []


def test_only_openings_of_others_conversations_are_logged(rita: User, alice: User) -> None:
    audit.record_opening(Conversation.objects.create(owner=rita, title="Own"), actor=rita)
    assert kinds() == []
    theirs = Conversation.objects.create(owner=alice, title="Travel")
    audit.record_opening(theirs, actor=rita)
    entry = last()
    assert (entry.kind, entry.person_id, entry.object_id, entry.object_name) == (
        Kind.CONVERSATION_OPENED,
        alice.pk,
        theirs.pk,
        "Travel",
    )


@pytest.mark.django_db(transaction=True)
def test_an_entry_belongs_to_a_transaction() -> None:
    with pytest.raises(TransactionManagementError):
        audit.record(Kind.LINK_MADE, actor=None)
