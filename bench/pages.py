"""Measure pages: the server's time with few and with many rows, and the weight of a visit.

Run it from the repository: `.venv/bin/python -m bench.pages`. Compare the ratios: both cases are
measured in turns in one run.
"""

from __future__ import annotations

import http.client
import random
import re
import statistics
import time
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from playwright.sync_api import Browser

from bench.scratch import Scratch, chromium, scratch
from conversations.models import Conversation, Message, User
from conversations.rendering import stream
from tests.branches import conversation_of

ROUNDS = 40
MANY_MESSAGES = 5_000
MANY_CONVERSATIONS = 20_000
GOALS = {"bytes, first": 100 * 1024, "requests, first": 25, "bytes, again": 20 * 1024}
WORDS = re.findall(
    r"\w+",
    "the desk answers most of its chats within a minute unless two shifts change at once and "
    "nobody wrote down who takes over what so plan the breaks before the evening peak",
)


def make_real(conversation: Conversation) -> None:
    """Give each message different words, because equal ones compress better than real messages."""
    chance = random.Random(1)
    messages = list(conversation.messages.all())
    for number, message in enumerate(messages):
        text = " ".join(chance.choices(WORDS, k=120 if number % 2 else 25))
        if number % 10 == 1:
            text += (
                f"\n\n```python\ndef plan_{number}(calls: int) -> float:\n    return calls / 6\n```"
            )
        message.parts = [{"type": "text", "text": text}]
        if message.role == "assistant":
            message.html = stream.render(text, message.id)
            message.html_version = stream.VERSION
    Message.objects.bulk_update(messages, ["parts", "html", "html_version"], batch_size=500)


def person(name: str) -> User:
    return User.objects.create_user(f"{name}@example.com", None, name=name, time_zone="UTC")


def times(made: Scratch, cases: Mapping[str, tuple[User, str]]) -> dict[str, list[float]]:
    """Return the seconds of each request, with the cases in turns."""
    found: dict[str, list[float]] = {name: [] for name in cases}
    # http.client does very little, while httpx takes 4 ms for a response.
    connection = http.client.HTTPConnection(made.site.url.removeprefix("http://"), timeout=60)
    for number in range(ROUNDS + 3):
        for name, (user, path) in cases.items():
            headers = {"Accept-Encoding": "br", "Cookie": cookie_of(made, user)}
            begun = time.perf_counter()
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            response.read()
            assert response.status == HTTPStatus.OK
            # The first three rounds include imports and empty caches.
            if number >= 3:
                found[name].append(time.perf_counter() - begun)
    connection.close()
    return found


_cookies: dict[object, str] = {}


def cookie_of(made: Scratch, user: User) -> str:
    if user.pk not in _cookies:
        cookie = replace(made, person=user).cookie
        _cookies[user.pk] = f"{cookie['name']}={cookie['value']}"
    return _cookies[user.pk]


def report(kind: str, few: list[float], many: list[float]) -> None:
    def line(values: list[float]) -> str:
        ninety_fifth = statistics.quantiles(values, n=20)[-1]
        return f"median {statistics.median(values) * 1000:5.1f} ms, p95 {ninety_fifth * 1000:5.1f}"

    ratio = statistics.median(many) / statistics.median(few)
    print(f"{kind:22}: few {line(few)} · many {line(many)} · {ratio:.2f} x")


def weigh(browser: Browser, made: Scratch, path: str) -> dict[str, int]:
    """Return bytes and requests of a visit with an empty cache, and of a second one."""
    # The service worker's own requests cannot be counted here.
    context = browser.new_context(service_workers="block")
    context.add_cookies([made.cookie])  # type: ignore[list-item]
    found: dict[str, int] = {}
    for visit in ("first", "again"):
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        sizes, urls = list[int](), list[str]()
        session.on("Network.loadingFinished", lambda e, s=sizes: s.append(e["encodedDataLength"]))
        session.on("Network.requestWillBeSent", lambda e, u=urls: u.append(e["request"]["url"]))
        page.goto(made.site.url + path, wait_until="networkidle")
        found |= {f"bytes, {visit}": int(sum(sizes)), f"requests, {visit}": len(urls)}
        page.close()
    context.close()
    return found


def main() -> None:
    with scratch() as made:
        small, large = person("few"), person("many")
        short = conversation_of(small, pairs=25)
        make_real(short)
        long = conversation_of(large, pairs=MANY_MESSAGES // 2)
        make_real(long)
        window = conversation_of(small, pairs=60)
        make_real(window)
        for owner, count in ((small, 50), (large, MANY_CONVERSATIONS)):
            Conversation.objects.bulk_create(
                (Conversation(owner=owner, title=f"Talk {number}") for number in range(count)),
                batch_size=2_000,
            )
        some = conversation_of(large, pairs=25, title="Short")
        make_real(some)
        few_older = window.messages.order_by("id")[110]
        many_older = long.messages.order_by("id")[MANY_MESSAGES - 120]
        part = {
            "page of 50 messages": (f"/c/{short.pk}/", f"/c/{some.pk}/"),
            "page of 120 or 5,000": (f"/c/{window.pk}/", f"/c/{long.pk}/"),
            "older messages": (
                f"/c/{window.pk}/older/?before={few_older.pk}",
                f"/c/{long.pk}/older/?before={many_older.pk}",
            ),
            "sidebar": ("/sidebar/", "/sidebar/"),
            "new chat": ("/", "/"),
        }
        cases = {
            f"{kind} {side}": (user, path)
            for kind, paths in part.items()
            for side, user, path in zip(("few", "many"), (small, large), paths, strict=True)
        }
        found = times(made, cases)
        for kind in part:
            report(kind, found[f"{kind} few"], found[f"{kind} many"])
        made.person = small
        with chromium() as browser:
            for name, value in weigh(browser, made, f"/c/{short.pk}/").items():
                goal = f" (goal: at most {GOALS[name]:,})" if name in GOALS else ""
                print(f"{name:22}: {value:,}{goal}")


if __name__ == "__main__":
    main()
