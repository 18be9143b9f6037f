from __future__ import annotations

import pytest

from conversations.actions.people import NotAdministratorError
from conversations.actions.people_bulk import BulkChange, change_people
from conversations.models import AuditEntry, User


def test_each_changed_user_has_an_audit_entry(rita: User, alice: User, bob: User) -> None:
    changed = change_people([rita, alice, bob], BulkChange.ADMINISTRATOR, actor=rita)
    assert [person.name for person in changed] == ["Alice", "Bob"]
    assert change_people([alice], BulkChange.ADMINISTRATOR, actor=rita) == []
    entries = AuditEntry.objects.filter(kind=AuditEntry.Kind.ROLE_CHANGED)
    assert {entry.person_name for entry in entries} == {"Alice", "Bob"}
    assert all(entry.changes == {"role": "administrator"} for entry in entries)


def test_new_links_are_for_those_who_may_sign_in(rita: User, alice: User, bob: User) -> None:
    change_people([bob], BulkChange.DISABLE, actor=rita)
    changed = change_people([alice, bob], BulkChange.LINK, actor=rita)
    assert changed == [alice]
    assert not User.objects.get(pk=alice.pk).has_usable_password()
    assert User.objects.get(pk=bob.pk).has_usable_password()


def test_members_change_nobody(rita: User, alice: User, bob: User) -> None:
    with pytest.raises(NotAdministratorError):
        change_people([bob, rita], BulkChange.DISABLE, actor=alice)
    assert User.objects.get(pk=bob.pk).is_active
