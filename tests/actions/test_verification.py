"""Network checks of a connection: its address, and the loop on which they run."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from conversations.actions.connections import ConnectionFields
from conversations.actions.verification import AddressError, check_address, verify_fields
from conversations.models import User
from conversations.upstream.verification import VerificationKind
from tests.conftest import EngineThread
from tests.fakes.upstream import FakeUpstream


def refusal(base_url: str, owner: User | None) -> str:
    try:
        check_address(base_url, owner=owner)
    except AddressError as error:
        return error.code
    return ""


@pytest.mark.parametrize(
    ("base_url", "code"),
    [
        ("http://api.example.org", "https_required"),
        ("https://127.0.0.1", "not_public"),
        ("https://10.0.0.8:8443", "not_public"),
        ("https://[::1]", "not_public"),
        ("https://127.1", "bad_host"),
        ("https://169.254.169.254", "not_public"),
        ("https://no-such-host.invalid", "not_found"),
        ("https://93.184.215.14", ""),
    ],
)
def test_an_own_connection_leads_to_the_public_internet(base_url: str, code: str) -> None:
    assert refusal(base_url, User()) == code


def test_an_own_connection_may_lead_to_an_allowed_host(settings: Settings) -> None:
    settings.UPSTREAM_ALLOWED_HOSTS = ["127.0.0.1:8443"]
    assert refusal("http://127.0.0.1:8443", User()) == ""
    assert refusal("http://127.0.0.1:9000", User()) == "https_required"


def test_a_connection_of_the_team_may_lead_anywhere() -> None:
    assert refusal("http://10.0.0.8:8080", None) == ""


def test_a_connection_is_tested_beside_a_running_engine(
    running_engine: EngineThread, fake_upstream: FakeUpstream
) -> None:
    fields = ConnectionFields(name="Fake", base_url=fake_upstream.url, key="sk-test")
    _, result = verify_fields(fields, owner=None, model="gpt-4o")
    assert result.kind is VerificationKind.OK
    assert len(fake_upstream.requests) == 1


def test_without_an_engine_it_has_a_loop_of_its_own(fake_upstream: FakeUpstream) -> None:
    fields = ConnectionFields(name="Fake", base_url=fake_upstream.url, key="sk-test")
    found, result = verify_fields(fields, owner=None, model="gpt-4o")
    assert (found, result.kind) == (fields, VerificationKind.OK)
