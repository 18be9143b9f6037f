from __future__ import annotations

import csv
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conversations.models import User
from tests.conftest import make_person

SignedIn = Callable[[User], Client]
LINK = re.compile(r'(http://testserver/accounts/password/reset/key/[^"\s<]+)')


def post(client: Client, path: str, **fields: str) -> tuple[int, str]:
    response = client.post(path, fields, follow=True)
    return response.status_code, response.content.decode()


def test_administrator_adds_people_from_a_pasted_list(
    rita: User, alice: User, signed_in: SignedIn
) -> None:
    client = signed_in(rita)
    text = "李伟，wei@example.com\nBob <bob@example.com>\nalice@example.com"
    status, page = post(client, "/settings/people/", people=text)
    assert status == 200
    assert "2 people were added" in page
    assert "left as they are: alice@example.com" in page
    assert len(LINK.findall(page)) == 2
    assert User.objects.get(email="wei@example.com").name == "李伟"
    again = client.get("/settings/people/").content.decode()
    assert LINK.findall(again) == []
    assert 'badge--gamboge">No password yet' in again


def test_bad_lines_add_nobody_and_lose_nothing(rita: User, signed_in: SignedIn) -> None:
    text = "Wei &lt;wei@example.com&gt;\nbob@\n"
    response = signed_in(rita).post(
        "/settings/people/", {"people": "Wei <wei@example.com>\nbob@\n"}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "Line 2: “bob@” is not an email address." in page
    assert text in page
    assert 'aria-invalid="true"' in page
    assert User.objects.count() == 1


def test_roles_change(rita: User, alice: User, signed_in: SignedIn) -> None:
    client = signed_in(rita)
    path = f"/settings/people/{alice.pk}/role/"
    assert "Alice was changed" in post(client, path, role="administrator")[1]
    assert fresh(alice).is_administrator
    post(client, path, role="member")
    assert not fresh(alice).is_administrator
    assert client.post(path, {"role": "emperor"}).status_code == 400


def test_disabling_asks_first_and_ends_sessions(
    rita: User, alice: User, signed_in: SignedIn
) -> None:
    client, hers = signed_in(rita), signed_in(alice)
    path = f"/settings/people/{alice.pk}/disabling/"
    assert "Disable Alice?" in post(client, path)[1]
    assert fresh(alice).is_active
    post(client, path, confirmed="yes")
    assert not fresh(alice).is_active
    assert hers.get("/settings/profile/").status_code == 302
    post(client, f"/settings/people/{alice.pk}/enabling/")
    assert fresh(alice).is_active


def test_nobody_removes_himself_by_accident(rita: User, signed_in: SignedIn) -> None:
    make_person("Other", role=User.Role.ADMINISTRATOR)
    client = signed_in(rita)
    demotion = f"/settings/people/{rita.pk}/role/"
    page = post(client, demotion, role="member")[1]
    assert "Stop being an administrator?" in page
    assert 'name="role" value="member"' in page
    assert "Disable your own account?" in post(client, f"/settings/people/{rita.pk}/disabling/")[1]
    assert fresh(rita).is_administrator
    assert fresh(rita).is_active
    status, _page = post(client, demotion, role="member", confirmed="yes")
    assert status == 403
    assert not fresh(rita).is_administrator


@pytest.mark.parametrize("change", [{"role": "member"}, {}])
def test_last_administrator_is_told_why(
    rita: User, signed_in: SignedIn, change: dict[str, str]
) -> None:
    path = f"/settings/people/{rita.pk}/{'role' if change else 'disabling'}/"
    page = post(signed_in(rita), path, confirmed="yes", **change)[1]
    assert "Rita is the last administrator" in page
    assert fresh(rita).is_active
    assert fresh(rita).is_administrator


def test_reset_asks_first_and_signs_out(rita: User, alice: User, signed_in: SignedIn) -> None:
    client, hers = signed_in(rita), signed_in(alice)
    path = f"/settings/people/{alice.pk}/link/"
    assert "Reset Alice’s password?" in post(client, path)[1]
    assert hers.get("/settings/profile/").status_code == 200
    page = post(client, path, confirmed="yes")[1]
    assert len(LINK.findall(page)) == 1
    assert hers.get("/settings/profile/").status_code == 302
    assert len(LINK.findall(post(client, path)[1])) == 1


def test_own_password_is_changed_under_security(rita: User, signed_in: SignedIn) -> None:
    response = signed_in(rita).post(f"/settings/people/{rita.pk}/link/")
    assert response["Location"] == "/settings/security/"
    assert fresh(rita).has_usable_password()


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def paths_for(person: User) -> list[tuple[str, str]]:
    """Return every route of this page with its method."""
    changes = ("role", "disabling", "enabling", "link")
    return [
        ("get", "/settings/people/"),
        ("post", "/settings/people/"),
        ("post", "/settings/people/changes/"),
        *(("post", f"/settings/people/{person.pk}/{change}/") for change in changes),
    ]


def test_strangers_and_members_get_nothing(rita: User, alice: User, signed_in: SignedIn) -> None:
    fields = {
        "people": "x@example.com",
        "role": "administrator",
        "change": "disable",
        "person": str(rita.pk),
        "confirmed": "yes",
    }
    for method, path in paths_for(rita):
        response = Client().post(path, fields) if method == "post" else Client().get(path)
        page = path if method == "get" else "/"  # the route of a form has no page
        assert response["Location"] == f"/accounts/login/?next={page}"
        assert getattr(signed_in(alice), method)(path, fields).status_code == 403, path
    assert User.objects.count() == 2
    assert fresh(rita).is_active
    assert fresh(rita).has_usable_password()


def test_other_sites_change_nothing(rita: User, alice: User) -> None:
    client = Client(enforce_csrf_checks=True, headers={"origin": "https://evil.example"})
    client.force_login(rita)
    for method, path in paths_for(alice):
        if method == "post":
            assert client.post(path, {"confirmed": "yes"}).status_code == 403, path
            plain = client.post(path, "confirmed=yes", content_type="text/plain")
            assert plain.status_code == 403
    assert fresh(alice).is_active
    assert fresh(alice).has_usable_password()


def test_somebody_who_does_not_exist_is_not_found(rita: User, signed_in: SignedIn) -> None:
    path = "/settings/people/00000000-0000-7000-8000-00000000ffff/enabling/"
    assert signed_in(rita).post(path).status_code == 404


def test_changes_are_made_by_post_only(rita: User, alice: User, signed_in: SignedIn) -> None:
    for method, path in paths_for(alice):
        if method == "post" and path != "/settings/people/":
            assert signed_in(rita).get(path).status_code == 405


def test_list_asks_as_often_for_20_people_as_for_10(rita: User, signed_in: SignedIn) -> None:
    client = signed_in(rita)

    client.get("/settings/people/")  # fills the caches of the process

    def queries(count: int) -> int:
        while User.objects.count() < count:
            make_person(f"Person{User.objects.count()}")
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/settings/people/").content.decode()
        assert page.count("data-person=") == count
        return len(captured)

    assert queries(10) == queries(20)


def test_long_list_has_pages(rita: User, signed_in: SignedIn) -> None:
    User.objects.bulk_create(
        User(name=f"P{n}", email=f"p{n}@example.com", password="!") for n in range(120)
    )
    client = signed_in(rita)
    assert client.get("/settings/people/").content.decode().count("data-person=") == 100
    assert client.get("/settings/people/?page=2").content.decode().count("data-person=") == 21


def test_many_links_are_one_text_and_one_file(rita: User, signed_in: SignedIn) -> None:
    people = "\n".join(f"P{n} <p{n}@example.com>" for n in range(60))
    page = post(signed_in(rita), "/settings/people/", people=people)[1]
    text = page.split('id="new-links"')[1].split("</textarea>")[0]
    assert len(LINK.findall(text)) == len(LINK.findall(page)) == 60
    assert "60 links" in page
    name, file = re.findall(r'href="data:text/csv[^,]*,([^"]+)" download="([^"]+)"', page)[0][::-1]
    assert name == "links.csv"
    rows = list(csv.reader(unquote(file).lstrip("\ufeff").splitlines()))
    assert rows[0] == ["name", "email", "link"]
    assert sorted(row[2] for row in rows[1:]) == sorted(LINK.findall(text))


def test_list_is_searched_filtered_and_paged(rita: User, signed_in: SignedIn) -> None:
    User.objects.bulk_create(
        User(name=f"P{n}", email=f"p{n}@example.com", password="!") for n in range(120)
    )
    client = signed_in(rita)
    found = client.get("/settings/people/?q=P11&state=invited").content.decode()
    assert found.count("data-person=") == 11
    pages = client.get("/settings/people/?role=member&sort=added").content.decode()
    assert "?role=member&amp;sort=added&amp;page=2" in pages
    none = client.get("/settings/people/?q=zzz").content.decode()
    assert "Nobody matches" in none
    assert client.get("/settings/people/?role=emperor&state=x&sort=y").status_code == 200


def test_several_are_changed_at_once(
    rita: User, alice: User, bob: User, signed_in: SignedIn
) -> None:
    client = signed_in(rita)
    people = [str(person.pk) for person in (rita, alice, bob)]
    fields: dict[str, Any] = {"person": people, "next": "/settings/people/?q=b"}

    def change(name: str, **more: str) -> str:
        path = "/settings/people/changes/"
        response = client.post(path, fields | {"change": name} | more, follow=True)
        return response.content.decode()

    assert "2 people changed" in change("administrator")
    assert "2 people changed" in change("member")
    assert fresh(rita).is_administrator
    assert not fresh(bob).is_administrator
    assert "Disable 2 people?" in change("disable")
    assert fresh(bob).is_active
    change("disable", confirmed="yes")
    assert [fresh(person).is_active for person in (rita, alice, bob)] == [True, False, False]
    change("enable")
    assert "Make new links for 2 people?" in change("link")
    assert len(LINK.findall(change("link", confirmed="yes"))) == 2
    assert not fresh(alice).has_usable_password()
    assert fresh(rita).has_usable_password()


def test_a_bulk_change_of_nobody_or_of_nonsense(rita: User, signed_in: SignedIn) -> None:
    client, path = signed_in(rita), "/settings/people/changes/"
    page = post(client, path, person=str(rita.pk), change="disable", confirmed="yes")[1]
    assert "Select somebody other than yourself." in page
    assert fresh(rita).is_active
    assert client.post(path, {"person": "x", "change": "disable"}).status_code == 400
    assert client.post(path, {"person": str(rita.pk), "change": "x"}).status_code == 400
