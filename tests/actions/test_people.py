from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conversations.actions import people
from conversations.models import User
from tests.concurrency import at_once
from tests.conftest import make_person

ENTRIES = [people.Entry(name="Ann", email="ann@example.com")]


def test_an_added_user_is_a_member_without_a_password(rita: User) -> None:
    added = people.add(actor=rita, entries=ENTRIES)
    ann = User.objects.get(email="ann@example.com")
    assert added == people.Added(people=(ann,), known=())
    assert (ann.name, ann.role, ann.is_active) == ("Ann", User.Role.MEMBER, True)
    assert not ann.has_usable_password()


def test_known_addresses_are_told_and_left_as_they_are(rita: User, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(email="Alice@Example.com")
    entries = [*ENTRIES, people.Entry(name="Not Alice", email="alice@example.com")]
    added = people.add(actor=rita, entries=entries)
    assert [user.name for user in added.people] == ["Ann"]
    assert added.known == (alice,)
    alice.refresh_from_db()
    assert alice.name == "Alice"
    assert alice.has_usable_password()


def test_adding_many_asks_the_database_as_often_as_adding_one(rita: User) -> None:
    def queries(count: int) -> int:
        entries = [people.Entry(name="N", email=f"{count}-{n}@example.com") for n in range(count)]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            people.add(actor=rita, entries=entries)
        return len(captured)

    assert queries(1) == queries(30)


def test_last_administrator_can_be_neither_disabled_nor_demoted(rita: User) -> None:
    disabled = make_person("Old", role=User.Role.ADMINISTRATOR)
    people.disable(disabled, actor=rita)
    with pytest.raises(people.LastAdministratorError):
        people.disable(rita, actor=rita)
    with pytest.raises(people.LastAdministratorError):
        people.change_role(rita, actor=rita, role=User.Role.MEMBER)
    rita.refresh_from_db()
    assert rita.is_active
    assert rita.is_administrator


def test_a_demoted_administrator_changes_nothing(rita: User, alice: User) -> None:
    for change in (
        lambda: people.add(actor=alice, entries=ENTRIES),
        lambda: people.change_role(rita, actor=alice, role=User.Role.MEMBER),
        lambda: people.disable(rita, actor=alice),
        lambda: people.enable(rita, actor=alice),
        lambda: people.start_link(rita, actor=alice),
    ):
        with pytest.raises(people.NotAdministratorError):
            change()


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_remove_each_other_at_once(rita: User) -> None:
    other = make_person("Other", role=User.Role.ADMINISTRATOR)
    for first, second in ((people.disable, people.disable), (_demote, people.disable)):
        User.objects.update(is_active=True, role=User.Role.ADMINISTRATOR)
        outcomes = at_once(
            lambda: first(User.objects.get(pk=other.pk), actor=rita),  # noqa: B023 (called here)
            lambda: second(User.objects.get(pk=rita.pk), actor=other),  # noqa: B023 (called here)
        )
        assert outcomes.count(None) == 1
        left = User.objects.filter(is_active=True, role=User.Role.ADMINISTRATOR)
        assert left.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_both_resign_at_the_same_time(rita: User) -> None:
    other = make_person("Other", role=User.Role.ADMINISTRATOR)
    outcomes = at_once(
        lambda: _demote(User.objects.get(pk=rita.pk), actor=rita),
        lambda: _demote(User.objects.get(pk=other.pk), actor=other),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "LastAdministratorError",
        "NoneType",
    ]


def _demote(person: User, *, actor: User) -> None:
    people.change_role(person, actor=actor, role=User.Role.MEMBER)


def test_disabling_ends_the_sessions_for_good(
    rita: User, alice: User, signed_in: Callable[[User], Client]
) -> None:
    hers, his = signed_in(alice), signed_in(rita)
    people.disable(alice, actor=rita)
    people.enable(alice, actor=rita)
    assert hers.get("/settings/profile/").status_code == 302
    assert his.get("/settings/profile/").status_code == 200
    assert Session.objects.count() == 1


def test_link_sets_one_password(rita: User, alice: User) -> None:
    people.start_link(alice, actor=rita)
    token = people.link_token(alice)
    people.set_password_by_link(alice, token=token, password="green-ladder-77")
    assert User.objects.get(pk=alice.pk).check_password("green-ladder-77")
    with pytest.raises(people.LinkUsedError):
        people.set_password_by_link(alice, token=token, password="other-ladder-78")


@pytest.mark.django_db(transaction=True)
def test_link_used_twice_at_once_sets_one_password(rita: User) -> None:
    alice = make_person("Alice")
    people.start_link(alice, actor=rita)
    token = people.link_token(alice)
    outcomes = at_once(
        *(
            lambda word=word: people.set_password_by_link(
                User.objects.get(pk=alice.pk), token=token, password=f"{word}-ladder-77"
            )
            for word in ("green", "black", "white")
        )
    )
    won = [
        word
        for word, outcome in zip(("green", "black", "white"), outcomes, strict=True)
        if outcome is None
    ]
    assert len(won) == 1
    assert User.objects.get(pk=alice.pk).check_password(f"{won[0]}-ladder-77")


def test_new_link_ends_the_ones_before_and_the_password(rita: User, alice: User) -> None:
    people.start_link(alice, actor=rita)
    earlier = people.link_token(alice)
    people.start_link(alice, actor=rita)
    with pytest.raises(people.LinkUsedError):
        people.set_password_by_link(alice, token=earlier, password="green-ladder-77")
    assert not User.objects.get(pk=alice.pk).has_usable_password()


def test_link_of_a_disabled_person_does_nothing(rita: User, alice: User) -> None:
    people.start_link(alice, actor=rita)
    token = people.link_token(alice)
    people.disable(alice, actor=rita)
    with pytest.raises(people.LinkUsedError):
        people.set_password_by_link(alice, token=token, password="green-ladder-77")


def test_nobody_takes_the_own_password_away(rita: User) -> None:
    with pytest.raises(people.OwnAccountError):
        people.start_link(rita, actor=rita)
    assert rita.has_usable_password()
