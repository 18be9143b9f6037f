from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from conversations.models import User

SignedIn = Callable[[User], Client]
PAGES = ("/settings/", "/settings/profile/", "/settings/security/")
POSTS = ("/settings/profile/", "/settings/time-zone/", "/settings/security/sessions/")


def test_settings_begin_with_the_profile(alice: User, signed_in: SignedIn) -> None:
    assert signed_in(alice).get("/settings/")["Location"] == "/settings/profile/"


def test_profile_shows_and_keeps_what_one_decides(alice: User, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    page = client.get("/settings/profile/").content.decode()
    assert "alice@example.com" in page
    assert "Administrators can read conversations." in page
    fields = {"name": "Alice B", "time_zone": "Asia/Shanghai"}
    assert client.post("/settings/profile/", fields).status_code == 302
    alice.refresh_from_db()
    assert {"name": alice.name, "time_zone": alice.time_zone} == fields


def test_browser_with_scripts_sends_no_zone_and_loses_none(
    alice: User, signed_in: SignedIn
) -> None:
    User.objects.update(time_zone="Europe/Paris", language="en")
    signed_in(alice).post("/settings/profile/", {"name": "Alice"})
    alice.refresh_from_db()
    assert (alice.time_zone, alice.language) == ("Europe/Paris", "en")


@pytest.mark.parametrize(
    "fields",
    [{"name": ""}, {"name": "x" * 151}, {"time_zone": "Mars/Olympus"}],
)
def test_profile_refuses_what_cannot_be(
    alice: User, signed_in: SignedIn, fields: dict[str, str]
) -> None:
    response = signed_in(alice).post("/settings/profile/", {"name": "New", **fields})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    alice.refresh_from_db()
    assert alice.name == "Alice"


def test_browser_tells_its_zone(alice: User, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    response = client.post("/settings/time-zone/", {"time_zone": "America/New_York"})
    assert response.status_code == 204
    alice.refresh_from_db()
    assert alice.time_zone == "America/New_York"


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "UTC\x00", "x" * 5000])
def test_zone_that_is_none_is_refused(alice: User, signed_in: SignedIn, zone: str) -> None:
    response = signed_in(alice).post("/settings/time-zone/", {"time_zone": zone})
    assert response.status_code == 422
    alice.refresh_from_db()
    assert alice.time_zone == "UTC"


def test_sign_out_elsewhere_keeps_this_session_and_other_people(
    alice: User, bob: User, signed_in: SignedIn
) -> None:
    here, elsewhere, his = signed_in(alice), signed_in(alice), signed_in(bob)
    page = here.post("/settings/security/sessions/", follow=True).content.decode()
    assert "1 other session was ended." in page
    assert elsewhere.get("/settings/profile/").status_code == 302
    assert his.get("/settings/profile/").status_code == 200


def test_strangers_are_led_to_the_sign_in(alice: User) -> None:
    for path in PAGES:
        assert Client().get(path)["Location"] == f"/accounts/login/?next={path}"
    for path in POSTS:
        assert Client().post(path)["Location"] == "/accounts/login/?next=/"


def test_other_sites_change_nothing(alice: User) -> None:
    client = Client(enforce_csrf_checks=True, headers={"origin": "https://evil.example"})
    client.force_login(alice)
    for path in (*POSTS, "/language/"):
        assert client.post(path, {"name": "M", "language": "zh-hans"}).status_code == 403
    alice.refresh_from_db()
    assert (alice.name, alice.language) == ("Alice", "")


def test_pages_are_in_no_cache(alice: User, signed_in: SignedIn) -> None:
    for path in PAGES:
        assert "no-store" in signed_in(alice).get(path)["Cache-Control"]
