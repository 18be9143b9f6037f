"""The client's address behind proxies."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from conversations.middleware import TrustedProxyMiddleware
from conversations.network.ip_networks import parse_network


@pytest.mark.parametrize(
    ("peer", "hops", "client"),
    [
        ("10.0.0.9", "203.0.113.7", "203.0.113.7"),
        ("::ffff:10.0.0.9", "6.6.6.6, 203.0.113.7, 10.0.0.8", "203.0.113.7"),
        ("10.0.0.9", "::ffff:203.0.113.7", "203.0.113.7"),
        # All of it is in the network of the proxies, clients too.
        ("10.0.0.9", "10.1.1.1, 10.0.0.8", "10.1.1.1"),
        ("10.0.0.9", "", "10.0.0.9"),
        ("192.0.2.1", "203.0.113.7", "192.0.2.1"),
        ("::ffff:192.0.2.1", "203.0.113.7", "192.0.2.1"),
        ("", "203.0.113.7", ""),
    ],
)
def test_the_clients_address(settings: Settings, peer: str, hops: str, client: str) -> None:
    settings.TRUSTED_PROXIES = (parse_network("10.0.0.0/8"),)
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": hops})
    TrustedProxyMiddleware(lambda _: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == client
