"""The audit log is append-only, through the ORM and in SQL."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from conversations.models import AuditEntry, User
from conversations.models.audit_entries import AppendOnlyError
from conversations.models.identifiers import new_id

Kind = AuditEntry.Kind
TABLE = AuditEntry._meta.db_table


@pytest.fixture
def entry(db: None) -> AuditEntry:
    return AuditEntry.objects.create(kind=Kind.PERSON_ADDED, actor_id=new_id(), actor_name="Rita")


def test_the_model_refuses_every_way_to_change_or_remove(entry: AuditEntry) -> None:
    entry.actor_name = "Somebody else"
    for attempt in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(actor_name="x"),
        lambda: AuditEntry.objects.bulk_update([entry], ["actor_name"]),
        lambda: AuditEntry.objects.get().save(update_fields=["actor_name"]),
    ):
        with pytest.raises(AppendOnlyError), transaction.atomic():
            attempt()
    assert AuditEntry.objects.get().actor_name == "Rita"


def test_a_row_with_an_id_that_is_there_is_refused(entry: AuditEntry) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry(pk=entry.pk, kind=Kind.PERSON_ADDED, actor_name="x").save()
    assert AuditEntry.objects.get().actor_name == "Rita"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET actor_name = 'x'",
        "UPDATE {table} SET kind = kind",
        "DELETE FROM {table}",
    ],
)
def test_the_database_refuses_to_change_or_remove(entry: AuditEntry, statement: str) -> None:
    refused(statement)
    assert AuditEntry.objects.get().actor_name == "Rita"


def test_the_database_refuses_what_is_its_own_way(entry: AuditEntry) -> None:
    if connection.vendor == "postgresql":
        refused("TRUNCATE {table}")
    else:
        refused("INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
        refused("UPDATE OR IGNORE {table} SET actor_name = 'x'")
    assert AuditEntry.objects.get().actor_name == "Rita"


def test_what_it_names_may_go(entry: AuditEntry, bob: User) -> None:
    AuditEntry.objects.create(kind=Kind.PERSON_DISABLED, person_id=bob.pk, person_name="Bob")
    person_id = bob.pk
    bob.delete()
    left = AuditEntry.objects.get(kind=Kind.PERSON_DISABLED)
    assert (left.person_id, left.person_name) == (person_id, "Bob")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_tests_can_empty_it(turn: int) -> None:
    """Neither run sees the entry of the other, and the triggers are in force in both."""
    assert not AuditEntry.objects.exists()
    AuditEntry.objects.create(kind=Kind.PERSON_ADDED, actor_name="Rita")
    refused("DELETE FROM {table}")


def refused(statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table=TABLE))
