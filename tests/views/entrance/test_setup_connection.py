from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from conversations.actions.connections import ConnectionFields
from conversations.actions.managed_connections import sync_demo_connection
from conversations.models import Connection, User
from conversations.upstream.verification import Verification, VerificationKind
from conversations.views.entrance import setup_connection
from tests.fakes import behaviours
from tests.fakes.reply import Reply
from tests.fakes.upstream import FakeUpstream

SignedIn = Callable[[User], Client]
KEY = "sk-test-0123456789abcdef"


def typed(upstream: FakeUpstream, **fields: str) -> dict[str, str]:
    return {
        "name": "Team",
        "base_url": upstream.url,
        "auth_style": "x-api-key",
        "key": KEY,
        "serves_all_models": "True",
    } | fields


def test_page_offers_the_documented_api_and_the_demo(rita: User, signed_in: SignedIn) -> None:
    page = signed_in(rita).get("/setup/connection/").content.decode()
    assert 'value="https://api.agentpivot.ai"' in page
    assert 'href="https://agentpivot.ai/"' in page
    assert 'href="/">Continue with the demo</a>' in page


def test_tested_connection_is_kept_for_the_team(
    rita: User, signed_in: SignedIn, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.say("Fine.")
    response = signed_in(rita).post("/setup/connection/", typed(fake_upstream))
    assert (response.status_code, response["Location"]) == (302, "/")
    connection = Connection.objects.get()
    assert (connection.owner, connection.key) == (None, KEY)
    assert connection.serves_all_models
    assert len(fake_upstream.requests) == 1


@pytest.mark.parametrize(("status", "words"), [(401, "refused the key"), (500, "had an error")])
def test_connection_that_fails_is_told_and_not_kept(
    rita: User, signed_in: SignedIn, fake_upstream: FakeUpstream, status: int, words: str
) -> None:
    fake_upstream.script(*[behaviours.fail(status, "no")] * 2)
    response = signed_in(rita).post("/setup/connection/", typed(fake_upstream, name="Ours"))
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert 'value="Ours"' in page
    # The key stays in its field, so that nobody has to look for it again.
    assert f'value="{KEY}"' in page
    assert "no-store" in response["Cache-Control"]
    assert KEY not in signed_in(rita).get("/setup/connection/").content.decode()
    assert not Connection.objects.exists()


@pytest.mark.parametrize("style", Connection.AuthStyle.values)
def test_the_header_for_the_key_is_found_by_the_test(
    rita: User, signed_in: SignedIn, fake_upstream: FakeUpstream, style: str
) -> None:
    name = {"x-api-key": "x-api-key", "bearer": "authorization"}[style]

    async def behave(reply: Reply) -> None:
        is_right = name in {header.lower() for header in reply.request.headers}
        await (behaviours.say("Fine.") if is_right else behaviours.fail(401, "no"))(reply)

    fake_upstream.script(behave, behave)
    fields = typed(fake_upstream)
    del fields["auth_style"]
    assert signed_in(rita).post("/setup/connection/", fields).status_code == 302
    assert Connection.objects.get().auth_style == style


def test_key_that_works_is_kept_though_a_pause_is_asked_for(
    rita: User, signed_in: SignedIn, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.fail(429, "slow down")
    signed_in(rita).post("/setup/connection/", typed(fake_upstream))
    assert Connection.objects.count() == 1


def test_address_of_the_sign_in_is_replaced_by_the_api(
    rita: User, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch, fake_upstream: FakeUpstream
) -> None:
    """Replace the request, because the provider's hosts cannot be reached from a test."""
    asked = []

    def verify(
        fields: ConnectionFields, *, owner: User | None, model: str
    ) -> tuple[ConnectionFields, Verification]:
        asked.append(fields.base_url)
        if len(asked) == 1:
            return fields, Verification(VerificationKind.NOT_AN_API, 1, reason="html")
        return fields, Verification(VerificationKind.OK, 1, model=model)

    monkeypatch.setattr(setup_connection, "verify_fields", verify)
    fields = typed(fake_upstream, base_url="https://agentpivot.ai/v1")
    page = signed_in(rita).post("/setup/connection/", fields, follow=True).content.decode()
    assert asked == ["https://agentpivot.ai", "https://api.agentpivot.ai"]
    assert Connection.objects.get().base_url == "https://api.agentpivot.ai"
    assert "Connected to https://api.agentpivot.ai." in page


def test_page_is_left_out_where_the_team_is_connected(
    rita: User, signed_in: SignedIn, upstream_connection: Connection
) -> None:
    assert signed_in(rita).get("/setup/connection/")["Location"] == "/"


def test_demo_is_no_reason_to_leave_it_out(rita: User, signed_in: SignedIn) -> None:
    sync_demo_connection("http://127.0.0.1:9", KEY)
    assert signed_in(rita).get("/setup/connection/").status_code == 200


def test_step_is_for_administrators(rita: User, alice: User, signed_in: SignedIn) -> None:
    for call in ("get", "post"):
        referer = {"Referer": "http://testserver/setup/connection/"}
        response = getattr(Client(), call)("/setup/connection/", headers=referer)
        assert response["Location"] == "/accounts/login/?next=/setup/connection/"
        assert getattr(signed_in(alice), call)("/setup/connection/").status_code == 403


def test_other_sites_connect_nothing(rita: User, fake_upstream: FakeUpstream) -> None:
    client = Client(enforce_csrf_checks=True, headers={"origin": "https://evil.example"})
    client.force_login(rita)
    assert client.post("/setup/connection/", typed(fake_upstream)).status_code == 403
    assert fake_upstream.requests == []
