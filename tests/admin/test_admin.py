"""Django's admin: access, permitted actions, and secrets that are never shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.contrib import admin
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from conversations.actions import audit, connections, language_models
from conversations.actions.connections import ConnectionFields
from conversations.models import AuditEntry, Connection, Conversation, LanguageModel, User
from tests.admin.content import HOSTILE, converse

SignIn = Callable[[User], Client]
KEY = "sk-admin-0123456789abcdef"
LISTS = ["user", "connection", "languagemodel", "conversation", "auditentry"]


def patterns(found: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in found:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns, route)
        else:
            yield route


def admin_paths(row: Conversation) -> list[str]:
    """Return every address under /admin/, with ids of existing rows."""
    routes = [route for route in patterns(get_resolver().url_patterns) if route.startswith("admin")]
    assert len(routes) > 30
    plain = ["admin/conversations/" if "(?P" in route else route for route in routes]
    return ["/" + re.sub(r"<[^>]+>", str(row.pk), route) for route in plain]


def own(owner: User | None, name: str = "Team") -> Connection:
    fields = ConnectionFields(name=name, base_url="https://one.example", key=KEY)
    return connections.create(owner=owner, fields=fields)


@pytest.fixture
def rows(alice: User, rita: User) -> Conversation:
    own(None)
    own(alice, "Hers")
    language_models.change(LanguageModel.objects.get(name="gpt-4o"), actor=rita, is_plain=True)
    return converse(alice)


def detail_paths(rows: Conversation) -> list[str]:
    return [
        reverse(f"admin:conversations_{name}_change", args=[model._default_manager.latest("id").pk])
        for name, model in {
            "user": User,
            "connection": Connection,
            "languagemodel": LanguageModel,
            "conversation": Conversation,
            "auditentry": AuditEntry,
        }.items()
    ]


def test_no_address_lets_anybody_else_in(
    rows: Conversation, bob: User, alice: User, signed_in: SignIn
) -> None:
    for path in admin_paths(rows):
        for client in (Client(), signed_in(bob), signed_in(alice)):
            for response in (client.get(path), client.post(path)):
                assert response.status_code in {302, 403, 404, 405}, path
                if response.status_code == 302:
                    to = response["Location"]
                    assert to.startswith(("/accounts/", "/admin/", "/settings/security/")), path
    assert not AuditEntry.objects.filter(kind=AuditEntry.Kind.CONVERSATION_OPENED).exists()


def test_nothing_is_added_changed_or_removed_here(
    rows: Conversation, rita: User, signed_in: SignIn
) -> None:
    client = signed_in(rita)
    before = list(User.objects.order_by("pk").values())
    for name in LISTS:
        add = client.get(reverse(f"admin:conversations_{name}_add"))
        assert add.status_code == 403, name
    for path in detail_paths(rows):
        assert client.post(path, {"name": "x", "title": "x"}).status_code in {403, 405}, path
        delete = path.replace("/change/", "/delete/")
        assert {client.get(delete).status_code, client.post(delete).status_code} == {403}, path
        assert client.get(path.replace("/change/", "/history/")).status_code == 404
    assert list(User.objects.order_by("pk").values()) == before
    assert {model.__name__ for model in admin.site._registry} == {
        "AuditEntry",
        "Connection",
        "Conversation",
        "LanguageModel",
        "User",
    }


def test_no_page_holds_a_key_or_a_password(
    rows: Conversation, rita: User, signed_in: SignIn
) -> None:
    client = signed_in(rita)
    secrets = [KEY, KEY[-4:], *Connection.objects.values_list("encrypted_key", flat=True)]
    secrets += User.objects.values_list("password", flat=True)
    lists = [reverse(f"admin:conversations_{name}_changelist") for name in LISTS]
    for path in ["/admin/", *lists, *detail_paths(rows)]:
        response = client.get(path)
        assert response.status_code == 200, path
        text = response.content.decode()
        assert not [secret for secret in secrets if secret in text], path


@pytest.mark.parametrize(
    "path",
    [
        "user/?password__startswith=md5",
        "user/?password=x",
        "connection/?encrypted_key__startswith=g",
        "connection/?key_hint=cdef",
        "connection/?owner__password__startswith=m",
        "conversation/?owner__password__startswith=m",
        "conversation/?messages__parts__icontains=x",
        "conversation/?system_prompt__icontains=x",
        "auditentry/?changes__icontains=x",
    ],
)
def test_no_address_lets_guess_at_a_column(
    rita: User, signed_in: SignIn, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert signed_in(rita).get(f"/admin/conversations/{path}").status_code == 400


def test_the_filters_work(rows: Conversation, rita: User, alice: User, signed_in: SignIn) -> None:
    client = signed_in(rita)
    converse(rita, title="Other")
    path = reverse("admin:conversations_conversation_changelist")

    def titles(query: dict[str, str]) -> set[str]:
        response = client.get(path, query)
        assert response.status_code == 200
        return {row.title for row in response.context["cl"].result_list}

    assert titles({}) == {"Travel", "Other"}
    assert titles({"owner__id__exact": str(alice.pk)}) == {"Travel"}
    other = LanguageModel.objects.get(name="gpt-4")
    assert titles({"model__id__exact": str(other.pk)}) == set()
    assert titles({"created__gte": "2999-01-01 00:00:00+00:00"}) == set()
    for name, query in [
        ("user", {"role__exact": "member", "is_active__exact": "1"}),
        ("connection", {"source__exact": "person"}),
        ("languagemodel", {"q": "GPT-4", "capability__exact": "chat"}),
        ("auditentry", {"kind__exact": "conversation_opened"}),
    ]:
        found = client.get(reverse(f"admin:conversations_{name}_changelist"), query)
        assert found.status_code == 200, name


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("travel", True),
        ("alice", True),
        ("北京的天气", True),
        ('"say \\"hi\\""', True),
        ("Hm", True),
        ("travel nothing", False),
        ("travel 北京的", True),
        ("%", False),
        ("'", False),
        ("type", False),
    ],
)
def test_search_reads_titles_people_and_messages(
    alice: User, rita: User, signed_in: SignIn, term: str, found: bool
) -> None:
    converse(alice, asked='北京的天气? say "hi"')
    path = reverse("admin:conversations_conversation_changelist")
    response = signed_in(rita).get(path, {"q": term})
    assert bool(response.context["cl"].result_count) is found
    assert "北京的天气" not in response.content.decode().replace(f'value="{term}"', "").replace(
        term, ""
    )
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_the_database_as_often_for_20_as_for_10(
    rita: User,
    signed_in: SignIn,
    name: str,
    django_assert_max_num_queries: Callable[[int], CaptureQueriesContext],
) -> None:
    client = signed_in(rita)
    path = reverse(f"admin:conversations_{name}_changelist")

    def queries(start: int) -> int:
        for number in range(start, start + 10):
            person = User.objects.create_user(f"p{number}@example.com", name=f"P{number}")
            own(person, f"C{number}")
            converse(person)
            language_models.add(name=f"m{number}", display_name="", capability="chat")
        client.get(path)
        with django_assert_max_num_queries(15) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    assert queries(0) == queries(10)


def test_hostile_names_are_text(rita: User, alice: User, signed_in: SignIn) -> None:
    User.objects.filter(pk=alice.pk).update(name=HOSTILE)
    alice.refresh_from_db()
    connection = own(alice, HOSTILE[:100])
    model = LanguageModel.objects.create(name=HOSTILE, display_name=HOSTILE)
    row = converse(alice, title=HOSTILE)
    audit.record_opening(row, actor=rita)
    client = signed_in(rita)
    lists = [reverse(f"admin:conversations_{name}_changelist") for name in LISTS]
    rows = {"user": alice, "connection": connection, "languagemodel": model, "conversation": row}
    details = [
        reverse(f"admin:conversations_{name}_change", args=[thing.pk])
        for name, thing in rows.items()
    ]
    for path in [*lists, *details, "/settings/security/"]:
        text = client.get(path).content.decode()
        assert "<script>window" not in text, path
        assert '<img src="/x"' not in text, path
        if path in details:
            assert "&lt;script&gt;window.__xss" in text, path


def test_the_admin_has_no_way_of_its_own_to_passwords_and_sessions(
    rita: User, signed_in: SignIn
) -> None:
    client = signed_in(rita)
    assert client.get("/admin/password_change/")["Location"] == "/settings/security/"
    assert client.get("/admin/logout/")["Location"] == "/accounts/logout/"


def test_the_pages_speak_chinese(rows: Conversation, rita: User, signed_in: SignIn) -> None:
    User.objects.filter(pk=rita.pk).update(language="zh-hans")
    text = signed_in(rita).get("/admin/conversations/user/").content.decode()
    assert 'lang="zh-hans"' in text
    assert "筛选" in text


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["By role", "2 entries"]), ("zh-hans", ["按角色", "共 2 条"])],
)
def test_lists_speak_the_reader_s_language(
    rita: User, alice: User, signed_in: SignIn, language: str, words: list[str]
) -> None:
    User.objects.filter(pk=rita.pk).update(language=language)
    rita.refresh_from_db()
    assert alice.pk
    page = signed_in(rita).get(reverse("admin:conversations_user_changelist")).content.decode()
    assert [word for word in words if word in " ".join(page.split())] == words
