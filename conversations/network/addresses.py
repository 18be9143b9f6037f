"""The guard against SSRF: hosts that users name may only resolve to public addresses.

A name is resolved once, here, and the caller connects to the address that was checked, so that a
second resolution cannot lead elsewhere.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import unicodedata
from collections.abc import Collection

import idna

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# `ipaddress.is_global` is not enough: it admits multicast, 6to4, NAT64 and IPv4-compatible
# addresses, and in Python before 3.12.4 further ranges that are not public (CVE-2024-4032).
_REFUSED_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_REFUSED_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32", "3fff::/20",  # documentation
        "2002::/16",  # 6to4
    )
)  # fmt: skip
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)


class AddressRefused(ValueError):  # noqa: N818 - it is the refusal, not an error of ours
    """A host that may not be connected to.

    `code` is bad_host (an invalid or oddly spelled name or address), not_public or https_required.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def is_public(address: str) -> bool:
    """Whether an IP address, in its canonical spelling, is on the public internet."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        return _is_public_v6(ip)
    return not any(ip in network for network in _REFUSED_V4)


def is_allowed(host: str, port: int, allowed_hosts: Collection[str]) -> bool:
    """Whether `allowed_hosts` names the host, alone or as `host:port`."""
    name = host.rstrip(".").lower()
    bracketed = f"[{name}]" if ":" in name else name
    wanted = {entry.rstrip(".").lower() for entry in allowed_hosts}
    return not wanted.isdisjoint({name, bracketed, f"{bracketed}:{port}"})


async def resolve_public(host: str, port: int, *, allowed_hosts: Collection[str] = ()) -> str:
    """Resolve a host once and return the address to connect to.

    Raises `AddressRefused` unless every address of the host is public or the host is allowed, and
    `OSError` (`socket.gaierror`) if the name cannot be resolved.
    """
    name = _ascii_name(host)
    if not is_allowed(name, port, allowed_hosts):
        _refuse_odd_spelling(name)
        addresses = await _resolve(name, port)
        if not all(is_public(address) for address in addresses):
            raise AddressRefused("not_public")
        return addresses[0]
    return (await _resolve(name, port))[0]


async def _resolve(name: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise AddressRefused("bad_host") from None
    # Only link-local addresses have a scope (fe80::1%eth0), and those are refused in any case.
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    if not addresses:
        raise AddressRefused("bad_host")
    return addresses


def _is_public_v6(ip: ipaddress.IPv6Address) -> bool:
    inner = ip.ipv4_mapped
    if inner is None and ip in _NAT64:
        inner = ipaddress.IPv4Address(ip.packed[-4:])
    if inner is not None:
        return is_public(str(inner))
    # Other addresses that embed an IPv4 address (compatible, SIIT, 6to4, Teredo) are refused.
    return ip in _GLOBAL_V6 and not any(ip in network for network in _REFUSED_V6)


def _ascii_name(host: str) -> str:
    """Normalise a name for the lookup, full-width digits and the like included."""
    name = unicodedata.normalize("NFKC", host).strip("[]").lower()
    name = name.removesuffix(".")
    if not name or any(character in name for character in " \t\r\n\0%/\\@#?"):
        raise AddressRefused("bad_host")
    try:
        return name if name.isascii() else idna.encode(name, uts46=True).decode()
    except idna.IDNAError:
        raise AddressRefused("bad_host") from None


def _refuse_odd_spelling(name: str) -> None:
    """Refuse spellings that only lenient resolvers accept as an address (127.1, 0x7f.1)."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        if ":" in name or _NUMBER.fullmatch(name.rpartition(".")[2]):
            raise AddressRefused("bad_host") from None
