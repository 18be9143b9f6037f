from __future__ import annotations

import stat
from collections.abc import Iterator

import pytest
from django.conf import settings as installation
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from conversations.actions import setup
from conversations.models import User
from tests.concurrency import at_once

CODE = installation.DATA_DIR / "setup-code"


@pytest.fixture(autouse=True)
def _no_code() -> Iterator[None]:
    CODE.unlink(missing_ok=True)
    yield
    CODE.unlink(missing_ok=True)


@pytest.mark.django_db
def test_code_is_kept_for_its_owner_until_somebody_exists() -> None:
    code = setup.prepare_setup()
    assert code
    assert len(code) == 14
    assert setup.prepare_setup() == code
    assert stat.S_IMODE(CODE.stat().st_mode) == 0o600
    assert setup.is_right_code(code)
    assert setup.is_right_code(f" {code.lower().replace('-', '')} ")
    assert not setup.is_right_code(code[:-1])
    User.objects.create_user("alice@example.com", name="Alice")
    assert setup.prepare_setup() is None
    assert not CODE.exists()
    assert not setup.is_right_code(code)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_administrator() -> None:
    setup.prepare_setup()
    outcomes = at_once(
        *(
            lambda n=n: setup.create_first_administrator(
                email=f"person{n}@example.com", name=f"Person {n}", password="blue-kettle-31"
            )
            for n in range(6)
        )
    )
    made = [outcome for outcome in outcomes if isinstance(outcome, User)]
    assert User.objects.count() == len(made) == 1
    assert sum(isinstance(one, setup.AlreadySetUpError) for one in outcomes) == 5
    assert not CODE.exists()


@pytest.mark.django_db
def test_database_itself_allows_one_first_administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write without the lock, as on a database that does not hold the second writer back."""
    first = {"email": "a@example.com", "name": "A", "password": "blue-kettle-31"}
    setup.create_first_administrator(**first)
    monkeypatch.setattr(setup, "has_people", lambda: False)
    with pytest.raises(setup.AlreadySetUpError):
        setup.create_first_administrator(**first | {"email": "b@example.com"})
    assert User.objects.get().email == "a@example.com"


@pytest.mark.django_db
def test_environment_makes_the_first_administrator_once(settings: Settings) -> None:
    settings.CHATSITE_ADMIN_EMAIL = "Rita@Example.com"
    settings.CHATSITE_ADMIN_PASSWORD = "blue-kettle-31"
    setup.apply_environment()
    setup.apply_environment()
    rita = User.objects.get()
    assert (rita.email, rita.name, rita.is_administrator) == ("rita@example.com", "Rita", True)
    assert rita.check_password("blue-kettle-31")
    settings.CHATSITE_ADMIN_PASSWORD = "x"
    setup.apply_environment()
    rita.refresh_from_db()
    assert rita.check_password("blue-kettle-31")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("rita", "blue-kettle-31", "CHATSITE_ADMIN_EMAIL"),
        ("", "blue-kettle-31", "CHATSITE_ADMIN_EMAIL"),
        ("rita@example.com", "", "CHATSITE_ADMIN_PASSWORD"),
        ("rita@example.com", "password", "too common"),
        ("rita@example.com", "short", "too short"),
        ("rita@example.com", "rita@example.com", "too similar"),
    ],
)
def test_environment_that_cannot_be_used_is_refused_with_words(
    settings: Settings, email: str, password: str, words: str
) -> None:
    settings.CHATSITE_ADMIN_EMAIL, settings.CHATSITE_ADMIN_PASSWORD = email, password
    with pytest.raises(ImproperlyConfigured, match=words):
        setup.apply_environment()
    assert not User.objects.exists()


@pytest.mark.django_db
def test_without_an_environment_nobody_is_made(settings: Settings) -> None:
    settings.CHATSITE_ADMIN_EMAIL = settings.CHATSITE_ADMIN_PASSWORD = ""
    setup.apply_environment()
    assert not User.objects.exists()
