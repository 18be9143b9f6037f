"""Settings → Tools: how tools are made, tried and changed, and permissions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from conversations.actions import http_tools as actions
from conversations.forms import http_tools as forms
from conversations.models import AuditEntry, HttpTool, TeamSettings, User
from conversations.models.http_tools import Header
from tests.branches import conversation_of
from tests.fakes import behaviours
from tests.fakes.website import FakeSite, serve
from tests.html import tight
from tests.http_tools import CITY, SECRET, posted, tool

SignIn = Callable[[User], Client]
URL = "https://api.example.org/{city}"
AUTH = ("Authorization", SECRET, True)
NEW, TEAM, LIST = "/settings/tools/new/", "/settings/tools/team/new/", "/settings/tools/"


@pytest.fixture
def site(settings: Settings) -> Iterator[FakeSite]:
    settings.TOOL_ALLOWED_HOSTS = ["127.0.0.1"]
    with FakeSite() as fake:
        yield fake


def page_of(row: HttpTool) -> str:
    return reverse("settings_tool", args=[row.pk])


def test_a_person_makes_changes_and_removes_a_tool(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.get(NEW)
    made = client.post(NEW, posted(URL, AUTH, ("X-Team", "ops", False), ("", "", True)))
    assert made.status_code == 302
    row = HttpTool.objects.get()
    assert (row.owner, row.parameters, row.own_mode) == (alice, CITY, "run")
    assert row.secrets == {"Authorization": SECRET}
    assert row.plain_headers == {"X-Team": "ops"}
    assert SECRET not in json.dumps(row.headers) + row.encrypted_secrets
    kept = posted(URL, ("Authorization", "", True), ("", "", False), initial=2, name="forecast")
    assert client.post(page_of(row), kept).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.secrets, row.plain_headers) == (
        "forecast",
        {"Authorization": SECRET},
        {},
    )
    assert "forecast" in client.get(LIST).content.decode()
    gone = client.post(reverse("tool_deletion", args=[row.pk]), follow=True)
    assert "“forecast” is removed." in gone.content.decode()
    assert not HttpTool.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_secret_is_never_shown_again(alice: User, rita: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.post(NEW, posted(URL, AUTH))
    row = HttpTool.objects.get()
    for url in (LIST, page_of(row), "/", "/settings/defaults/"):
        assert "tk-9876" not in client.get(url).content.decode()
    assert "Stored: ••••zyxw" in client.get(page_of(row)).content.decode()
    # Nor does the page of a refused form contain the secret.
    refused = client.post(NEW, posted("nowhere", ("X-Key", "tk-9876-typed", True)))
    assert refused.status_code == 422
    assert "tk-9876-typed" not in refused.content.decode()
    assert "tk-9876" not in repr(row.__dict__)


def test_a_stored_secret_stays_with_its_server(alice: User, signed_in: SignIn) -> None:
    row = tool(alice, URL)
    client = signed_in(alice)
    elsewhere = posted("https://evil.example.org/{city}", ("Authorization", "", True), initial=1)
    for fields in (elsewhere, {**elsewhere, "try": "on", "argument-city": "Ulm"}):
        page = client.post(page_of(row), fields).content.decode()
        assert "The address points to a different server. Enter its value." in page
    # Nor does it appear when its header is marked as no secret or renamed.
    for header in (("Authorization", "", False), ("X-Other", "", True)):
        refused = client.post(page_of(row), posted(URL, header, initial=1))
        assert refused.status_code == 422
        assert "Enter the value." in refused.content.decode()
    row.refresh_from_db()
    assert row.url_template == URL
    with pytest.raises(actions.SecretRequiredError):
        actions.draft(row, actions.ToolFields(**_fields("https://evil.example.org/{city}")))


def _fields(url: str) -> dict[str, Any]:
    header = Header("Authorization", "", is_secret=True)
    return {
        "name": "x",
        "description": "x",
        "schema": json.dumps(CITY),
        "method": "GET",
        "url_template": url,
        "headers": (header,),
    }


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "get weather"}, "Use letters, digits, _ and - only."),
        ({"name": "Calculator"}, "A built-in tool has this name."),
        ({"name": "x" * 65}, "at most 64"),
        ({"url_template": "ftp://example.org/{city}"}, "This isn’t an address."),
        ({"url_template": "https://{city}.example.org/"}, "This isn’t an address."),
        (
            {"url_template": "https://api.{city}.org/"},
            "Arguments can’t be in the scheme",
        ),
        ({"url_template": "https://a.example/{town}"}, "{town} is in the address, but not among"),
        ({"url_template": "https://a.example/{city}#x"}, "Remove the # and everything after it."),
        ({"schema": "{"}, "This isn’t valid JSON. Check line and column 1:2."),
        ({"schema": '{"type": "array"}'}, "must be an object"),
        ({"schema": '{"type": "object", "required": 1}'}, "This isn’t a JSON Schema:"),
        ({"schema": '{"type":"object","properties":{"city":{}}}'}, "list it under “required”"),
        ({"method": "TRACE"}, "TRACE"),
        ({"mode": "never"}, "never"),
        ({"header-0-name": "Host"}, "sets this header itself"),
        ({"header-0-value": "a\nb"}, "Use one line"),
        ({"header-0-name": "", "header-0-value": "x"}, "Give the header a name."),
        ({"header-1-name": "x-KEY", "header-1-value": "2"}, "Two headers have the same name."),
        ({"header-TOTAL_FORMS": ""}, "Check the headers below."),
    ],
)
def test_what_cannot_be_used_is_refused(
    alice: User, signed_in: SignIn, fields: dict[str, str], sentence: str
) -> None:
    data = posted(URL, ("X-Key", "1", False), ("", "", False)) | fields
    client = signed_in(alice)
    for row in (None, tool(alice, URL, name="stored")):
        refused = client.post(page_of(row) if row else NEW, data)
        assert refused.status_code == 422
        assert sentence in refused.content.decode().replace("&#x27;", "'")
    stored = HttpTool.objects.get()
    assert (stored.name, stored.url_template, stored.parameters) == ("stored", URL, CITY)


def test_names_are_ones_own(alice: User, bob: User, signed_in: SignIn) -> None:
    tool(bob, URL)
    client = signed_in(alice)
    assert client.post(NEW, posted(URL)).status_code == 302
    assert "This name is taken" in client.post(NEW, posted(URL)).content.decode()


def test_there_is_an_end_to_how_many(
    alice: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MAX_TOOLS", 1)
    tool(alice, URL)
    page = signed_in(alice).post(NEW, posted(URL, name="another")).content.decode()
    assert "There are 1 tools already" in page


def test_a_team_tool_is_an_administrators_and_on_the_record(
    alice: User, rita: User, signed_in: SignIn
) -> None:
    assert signed_in(alice).post(TEAM, posted(URL, AUTH)).status_code == 403
    assert signed_in(rita).post(TEAM, posted(URL, AUTH)).status_code == 302
    row = HttpTool.objects.get()
    assert row.is_team
    page = signed_in(alice).get(LIST).content.decode()
    assert "get_weather" in page
    assert page_of(row) not in page
    for url in (page_of(row), reverse("tool_deletion", args=[row.pk])):
        assert signed_in(alice).post(url, posted(URL)).status_code == 404
    signed_in(rita).post(page_of(row), posted(URL, AUTH, initial=1, method="POST"))
    signed_in(rita).post(reverse("tool_availability", args=[row.pk]), {"enabled": ""})
    signed_in(rita).post(reverse("tool_deletion", args=[row.pk]))
    kinds = [entry.kind for entry in AuditEntry.objects.order_by("id")]
    assert kinds == ["tool_added", "tool_changed", "tool_changed", "tool_removed"]
    assert AuditEntry.objects.order_by("id")[1].changes == {
        "method": "POST",
        "headers": ["Authorization"],
    }
    assert "tk-9876" not in str(list(AuditEntry.objects.values()))


def test_a_strangers_tool_is_not_there(
    alice: User, charlie: User, rita: User, signed_in: SignIn
) -> None:
    row = tool(alice, URL)
    nobodys = reverse("settings_tool", args=["00000000-0000-0000-0000-000000000007"])
    for stranger in (charlie, rita):
        client = signed_in(stranger)
        for url in (LIST, "/", "/settings/defaults/", "/settings/presets/new/"):
            assert "get_weather" not in client.get(url).content.decode()
        assert client.get(page_of(row)).content == client.get(nobodys).content
        assert client.get(page_of(row)).status_code == 404
        trial = {**posted(URL), "try": "on", "argument-city": "Ulm"}
        for fields in (posted(URL), trial):
            assert client.post(page_of(row), fields).status_code == 404
        for name in ("tool_availability", "tool_deletion"):
            assert client.post(reverse(name, args=[row.pk]), {"enabled": ""}).status_code == 404
    row.refresh_from_db()
    assert row.is_enabled


def test_signed_out_requests_lead_to_the_sign_in(client: Client, alice: User) -> None:
    row = tool(alice, URL)
    for url in (LIST, NEW, TEAM, page_of(row)):
        assert client.get(url).status_code == 302
    assert client.post("/settings/tools/check/", {}).status_code == 302


def test_it_is_tried_as_it_stands_with_the_raw_exchange(
    alice: User, signed_in: SignIn, site: FakeSite
) -> None:
    site.pages["/go/Ulm"] = behaviours.redirect("/w", 302)
    site.pages["/w"] = serve('{"echo": "Bearer tk-9876543210zyxw"}', "application/json")
    data = posted(f"{site.url}/go/{{city}}", AUTH, ("X-Team", "ops", False))
    page = signed_in(alice).post(NEW, {**data, "try": "on", "argument-city": "Ulm"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "GET /go/Ulm HTTP/1.1" in text
    assert "HTTP/1.1 302 Found" in text
    assert "Authorization: ••••zyxw" in text
    assert "X-Team: ops" in text
    assert "Redirect 1" in text
    assert "HTTP/1.1 200 OK" in text
    assert "Status: 200 OK" in text
    assert "&quot;echo&quot;: &quot;••••zyxw&quot;" in text
    assert "tk-9876" not in text
    assert not HttpTool.objects.exists()
    assert [request.headers["authorization"] for request in site.requests] == [SECRET] * 2


def test_a_stored_tool_is_tried_with_its_stored_secret(
    alice: User, signed_in: SignIn, site: FakeSite
) -> None:
    site.pages["/x"] = behaviours.fail(404, b"<h1>No</h1>", content_type="text/html")
    row = tool(alice, f"{site.url}/x")
    fields = posted(f"{site.url}/x", ("Authorization", "", True), initial=1, method="POST")
    page = signed_in(alice).post(
        page_of(row),
        {**fields, "try": "on", "argument-city": "Köln"},
        headers={"HX-Request": "true"},
    )
    text = page.content.decode()
    assert "It failed after" in text
    assert "{&quot;city&quot;: &quot;Köln&quot;}" in text
    assert "# No" in text
    assert "<form" not in text
    assert site.requests[0].json == {"city": "Köln"}
    assert site.requests[0].headers["authorization"] == SECRET
    row.refresh_from_db()
    assert row.method == "GET"


def test_trials_have_a_limit(
    alice: User, signed_in: SignIn, site: FakeSite, settings: Settings
) -> None:
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "tool_trial": "1/m/user"}
    site.pages["/w/Ulm"] = serve("Rain", "text/plain")
    client = signed_in(alice)
    data = {**posted(f"{site.url}/w/{{city}}"), "try": "on", "argument-city": "Ulm"}
    first, second = (client.post(NEW, data).content.decode() for _ in range(2))
    assert "Wait a minute, then try again." not in first
    assert "Wait a minute, then try again." in second
    assert len(site.requests) == 1


@pytest.mark.django_db(transaction=True)
def test_a_name_that_somebody_takes_meanwhile(
    alice: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(_kind: type[HttpTool], name: str, **_: object) -> None:
        tool(alice, URL, name=name)

    monkeypatch.setattr(forms, "require_free", look)
    refused = signed_in(alice).post(NEW, posted(URL))
    assert refused.status_code == 422
    assert "This name is taken." in refused.content.decode()
    assert HttpTool.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"argument-city": ""}, "“city” is missing."),
        ({"name": "", "argument-city": "Ulm"}, "Name: This field is required."),
        ({"schema": "{", "argument-city": "Ulm"}, "This isn’t valid JSON."),
        ({"header-0-value": "", "argument-city": "Ulm"}, "Value: Enter the value."),
    ],
)
def test_what_cannot_be_tried_says_why(
    alice: User, signed_in: SignIn, site: FakeSite, fields: dict[str, str], sentence: str
) -> None:
    data = {**posted(f"{site.url}/x", AUTH), "try": "on", **fields}
    page = signed_in(alice).post(NEW, data, headers={"HX-Request": "true"})
    assert "Nothing was sent." in page.content.decode()
    assert sentence in page.content.decode()
    assert site.accepted == 0


def test_a_trial_reaches_nothing_inside(alice: User, rita: User, signed_in: SignIn) -> None:
    with FakeSite() as canary:
        for person, url in ((alice, NEW), (rita, TEAM)):
            data = posted(f"http://localhost:{canary.port}/x", AUTH)
            fields = {**data, "try": "on", "argument-city": "Ulm"}
            page = signed_in(person).post(url, fields).content.decode()
            assert "this address is not on the public internet." in page
            assert "No response." in page
        assert canary.accepted == 0


def test_the_schema_is_checked_while_it_is_written(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    schema = {
        "type": "object",
        "properties": {
            "city": {"type": "string", "description": "<b>Which</b>", "default": "Ulm"},
            "days": {"type": "integer", "minimum": 1},
            "units": {"enum": ["C", "F", 3]},
            "exact": {"type": "boolean"},
            "more": {"type": "object"},
        },
        "required": ["city"],
    }
    text = json.dumps(schema)
    good = client.post("/settings/tools/check/", {"schema": text, "argument-days": "7"})
    page = good.content.decode()
    assert "5 parameters" in page
    assert "&lt;b&gt;Which&lt;/b&gt;" in page
    assert re.search(r'<input type="text" name="argument-city" value="Ulm"', page)
    assert re.search(r'<input type="number" name="argument-days" value="7"', page)
    assert page.count("<select") == 2
    assert '<option value="&quot;C&quot;">C</option>' in page
    assert "<textarea" in page
    bad = client.post("/settings/tools/check/", {"schema": text[:-1]}).content.decode()
    assert "This isn’t valid JSON." in bad
    assert "argument-" not in bad
    fields = {"schema": text, "url_template": "https://a.example/{town}"}
    apart = client.post("/settings/tools/check/", fields).content.decode()
    assert "{town} is in the address, but not among the parameters." in apart


def test_arguments_of_every_kind_reach_the_server(
    alice: User, signed_in: SignIn, site: FakeSite
) -> None:
    site.pages["/x"] = serve("", "text/plain")
    kinds = {"s": "string", "i": "integer", "n": "number", "b": "boolean", "o": "object"}
    properties: dict[str, Any] = {name: {"type": kind} for name, kind in kinds.items()}
    properties |= {"e": {"enum": [1, "1"]}, "empty": {"type": "string"}}
    schema = json.dumps({"type": "object", "properties": properties})
    data = {
        **posted(f"{site.url}/x", schema=schema, method="POST"),
        "try": "on",
        "argument-s": " a ",
        "argument-i": "3",
        "argument-n": "3",
        "argument-b": "false",
        "argument-o": '{"a": [null]}',
        "argument-e": '"1"',
        "argument-empty": "",
    }
    signed_in(alice).post(NEW, data)
    expected = {"s": " a ", "i": 3, "n": 3, "b": False, "o": {"a": [None]}, "e": "1"}
    assert site.requests[0].json == expected
    signed_in(alice).post(NEW, data | {"argument-o": "{"})
    assert len(site.requests) == 1


def test_a_tool_is_named_wherever_tools_are_chosen(alice: User, signed_in: SignIn) -> None:
    tool(alice, URL, method="POST")
    client = signed_in(alice)
    for url in ("/", "/settings/defaults/", "/settings/presets/new/"):
        assert '<option value="get_weather">get_weather</option>' in tight(
            client.get(url).content.decode()
        )
    assert "Tells the weather" in client.get("/").content.decode()
    page = client.get("/settings/defaults/").content.decode()
    assert "Tool’s own setting: Always asks" in page
    client.post("/settings/defaults/", {"tool_choice": "get_weather", "mode_get_weather": "once"})
    alice.refresh_from_db()
    assert (alice.tool_choice, alice.tool_modes) == ("get_weather", {"get_weather": "once"})
    client.post("/settings/defaults/", {"mode_calculator": "off"})
    assert 'value="calculator:off:off' not in client.get("/").content.decode()
    assert "calculator:off:off" in client.get("/").content.decode()
    client.post(reverse("tool_availability", args=[HttpTool.objects.get().pk]), {"enabled": ""})
    assert 'value="get_weather"' not in client.get("/").content.decode()


def test_a_new_name_takes_what_was_said_of_the_old_one_along(
    alice: User, rita: User, signed_in: SignIn
) -> None:
    row = tool(None, URL, rita)
    alice.tool_modes = {"get_weather": "always", "calculator": "once"}
    alice.save()
    TeamSettings.objects.create(tool_modes={"get_weather": "once"})
    signed_in(rita).post(page_of(row), posted(URL, AUTH, initial=1, name="forecast"))
    alice.refresh_from_db()
    assert alice.tool_modes["forecast"] == "always"
    assert TeamSettings.objects.get().tool_modes["forecast"] == "once"


def test_secrets_move_under_the_newest_key(
    alice: User, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    row, plain = tool(alice, URL), tool(alice, URL, name="plain", headers=())
    new = Fernet.generate_key().decode()
    settings.FIELD_ENCRYPTION_KEYS = [new, *settings.FIELD_ENCRYPTION_KEYS]
    call_command("rotate_keys")
    assert "1 key or secret" in capsys.readouterr().out
    settings.FIELD_ENCRYPTION_KEYS = [new]
    for each in (row, plain):
        each.refresh_from_db()
    assert (row.secrets, plain.secrets) == ({"Authorization": SECRET}, {})
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="get_weather"):
        call_command("rotate_keys")


def test_a_secret_that_no_key_opens_is_asked_for_again(
    alice: User, settings: Settings, signed_in: SignIn
) -> None:
    row = tool(alice, URL)
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    kept = posted(URL, ("Authorization", "", True), initial=1)
    for fields in (kept, {**kept, "try": "on", "argument-city": "Ulm"}):
        page = signed_in(alice).post(page_of(row), fields).content.decode()
        assert "The value of “Authorization” can’t be decrypted." in page
    assert signed_in(alice).post(page_of(row), posted(URL, AUTH, initial=1)).status_code == 302


def test_lists_take_the_same_queries_however_long(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.get("/")
    counts = []
    for number in range(3):
        tool(alice, URL, name=f"tool_{number}")
        for url in (LIST, "/", "/settings/defaults/"):
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counts.append(len(queries))
    assert counts[:3] == counts[3:6] == counts[6:]


def test_a_new_name_takes_the_modes_of_conversations_along(alice: User) -> None:
    row = tool(alice, URL, method="POST")
    conversation = conversation_of(alice)
    conversation.tool_modes = {row.name: "once", "calculator": "off"}
    conversation.save()
    fields = {name: getattr(row, name) for name in ("description", "schema", "method")}
    given = actions.ToolFields(name="forecast", url_template=row.url_template, **fields)
    actions.change(row, fields=given, actor=alice)
    conversation.refresh_from_db()
    assert conversation.tool_modes["forecast"] == "once"
