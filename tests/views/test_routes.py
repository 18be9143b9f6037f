"""Every route of our views: the methods it has, and who is let in."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from conversations.models import User

# An argument for each converter in our paths.
ARGUMENTS = {"uuid": str(uuid.UUID(int=1)), "slug": "x"}
# Routes that are open to everybody, or ask for a password of their own.
OPEN = {
    "/healthz",
    "/readyz",
    "/language/",
    "/manifest.webmanifest",
    "/offline/",
    "/service-worker.js",
    "/setup/",
    "/share/x/",
    f"/share/x/files/{uuid.UUID(int=1)}/",
}


def urls(
    patterns: Sequence[URLPattern | URLResolver] | None = None, before: str = "/"
) -> Iterator[str]:
    """Yield a URL for each function view of ours. django-allauth's classes have their own tests."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from urls(each.url_patterns, path)
        elif each.callback.__module__.startswith("conversations.views.") and not hasattr(
            each.callback, "view_class"
        ):
            yield re.sub(r"<(\w+):\w+>", lambda found: ARGUMENTS[found[1]], path)


URLS = sorted(urls())


def allowed(client: Client, url: str) -> set[str]:
    """Return the methods of a route, as it answers one that no route has."""
    answer = client.generic("PATCH", url)
    assert answer.status_code == 405, url
    return set(answer["Allow"].split(", "))


def test_the_list_of_routes_is_whole() -> None:
    assert len(URLS) > 100
    assert set(URLS) > OPEN


def test_the_method_is_checked_first(rita: User) -> None:
    """A sign-in would lead to a page of 405, as the way back from it is a GET."""
    stranger = Client()
    for url in URLS:
        methods = allowed(stranger, url)
        assert methods in ({"GET", "HEAD"}, {"POST"}, {"GET", "HEAD", "POST"}), url
        for method in {"GET", "POST"} - methods:
            assert stranger.generic(method, url).status_code == 405, url


def test_strangers_are_led_to_the_sign_in(rita: User) -> None:
    stranger = Client()
    for url in set(URLS) - OPEN:
        for method in allowed(stranger, url) & {"GET", "POST"}:
            answer = stranger.generic(method, url)
            assert answer.status_code == 302, url
            assert answer["Location"].startswith("/accounts/login/?next="), url


def test_scripts_of_strangers_get_401(rita: User) -> None:
    """A redirect would be followed, and its page taken for the answer."""
    stranger = Client(headers={"accept": "application/json"})
    for url in set(URLS) - OPEN:
        for method in allowed(stranger, url) & {"GET", "POST"}:
            assert stranger.generic(method, url).status_code == 401, url
