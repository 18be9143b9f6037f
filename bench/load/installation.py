"""A site with as many users as the load needs, each with their own conversations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings

from bench.load.page import Seat
from bench.scratch import serve
from conversations.models import Conversation, User
from tests.live import LiveSite
from tests.sockets import session_of


@dataclass
class Installation:
    """A running site and its signed-in users."""

    site: LiveSite
    sessions: dict[User, str]

    @property
    def pid(self) -> int:
        return self.site.process.pid

    def seats(self, count: int) -> list[Seat]:
        """Create ``count`` conversations, dealt out to the users in turn."""
        people = list(self.sessions)
        owners = [people[number % len(people)] for number in range(count)]
        made = Conversation.objects.bulk_create(
            Conversation(owner=owner, title="Load") for owner in owners
        )
        return [
            Seat(
                self.site.url,
                f"{settings.SESSION_COOKIE_NAME}={self.sessions[conversation.owner]}",
                conversation.pk,
            )
            for conversation in made
        ]


@contextmanager
def installation(upstream: str, *, people: int) -> Iterator[Installation]:
    """Serve a fresh site with so many users."""
    with serve(upstream) as (site, _):
        crowd = [
            User.objects.create_user(f"{number}@example.com", None, name=f"Person {number}")
            for number in range(people)
        ]
        yield Installation(site, {person: session_of(person) for person in crowd})
