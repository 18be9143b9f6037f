from __future__ import annotations

import socket

import pytest

from conversations.network.addresses import AddressRefused, is_allowed, is_public, resolve_public


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "2606:4700:4700::1111",
     "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"],
)  # fmt: skip
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.8",
        "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "224.0.0.1",
        "239.1.1.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "100::1", "2001:db8::1",
        "3fff::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1", "::127.0.0.1",
        "::8.8.8.8", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1",
        "64:ff9b:1::1", "2002:7f00:1::", "2002:c0a8:101::1", "2001:0:7f00:1::", "2001::1",
        "fec0::1",
    ],
)  # fmt: skip
def test_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("127.0.0.1", "not_public"),
        ("localhost", "not_public"),
        ("localhost.", "not_public"),
        ("LOCALHOST", "not_public"),
        ("127.0.0.1.", "not_public"),
        ("[::1]", "not_public"),
        ("::1", "not_public"),
        ("[::ffff:7f00:1]", "not_public"),
        ("[0:0:0:0:0:ffff:127.0.0.1]", "not_public"),
        ("[64:ff9b::7f00:1]", "not_public"),
        ("169.254.169.254", "not_public"),
        ("100.64.0.1", "not_public"),
        ("１２７.0.0.1", "not_public"),
        ("①②⑦.0.0.1", "not_public"),
        ("127。0。0。1", "not_public"),
        ("ｌocalhost", "not_public"),
        ("127.1", "bad_host"),
        ("2130706433", "bad_host"),
        ("0x7f.1", "bad_host"),
        ("0x7f000001", "bad_host"),
        ("017700000001", "bad_host"),
        ("127.0.0.01", "bad_host"),
        ("0177.0.0.1", "bad_host"),
        ("0", "bad_host"),
        ("8.8.8.8.8", "bad_host"),
        ("0X7F.1", "bad_host"),
        ("", "bad_host"),
        (".", "bad_host"),
        ("fe80::1%lo", "bad_host"),
        ("user@localhost", "bad_host"),
        ("localhost#@example.com", "bad_host"),
        ("localhost\\.example.com", "bad_host"),
        ("local host", "bad_host"),
        ("127.0.0.1\0.example.com", "bad_host"),
        ("[::1", "not_public"),
        ("gg::1", "bad_host"),
    ],
)
async def test_refused(host: str, code: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        await resolve_public(host, 443)
    assert caught.value.code == code


async def test_public_literals_are_pinned_as_they_are() -> None:
    assert await resolve_public("8.8.8.8", 443) == "8.8.8.8"
    assert await resolve_public("8.8.8.8.", 443) == "8.8.8.8"
    assert await resolve_public("2606:4700:4700::1111", 443) == "2606:4700:4700::1111"


async def test_the_list_of_the_operator_opens_a_host() -> None:
    assert await resolve_public("localhost", 80, allowed_hosts={"LocalHost"}) in {
        "127.0.0.1",
        "::1",
    }
    assert await resolve_public("127.0.0.1", 80, allowed_hosts={"127.0.0.1:80"}) == "127.0.0.1"
    with pytest.raises(AddressRefused):
        await resolve_public("127.0.0.1", 81, allowed_hosts={"127.0.0.1:80", "localhost"})


def test_is_allowed() -> None:
    assert is_allowed("Host.", 1, {"host"})
    assert is_allowed("::1", 8, {"[::1]:8"})
    assert not is_allowed("evil-host", 1, {"host"})
    assert not is_allowed("host", 1, ())


async def test_unknown_names_are_no_refusal() -> None:
    with pytest.raises(socket.gaierror):
        await resolve_public("no-such-host.invalid", 443)


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "a..example", "é" * 70 + ".example"])
async def test_names_that_cannot_be_looked_up(host: str) -> None:
    with pytest.raises((AddressRefused, socket.gaierror)):
        await resolve_public(host, 443)
