"""HTTP tools in a run: offered, approved, run, and their results sent to the model."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from conversations.actions import http_tools as actions
from conversations.actions.messages import Parameters
from conversations.models import HttpTool, TeamSettings, ToolApproval, User, WireRecord
from conversations.models.http_tools import Header
from tests.fakes import behaviours
from tests.fakes.upstream import FakeUpstream
from tests.fakes.website import FakeSite, serve
from tests.generation.helpers import answer_of, ask, decide_call, ended, gone_on, resting, results
from tests.http_tools import CITY, SECRET, tool
from tests.transfer.exporting import Download

pytestmark = pytest.mark.usefixtures("running_engine", "upstream_connection")
SignIn = Callable[[User], Client]
ULM = '{"city": "Ulm"}'


@pytest.fixture
def site(settings: Settings) -> Iterator[FakeSite]:
    settings.TOOL_ALLOWED_HOSTS = ["127.0.0.1"]
    with FakeSite() as fake:
        fake.pages["/w/Ulm"] = serve('{"t": 7}', "application/json")
        fake.pages["/w"] = serve('{"ok": true}', "application/json")
        yield fake


def names(body: dict[str, Any]) -> list[str]:
    return [each["function"]["name"] for each in body.get("tools", [])]


def test_a_get_runs_unasked_and_the_model_reads_what_came(
    alice: User, fake_upstream: FakeUpstream, site: FakeSite
) -> None:
    tool(alice, f"{site.url}/w/{{city}}")
    fake_upstream.call(("get_weather", ULM))
    fake_upstream.say("7 degrees.")
    sent = ask(alice)
    assert ended(sent.generation).status == "completed"
    first, second = fake_upstream.bodies
    # The example of tools of the documented API.
    assert first["tools"][-1] == {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Tells the weather",
            "parameters": CITY,
        },
    }
    said = 'Status: 200 OK\nContent-Type: application/json\n\n{"t": 7}'
    assert results(answer_of(sent)) == {"call_1": ("done", said)}
    assert second["messages"][-1] == {"role": "tool", "tool_call_id": "call_1", "content": said}
    assert site.requests[0].headers["authorization"] == SECRET
    assert "tk-9876" not in json.dumps(fake_upstream.bodies)


@pytest.mark.parametrize(
    ("method", "own", "person", "team", "asks"),
    [
        ("GET", "", "", "", False),
        ("HEAD", "", "", "", False),
        ("POST", "", "", "", True),
        ("PUT", "", "", "", True),
        ("PATCH", "", "", "", True),
        ("DELETE", "", "", "", True),
        ("POST", "run", "", "", False),
        ("GET", "always", "", "", True),
        ("GET", "", "always", "", True),
        ("GET", "", "", "once", True),
        ("POST", "", "run", "run", True),
    ],
)
def test_the_strictest_of_tool_person_and_team_holds(
    alice: User,
    fake_upstream: FakeUpstream,
    site: FakeSite,
    *,
    method: str,
    own: str,
    person: str,
    team: str,
    asks: bool,
) -> None:
    tool(alice, f"{site.url}/w", method=method, mode=own)
    TeamSettings.objects.create(tool_modes={"get_weather": team} if team else {})
    alice.tool_modes = {"get_weather": person} if person else {}
    alice.save()
    fake_upstream.call(("get_weather", ULM))
    sent = ask(alice)
    if asks:
        resting(sent)
        assert site.accepted == 0
    else:
        assert gone_on(sent.answer).status == "completed"
        assert site.accepted == 1
    assert ToolApproval.objects.exists() == asks


def test_a_post_waits_and_runs_with_the_edited_arguments(
    alice: User, fake_upstream: FakeUpstream, site: FakeSite, signed_in: SignIn
) -> None:
    tool(alice, f"{site.url}/w", method="POST")
    fake_upstream.call(("get_weather", ULM))
    fake_upstream.say("Done.")
    message = resting(ask(alice))
    assert site.accepted == 0
    url = reverse("approval", args=[message.conversation_id, message.pk])
    fields = {"call": "call_1", "decision": "allow", "arguments": '{"city": 7}'}
    json_wanted = {"accept": "application/json"}
    assert signed_in(alice).post(url, fields, headers=json_wanted).status_code == 422
    signed_in(alice).post(url, fields | {"arguments": '{"city": "Bonn"}'})
    assert gone_on(message).status == "completed"
    assert [request.json for request in site.requests] == [{"city": "Bonn"}]
    message.refresh_from_db()
    assert results(message)["call_1"][0] == "done"


def test_once_asks_once(alice: User, fake_upstream: FakeUpstream, site: FakeSite) -> None:
    tool(alice, f"{site.url}/w", method="POST", mode="once")
    fake_upstream.call(("get_weather", ULM))
    fake_upstream.say("Done.")
    message = resting(ask(alice))
    decide_call(alice, message, arguments=ULM)
    gone_on(message)
    fake_upstream.call(("get_weather", ULM))
    fake_upstream.say("Again.")
    again = ask(alice, "Again", conversation=message.conversation)
    assert gone_on(again.answer).status == "completed"
    assert len(site.requests) == 2


@pytest.mark.parametrize(
    ("edit", "asks"), [({"description": "Else"}, False), ({"method": "DELETE"}, True)]
)
def test_what_is_changed_is_asked_about_again(
    alice: User, fake_upstream: FakeUpstream, site: FakeSite, edit: dict[str, str], *, asks: bool
) -> None:
    row = tool(alice, f"{site.url}/w", method="POST", mode="once")
    fake_upstream.call(("get_weather", ULM))
    fake_upstream.say("Done.")
    message = resting(ask(alice))
    decide_call(alice, message, arguments=ULM)
    gone_on(message)
    names = ("name", "description", "schema", "method", "url_template", "mode")
    fields = {name: getattr(row, name) for name in names} | edit
    headers = (Header("Authorization", "", is_secret=True),)
    actions.change(row, fields=actions.ToolFields(**fields, headers=headers), actor=alice)
    fake_upstream.call(("get_weather", ULM))
    fake_upstream.say("Again.")
    again = ask(alice, "Again", conversation=message.conversation)
    if asks:
        resting(again)
    else:
        assert gone_on(again.answer).status == "completed"


def test_a_tool_that_goes_while_it_waits_is_not_run(
    alice: User, fake_upstream: FakeUpstream, site: FakeSite
) -> None:
    row = tool(alice, f"{site.url}/w", method="POST")
    fake_upstream.call(("get_weather", ULM))
    fake_upstream.say("Pity.")
    message = resting(ask(alice))
    actions.set_enabled(row, is_enabled=False, actor=alice)
    decide_call(alice, message, arguments=ULM)
    gone_on(message)
    message.refresh_from_db()
    assert results(message)["call_1"][0] == "failed"
    assert site.accepted == 0


def test_every_failure_is_a_result(
    alice: User, fake_upstream: FakeUpstream, site: FakeSite
) -> None:
    site.pages["/w/Ulm"] = behaviours.fail(503, b"Closed on Mondays", content_type="text/plain")
    tool(alice, f"{site.url}/w/{{city}}")
    tool(alice, f"http://localhost:{site.port}/", name="inside")
    tool(alice, f"{site.url}/w", name="locked")
    HttpTool.objects.filter(name="locked").update(
        encrypted_secrets=Fernet(Fernet.generate_key()).encrypt(b"{}").decode()
    )
    fake_upstream.call(
        ("get_weather", ULM), ("get_weather", '{"city": ".."}'), ("inside", ULM), ("locked", ULM)
    )
    fake_upstream.say("I see.")
    sent = ask(alice)
    assert ended(sent.generation).status == "completed"
    found = results(answer_of(sent))
    assert {state for state, _ in found.values()} == {"failed"}
    assert "503" in found["call_1"][1]
    assert "Closed on Mondays" in found["call_1"][1]
    assert "another place of the server" in found["call_2"][1]
    assert "not on the public internet" in found["call_3"][1]
    assert "secrets cannot be opened" in found["call_4"][1]
    assert len(site.requests) == 1


def test_nobody_else_s_tool_is_offered_run_or_named(
    alice: User, charlie: User, rita: User, fake_upstream: FakeUpstream, site: FakeSite
) -> None:
    tool(alice, f"{site.url}/w/{{city}}")
    tool(None, f"{site.url}/w", rita, name="team_tool")
    for stranger in (charlie, rita):
        fake_upstream.call(("get_weather", ULM))
        fake_upstream.say("No.")
        sent = ask(stranger, parameters=Parameters(tools=True, tool_choice="get_weather"))
        ended(sent.generation)
        body = fake_upstream.bodies[-2]
        assert "get_weather" not in names(body)
        assert "team_tool" in names(body)
        assert "tool_choice" not in body
        state, said = results(answer_of(sent))["call_1"]
        assert (state, 'no tool named "get_weather"' in said) == ("failed", True)
    assert site.accepted == 0
    ended(ask(alice).generation)
    assert names(fake_upstream.bodies[-1])[-2:] == ["get_weather", "team_tool"]


def test_an_own_tool_stands_before_the_team_s_and_none_before_a_built_in_one(
    alice: User, rita: User, fake_upstream: FakeUpstream, site: FakeSite
) -> None:
    tool(None, f"{site.url}/team", rita)
    tool(alice, f"{site.url}/w/{{city}}", description="Mine")
    tool(alice, f"{site.url}/w", name="calculator")
    disabled = tool(alice, f"{site.url}/w", name="asleep")
    actions.set_enabled(disabled, is_enabled=False, actor=alice)
    ended(ask(alice).generation)
    offered = fake_upstream.bodies[0]["tools"]
    assert [each["function"]["description"] for each in offered[5:]] == ["Mine"]
    assert names(fake_upstream.bodies[0]).count("calculator") == 1


def test_what_is_switched_off_is_not_offered(
    alice: User, bob: User, fake_upstream: FakeUpstream, site: FakeSite
) -> None:
    tool(alice, f"{site.url}/w/{{city}}")
    alice.tool_modes = {"calculator": "off", "get_weather": "off"}
    alice.save()
    TeamSettings.objects.create(tool_modes={"read_web_page": "off"})
    fake_upstream.call(("get_weather", ULM))
    fake_upstream.say("No.")
    sent = ask(alice, parameters=Parameters(tools=True, tool_choice="calculator"))
    ended(sent.generation)
    assert names(fake_upstream.bodies[0]) == [
        "current_time",
        "search_conversations",
        "make_image",
    ]
    assert "tool_choice" not in fake_upstream.bodies[0]
    assert results(answer_of(sent))["call_1"][0] == "failed"
    assert site.accepted == 0
    ended(ask(bob).generation)
    offered = ["current_time", "calculator", "search_conversations", "make_image"]
    assert names(fake_upstream.bodies[-1]) == offered


def test_one_of_them_can_be_the_one_that_is_called(
    alice: User, fake_upstream: FakeUpstream, site: FakeSite
) -> None:
    tool(alice, f"{site.url}/w/{{city}}")
    ended(ask(alice, parameters=Parameters(tools=True, tool_choice="get_weather")).generation)
    named = {"type": "function", "function": {"name": "get_weather"}}
    assert fake_upstream.bodies[0]["tool_choice"] == named


def test_a_secret_is_in_no_record(
    alice: User,
    fake_upstream: FakeUpstream,
    site: FakeSite,
    signed_in: SignIn,
    caplog: pytest.LogCaptureFixture,
) -> None:
    site.pages["/w/Ulm"] = serve(f"You sent {SECRET}.", "text/plain")
    tool(alice, f"{site.url}/w/{{city}}")
    fake_upstream.call(("get_weather", ULM))
    fake_upstream.say("Seven.")
    sent = ask(alice)
    ended(sent.generation)
    message = answer_of(sent)
    assert "You sent ••••zyxw." in results(message)["call_1"][1]
    client = signed_in(alice)
    place = [message.conversation_id, message.pk]
    for url in (reverse("conversation", args=place[:1]), reverse("wire", args=place)):
        assert "••••zyxw" in (page := client.get(url).content.decode())
        assert "tk-9876" not in page
    for name in ("json", "markdown", "html"):
        text = Download(alice, reverse("conversation_export", args=[place[0], name])).text
        assert "Seven." in text
        assert "tk-9876" not in text
    assert WireRecord.objects.exists()
    assert "tk-9876" not in caplog.text
