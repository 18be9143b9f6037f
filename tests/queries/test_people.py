from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from conversations.models import Conversation, User
from conversations.queries.people import has_people, team


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


def test_has_people(db: None) -> None:
    assert not has_people()
    User.objects.create_user("alice@example.com")
    assert has_people()
