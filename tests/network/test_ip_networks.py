from __future__ import annotations

import pytest

from conversations.network.ip_networks import is_within, parse_network, plain_address


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("10.0.0.1", "10.0.0.1/32"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("172.17.0.1/16", "172.17.0.0/16"),
        ("10.0.0.0/255.0.0.0", "10.0.0.0/8"),
        ("::1", "::1/128"),
        ("fd00::/8", "fd00::/8"),
        ("::ffff:10.0.0.1", "10.0.0.1/32"),
        ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ("::/0", "::/0"),
    ],
)
def test_networks_in_all_their_spellings(text: str, network: str) -> None:
    assert str(parse_network(text)) == network


@pytest.mark.parametrize("text", ["", "proxy", "10.0.0.1:80", "10.0.0.0/33", "10.0.0", "[::1]"])
def test_what_is_no_network(text: str) -> None:
    with pytest.raises(ValueError, match=r"does not appear to be an IPv4 or IPv6 network"):
        parse_network(text)


@pytest.mark.parametrize(
    ("address", "is_inside"),
    [
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("::ffff:a01:203", True),
        ("fe80::1%eth0", True),
        ("11.1.2.3", False),
        ("::10.1.2.3", False),
        ("", False),
        ("unknown", False),
    ],
)
def test_addresses_inside(address: str, is_inside: bool) -> None:
    networks = [parse_network("10.0.0.0/8"), parse_network("fe80::/10")]
    assert is_within(address, networks) is is_inside
    assert not is_within(address, [])


def test_only_mapped_addresses_change() -> None:
    assert plain_address("::ffff:10.1.2.3") == "10.1.2.3"
    assert plain_address("2001:DB8::1") == "2001:db8::1"
    assert plain_address("a proxy") == "a proxy"
