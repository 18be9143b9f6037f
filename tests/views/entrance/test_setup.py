from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings as installation
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from conversations.actions.setup import prepare_setup
from conversations.models import User
from tests.html import tight

pytestmark = pytest.mark.django_db
ADMINISTRATOR = {"email": "Rita@Example.org", "name": "Rita", "password": "blue-kettle-31"}
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture(autouse=True)
def _no_earlier_attempts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()
    (installation.DATA_DIR / "setup-code").unlink(missing_ok=True)


@pytest.fixture
def here() -> Client:
    return Client(headers={"host": "127.0.0.1:8000"})


def test_every_page_leads_to_set_up_while_nobody_is_there(here: Client) -> None:
    for path in ("/", "/settings/profile/", "/accounts/login/", "/c/"):
        response = here.get(path)
        assert (response.status_code, response["Location"]) == (302, "/setup/")


def test_first_visit_makes_the_administrator_and_signs_in(here: Client) -> None:
    response = here.post("/setup/", ADMINISTRATOR)
    assert response["Location"] == "/setup/connection/"
    user = User.objects.get()
    assert (user.email, user.name, user.is_administrator) == ("rita@example.org", "Rita", True)
    assert here.get("/setup/connection/").status_code == 200


def test_set_up_page_is_gone_once_somebody_exists(here: Client) -> None:
    here.post("/setup/", ADMINISTRATOR)
    other = Client(headers={"host": "127.0.0.1:8000"})
    response = other.post("/setup/", ADMINISTRATOR | {"email": "mallory@example.org"})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "rita", "valid email"),
        ("name", "", "required"),
        ("password", "short", "too short"),
        ("password", "12345678901", "entirely numeric"),
        ("password", "rita@example.org", "too similar"),
    ],
)
def test_bad_input_is_told_beside_the_field_and_kept(
    here: Client, field: str, value: str, words: str
) -> None:
    response = here.post("/setup/", ADMINISTRATOR | {field: value})
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert 'aria-invalid="true"' in page
    assert field == "name" or 'value="Rita"' in page
    assert ADMINISTRATOR["password"] not in page
    assert not User.objects.exists()


def test_no_code_is_asked_for_on_this_computer(here: Client) -> None:
    assert "Set-up code" not in here.get("/setup/").content.decode()
    assert "Set-up code" not in here.get("/setup/", headers={"host": "[::1]:8000"}).content.decode()


@pytest.mark.parametrize(
    "request_from",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": ""},
        {"headers": {"host": "chat.example.org"}},
        {"headers": {"x-forwarded-for": "127.0.0.1"}},
        {"headers": {"forwarded": "for=127.0.0.1"}},
        {"headers": {"x-real-ip": "127.0.0.1"}},
    ],
)
def test_from_elsewhere_a_code_is_asked_for(
    here: Client, request_from: dict[str, str], settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert prepare_setup()
    response = here.post("/setup/", ADMINISTRATOR, **request_from)  # type: ignore[arg-type]
    assert response.status_code == 422
    assert "Set-up code" in response.content.decode()
    assert not User.objects.exists()


def test_right_code_is_accepted_as_it_is_typed(here: Client) -> None:
    code = prepare_setup()
    assert code
    typed = code.lower().replace("-", " ")
    response = here.post("/setup/", ADMINISTRATOR | {"code": typed}, **ELSEWHERE)  # type: ignore[arg-type]
    assert response.status_code == 302
    assert User.objects.count() == 1
    assert not (installation.DATA_DIR / "setup-code").exists()


def test_wrong_codes_are_limited_for_each_address(here: Client) -> None:
    code = prepare_setup()
    for _ in range(5):
        response = here.post("/setup/", ADMINISTRATOR | {"code": "WRONG"}, **ELSEWHERE)  # type: ignore[arg-type]
        assert "That isn’t the code" in response.content.decode()
    response = here.post("/setup/", ADMINISTRATOR | {"code": code}, **ELSEWHERE)  # type: ignore[arg-type]
    assert "Too many wrong codes" in response.content.decode()
    response = here.post("/setup/", ADMINISTRATOR | {"code": code}, REMOTE_ADDR="192.0.2.8")
    assert response.status_code == 302


def test_empty_code_never_passes_where_no_code_was_made(here: Client) -> None:
    response = here.post("/setup/", ADMINISTRATOR | {"code": "-"}, **ELSEWHERE)  # type: ignore[arg-type]
    assert response.status_code == 422
    assert not User.objects.exists()


def test_set_up_follows_the_browser_and_the_switch(here: Client) -> None:
    page = here.get("/setup/", headers={"accept-language": "zh-CN"})
    assert '<html lang="zh-CN">' in tight(page.content.decode())
    response = here.post("/language/", {"language": "en", "next": "/setup/"})
    assert response["Location"] == "/setup/"
    page = here.get("/setup/", headers={"accept-language": "zh-CN"})
    assert '<html lang="en">' in tight(page.content.decode())


def test_set_up_refuses_another_site() -> None:
    client = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1:8000"})
    response = client.post("/setup/", ADMINISTRATOR, headers={"origin": "https://evil.example"})
    assert response.status_code == 403
    assert not User.objects.exists()
