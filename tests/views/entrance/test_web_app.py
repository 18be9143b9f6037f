from __future__ import annotations

import json

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_manifest_speaks_the_language_of_who_asks(client: Client, alice: object) -> None:
    answer = client.get("/manifest.webmanifest", headers={"Accept-Language": "zh-CN"})
    assert answer["Content-Type"] == "application/manifest+json"
    document = json.loads(answer.content)
    assert document["lang"] == "zh-hans"
    assert document["display"] == "standalone"
    for icon in document["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/")), icon
    assert {icon["sizes"] for icon in document["icons"]} == {"192x192", "512x512"}
    assert {icon["purpose"] for icon in document["icons"]} == {"any", "maskable"}


def test_the_worker_is_another_one_in_another_language(client: Client, alice: object) -> None:
    english = client.get("/service-worker.js")
    chinese = client.get("/service-worker.js", headers={"Accept-Language": "zh-CN"})
    assert english["Content-Type"] == "text/javascript"
    assert english["Cache-Control"] == "private, no-cache"
    assert english.content.startswith(b'const MADE_FROM = ["/static/css/app.css"')
    assert english.content != chinese.content


def test_the_page_without_network_knows_nobody(client: Client, alice: object) -> None:
    page = client.get("/offline/")
    assert page.status_code == 200
    assert "sessionid" not in page.cookies
    assert "csrftoken" not in page.cookies
    assert b"csrf" not in page.content
