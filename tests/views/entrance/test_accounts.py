from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client

from conversations.models import User
from tests.conftest import PASSWORD
from tests.html import tight

WRONG = "That email and password don"


@pytest.fixture(autouse=True)
def no_earlier_attempts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def sign_in(client: Client, *, login: str = "alice@example.com", **fields: str) -> tuple[int, str]:
    address = fields.pop("address", "127.0.0.1")
    response = client.post(
        "/accounts/login/",
        {"login": login, "password": PASSWORD, **fields},
        REMOTE_ADDR=address,
    )
    return response.status_code, response.content.decode()


def session_key(client: Client) -> str:
    return str(client.cookies["sessionid"].value)


def test_right_pair_signs_in_and_goes_on_to_next(alice: User, client: Client) -> None:
    page = client.get("/accounts/login/?next=/c/")
    assert '<input type="hidden" name="next" value="/c/">' in page.content.decode()
    response = client.post(
        "/accounts/login/",
        {"login": " Alice@Example.com ", "password": PASSWORD, "next": "/settings/profile/"},
    )
    assert (response.status_code, response["Location"]) == (302, "/settings/profile/")
    assert client.get("/accounts/login/").status_code == 302


def test_next_never_leads_to_another_site(alice: User, client: Client) -> None:
    response = client.post(
        "/accounts/login/",
        {"login": alice.email, "password": PASSWORD, "next": "https://evil.example/"},
    )
    assert response["Location"] == "/"


def test_one_message_for_any_wrong_pair(alice: User, client: Client) -> None:
    status, wrong_password = sign_in(client, password="nope")
    assert status == 422
    assert WRONG in wrong_password
    assert 'value="alice@example.com"' in wrong_password
    status, unknown = sign_in(client, login="nobody@example.com")
    assert status == 422
    assert WRONG in unknown


def test_disabled_person_is_told_so_after_the_right_password_only(
    alice: User, client: Client
) -> None:
    User.objects.update(is_active=False)
    assert "This account is disabled" in sign_in(client)[1]
    assert WRONG in sign_in(client, password="nope")[1]
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("login", ["alice@example.com", "nobody@example.com"])
def test_guessing_from_one_address_is_refused_and_the_owner_elsewhere_is_not(
    alice: User, login: str
) -> None:
    statuses = [
        sign_in(Client(), login=login, password=f"guess-{n}", address="192.0.2.7")[0]
        for n in range(20)
    ]
    assert statuses == [422] * 5 + [429] * 15
    status, page = sign_in(Client(), address="192.0.2.7")
    if login == alice.email:
        assert (status, "Wait five minutes" in page) == (429, True)
    assert sign_in(Client(), address="192.0.2.8")[0] == 302


def test_guessing_many_names_from_one_address_is_refused(alice: User) -> None:
    statuses = [
        sign_in(Client(), login=f"person{n}@example.com", address="192.0.2.7")[0] for n in range(25)
    ]
    assert statuses == [422] * 20 + [429] * 5


def test_guessing_one_name_from_many_addresses_is_refused(alice: User) -> None:
    statuses = [
        sign_in(Client(), password="guess", address=f"198.51.100.{n}")[0] for n in range(1, 61)
    ]
    assert statuses == [422] * 50 + [429] * 10


def test_session_of_before_the_sign_in_is_worth_nothing(alice: User, client: Client) -> None:
    session = client.session
    session["seed"] = 1
    session.save()
    before = str(session.session_key)
    client.cookies["sessionid"] = before
    sign_in(client)
    assert session_key(client) != before
    replay = Client()
    replay.cookies["sessionid"] = before
    assert "/accounts/login/" in replay.get("/settings/profile/")["Location"]


def test_cookie_of_before_the_sign_out_is_refused(alice: User, client: Client) -> None:
    sign_in(client)
    kept = session_key(client)
    assert client.get("/accounts/logout/").status_code == 200
    response = client.post("/accounts/logout/")
    assert response["Location"] == "/accounts/login/"
    replay = Client()
    replay.cookies["sessionid"] = kept
    assert "/accounts/login/" in replay.get("/settings/profile/")["Location"]


def test_stay_signed_in_is_a_choice(alice: User) -> None:
    client = Client()
    sign_in(client, remember="on")
    assert client.cookies["sessionid"]["max-age"] == 30 * 24 * 3600
    client = Client()
    sign_in(client)
    assert client.cookies["sessionid"]["max-age"] == ""


def test_password_change_ends_other_sessions_and_keeps_this_one(alice: User) -> None:
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)
    before = session_key(here)
    new = {"password1": "green-ladder-77", "password2": "green-ladder-77"}
    response = here.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new})
    assert response["Location"] == "/settings/security/"
    assert "Your password is set" in here.get("/settings/security/").content.decode()
    assert elsewhere.get("/settings/security/").status_code == 302
    assert session_key(here) != before
    replay = Client()
    replay.cookies["sessionid"] = before
    assert replay.get("/settings/security/").status_code == 302
    assert sign_in(Client())[0] == 422
    assert sign_in(Client(), password="green-ladder-77")[0] == 302


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"oldpassword": "nope"}, "your current password"),
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"password2": "green-ladder-78"}, "same password"),
    ],
)
def test_password_change_tells_what_is_wrong(
    alice: User, client: Client, fields: dict[str, str], words: str
) -> None:
    sign_in(client)
    good = {
        "oldpassword": PASSWORD,
        "password1": "green-ladder-77",
        "password2": "green-ladder-77",
    }
    response = client.post("/accounts/password/change/", good | fields)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert sign_in(Client())[0] == 302


def test_what_allauth_could_do_besides_is_not_there(alice: User, client: Client) -> None:
    sign_in(client)
    for path in (
        "signup/", "email/", "confirm-email/", "inactive/", "reauthenticate/", "login/code/",
        "password/reset/", "password/set/", "password/reset/done/", "password/reset/key/done/",
    ):  # fmt: skip
        assert client.get(f"/accounts/{path}").status_code == 404, path
        assert client.post(f"/accounts/{path}", {"email": alice.email}).status_code == 404, path
    assert mail.outbox == []


@pytest.mark.parametrize("path", ["login", "logout", "password/change"])
def test_forms_of_other_sites_are_refused(alice: User, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    response = client.post(f"/accounts/{path}/", {}, headers={"origin": "https://evil.example"})
    assert response.status_code == 403
    assert Session.objects.count() == 1


def test_sign_in_page_speaks_chinese_and_is_not_cached(client: Client, alice: User) -> None:
    response = client.get("/accounts/login/", headers={"accept-language": "zh-CN"})
    assert '<html lang="zh-CN">' in tight(response.content.decode())
    assert "no-store" in response["Cache-Control"]


def test_choice_of_language_is_kept_on_the_person(alice: User, client: Client) -> None:
    sign_in(client)
    client.post("/language/", {"language": "zh-hans"})
    alice.refresh_from_db()
    assert alice.language == "zh-hans"
    client.post("/language/", {"language": "de"})
    alice.refresh_from_db()
    assert alice.language == "zh-hans"
