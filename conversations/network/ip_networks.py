"""IP addresses and networks as operators write them and as sockets report them."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")


def parse_network(text: str) -> Network:
    """Return the network that ``text`` names; a single address is a network of one.

    Bits of a host are dropped, as nginx does: 172.17.0.1/16 is 172.17.0.0/16. An IPv4-mapped
    network becomes the IPv4 one. Raises ValueError for anything else.
    """
    network = ipaddress.ip_network(text, strict=False)
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_MAPPED):
        mapped = network.network_address.ipv4_mapped
        return ipaddress.IPv4Network(f"{mapped}/{network.prefixlen - _MAPPED.prefixlen}")
    return network


def plain_address(text: str) -> str:
    """Return an IPv4-mapped address as the IPv4 one, and any other text as it is.

    A socket that listens on ``::`` reports 10.0.0.1 as ::ffff:10.0.0.1.
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


def is_within(text: str, networks: Collection[Network]) -> bool:
    """Whether ``text`` is an address of one of the networks; False for what is no address."""
    if not networks:
        return False
    try:
        # A scope names an interface of this machine, and is no part of the address.
        address = ipaddress.ip_address(plain_address(text).partition("%")[0])
    except ValueError:
        return False
    return any(address in network for network in networks)
