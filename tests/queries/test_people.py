from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from conversations.models import Conversation, User
from conversations.queries.people import find, has_people, team


def test_team_is_by_name_with_when_each_was_last_seen(
    alice: User, bob: User, charlie: User
) -> None:
    now = timezone.now()
    User.objects.filter(pk=alice.pk).update(last_login=now - timedelta(days=2))
    Conversation.objects.create(owner=alice, title="a", active_at=now - timedelta(days=1))
    Conversation.objects.create(owner=alice, title="b", active_at=now - timedelta(days=9))
    User.objects.filter(pk=bob.pk).update(last_login=now)
    seen = {person.name: person.last_seen for person in team()}
    assert list(seen) == ["Alice", "Bob", "Charlie"]
    assert seen == {"Alice": now - timedelta(days=1), "Bob": now, "Charlie": None}


def test_people_are_found_by_name_address_role_and_state(
    alice: User, bob: User, charlie: User
) -> None:
    User.objects.filter(pk=bob.pk).update(is_active=False, email="builder@example.com")
    User.objects.filter(pk=charlie.pk).update(role=User.Role.ADMINISTRATOR, password="!x")

    def names(**asked: str) -> list[str]:
        return [person.name for person in find(**asked)]

    assert names(q="LIC") == ["Alice"]
    assert names(q="builder") == ["Bob"]
    assert names(role="administrator") == ["Charlie"]
    assert names(state="active") == ["Alice"]
    assert names(state="disabled") == ["Bob"]
    assert names(state="invited") == ["Charlie"]


def test_people_are_sorted_with_those_who_never_came_last(
    alice: User, bob: User, charlie: User
) -> None:
    now = timezone.now()
    User.objects.filter(pk=bob.pk).update(last_login=now - timedelta(days=2))
    User.objects.filter(pk=charlie.pk).update(last_login=now, created=now + timedelta(days=1))
    assert [person.name for person in find(sort="seen")] == ["Charlie", "Bob", "Alice"]
    assert find(sort="added")[0].name == "Charlie"


def test_has_people(db: None) -> None:
    assert not has_people()
    User.objects.create_user("alice@example.com")
    assert has_people()
