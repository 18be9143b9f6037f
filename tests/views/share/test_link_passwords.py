from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.core.cache import cache
from django.test import Client

from conversations.actions import people
from conversations.models import User

SignedIn = Callable[[User], Client]
NEW = {"password1": "green-ladder-77", "password2": "green-ladder-77"}
GONE = "This link no longer works"


@pytest.fixture(autouse=True)
def _no_earlier_attempts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def link(rita: User, alice: User) -> str:
    """Make the link that Rita passes on to Alice."""
    people.start_link(alice, actor=rita)
    return f"/accounts/password/reset/key/{alice.pk.hex}-{people.link_token(alice)}/"


def open_link(client: Client, link: str) -> tuple[str, str]:
    """Follow the link; return the path and the page."""
    response = client.get(link, follow=True)
    return response.request["PATH_INFO"], response.content.decode()


def test_link_says_whose_it_is_sets_the_password_and_signs_in(link: str, alice: User) -> None:
    client = Client()
    path, page = open_link(client, link)
    assert path.endswith("-set-password/")
    assert "For Alice, alice@example.com" in page
    response = client.post(path, NEW)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/settings/profile/").status_code == 200
    assert User.objects.get(pk=alice.pk).check_password("green-ladder-77")
    assert mail.outbox == []


def test_looking_at_a_link_does_not_use_it_up(link: str) -> None:
    for _ in range(3):
        assert "For Alice" in open_link(Client(), link)[1]


def test_link_works_once(link: str) -> None:
    first, second = Client(), Client()
    path, _page = open_link(first, link)
    open_link(second, link)
    assert first.post(path, NEW).status_code == 302
    late = second.post(path, NEW)
    assert (late.status_code, GONE in late.content.decode()) == (410, True)
    assert GONE in open_link(Client(), link)[1]
    assert "ask an administrator for a new link" in open_link(Client(), link)[1]


def test_weak_password_is_told_and_the_link_stays_good(link: str) -> None:
    client = Client()
    path, _page = open_link(client, link)
    response = client.post(path, {"password1": "alice@example.com", "password2": "other"})
    assert response.status_code == 422
    assert "too similar" in response.content.decode()
    assert client.post(path, NEW).status_code == 302


@pytest.mark.parametrize(
    ("age", "works"), [(timedelta(days=2, hours=23), True), (timedelta(days=3, minutes=1), False)]
)
def test_link_dies_after_three_days(
    alice: User, age: timedelta, works: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = datetime.now() - age  # noqa: DTZ005 (the generator's own clock has no zone)
    with monkeypatch.context() as past:
        past.setattr(type(default_token_generator), "_now", lambda _self: made)
        token = people.link_token(alice)
    page = open_link(Client(), f"/accounts/password/reset/key/{alice.pk.hex}-{token}/")[1]
    assert (GONE not in page) is works


def test_link_dies_with_a_newer_one_and_with_a_password_change(
    link: str, rita: User, alice: User
) -> None:
    people.start_link(alice, actor=rita)
    assert GONE in open_link(Client(), link)[1]
    token = people.link_token(alice)
    alice.set_password("green-ladder-77")
    alice.save()
    newer = f"/accounts/password/reset/key/{alice.pk.hex}-{token}/"
    assert GONE in open_link(Client(), newer)[1]


def test_link_of_a_disabled_person_does_not_work(link: str, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert GONE in open_link(Client(), link)[1]


@pytest.mark.parametrize("spoiled", ["zzz-abc", "0-0", "0190ffff-set-password", "x-set-password"])
def test_made_up_links_are_told_like_used_ones(rita: User, spoiled: str) -> None:
    response = Client().get(f"/accounts/password/reset/key/{spoiled}/")
    assert (response.status_code, GONE in response.content.decode()) == (410, True)


def test_token_of_one_person_opens_no_other_account(link: str, bob: User, alice: User) -> None:
    assert GONE in open_link(Client(), link.replace(alice.pk.hex, bob.pk.hex))[1]


def test_opening_somebody_elses_link_signs_nobody_out(
    link: str, rita: User, signed_in: SignedIn
) -> None:
    client = signed_in(rita)
    response = client.get(link)
    assert response.status_code == 409
    assert "You are signed in as Rita" in response.content.decode()
    assert client.get("/settings/profile/").status_code == 200
    response = client.post("/accounts/logout/", {"next": link})
    assert response["Location"] == link
    assert "For Alice" in open_link(client, link)[1]


def test_link_page_refuses_another_site(link: str, alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    path, _page = open_link(client, link)
    response = client.post(path, NEW, headers={"origin": "https://evil.example"})
    assert response.status_code == 403
    assert not User.objects.get(pk=alice.pk).has_usable_password()


def test_session_of_before_the_link_is_worth_nothing(link: str) -> None:
    client = Client()
    path, _page = open_link(client, link)
    before = str(client.cookies["sessionid"].value)
    client.post(path, NEW)
    replay = Client()
    replay.cookies["sessionid"] = before
    assert replay.get("/settings/profile/").status_code == 302
