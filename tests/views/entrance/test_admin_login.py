from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from conversations.models import User
from tests.conftest import PASSWORD


def test_admin_has_no_sign_in_of_its_own(rita: User) -> None:
    client = Client()
    for _ in range(2):
        response = client.post(
            "/admin/login/?next=/admin/", {"username": rita.email, "password": PASSWORD}
        )
        assert response["Location"].startswith("/accounts/login/?next=%2Fadmin%2F")
    assert "_auth_user_id" not in client.session


def test_admin_is_for_administrators(
    rita: User, alice: User, signed_in: Callable[[User], Client]
) -> None:
    assert signed_in(rita).get("/admin/").status_code == 200
    assert signed_in(alice).get("/admin/", follow=True).status_code == 403


def test_admin_adds_no_second_address(rita: User, signed_in: Callable[[User], Client]) -> None:
    assert signed_in(rita).get("/admin/account/emailaddress/").status_code == 404
