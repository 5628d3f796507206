"""Which addresses Beleg may connect to: the public internet, and what FETCH_ALLOW opens.

A page that Beleg reads may name any host, and so could make it ask the router, the cloud's
metadata service or a database next door. Pure but for the resolver, which is a parameter.
"""

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from vectorstore.errors import FetchError, SettingsError

IP = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolver = Callable[[str, int], Sequence[str]]

_LABEL = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*", re.DOTALL)
_NUMBER = re.compile(r"(?:\d+|0x[0-9a-f]*)", re.ASCII)
_WITH_PORT = re.compile(r"(?:\[(?P<v6>[^\[\]]+)\]|(?P<host>[^:\[\]]+))(?::(?P<port>\d{1,5}))?")

# What some version of `ipaddress` takes for public: IETF protocol assignments (Oracle's metadata
# service among them), 6to4 relays, Azure's wire server.
_CLOSED_V4 = tuple(map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")))
# Teredo, ORCHID, 6to4 and the like hide an IPv4 address or lead nowhere; two are documentation.
_CLOSED_V6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


def system_resolver(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, as the operating system finds them; OSError if there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: IP) -> bool:
    """Whether an address is one of the public internet's, whatever it may be wrapped in."""
    if isinstance(address, IPv4Address):
        return (
            address.is_global
            and not (address.is_multicast or address.is_reserved)
            and not any(address in network for network in _CLOSED_V4)
        )
    if address.scope_id is not None:
        return False
    if address in _NAT64:  # networks without IPv4 reach every older site through it
        return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
    return (
        address in _UNICAST
        and address.is_global
        and not any(address in network for network in _CLOSED_V6)
    )


@dataclass(frozen=True, slots=True)
class Opening:
    """One entry of FETCH_ALLOW: a host's name or a network, on one port or on all."""

    target: str | Network
    port: int | None = None

    def admits(self, host: str, address: IP, port: int) -> bool:
        """Whether this entry opens an address that a host's name led to."""
        if self.port not in (None, port):
            return False
        return host == self.target if isinstance(self.target, str) else address in self.target


@dataclass(frozen=True, slots=True)
class AddressGuard:
    """Says which addresses a host may be connected at."""

    openings: tuple[Opening, ...] = ()
    resolve: Resolver = system_resolver

    @classmethod
    def parse(cls, text: str, resolve: Resolver = system_resolver) -> "AddressGuard":
        """From FETCH_ALLOW: "localhost, 10.0.0.0/8, [::1]:8080"; SettingsError if it is not so."""
        entries = [entry for entry in re.split(r"[,;\s]+", text) if entry]
        return cls(tuple(_opening(*entry) for entry in enumerate(entries, 1)), resolve)

    def permitted(self, host: str, port: int) -> tuple[IP, ...]:
        """Every address of the host, checked, in the resolver's order; never none.

        FetchError if any of them is neither public nor opened: a name that leads to both is
        a trap. OSError as the resolver raises it.
        """
        name = host.lower().removesuffix(".")
        found = self._addresses(name, port)
        if not found:
            raise FetchError(f"There is no host {name!r}.")
        for address in found:
            opened = any(opening.admits(name, address, port) for opening in self.openings)
            if not (opened or is_public(address)):
                raise FetchError(
                    "The address leads into a private network; FETCH_ALLOW can open it."
                )
        return found

    def _addresses(self, name: str, port: int) -> tuple[IP, ...]:
        try:
            return (ip_address(name.replace("%25", "%")),)
        except ValueError:
            pass
        if not _NAME.fullmatch(name):
            raise FetchError("The address names no host.")
        if _is_number(name):  # 2130706433, 0x7f.1: the system would take both for 127.0.0.1
            raise FetchError("The address gives its host as a number that is no IP address.")
        return tuple(ip_address(found) for found in self.resolve(name, port))


def _opening(number: int, entry: str) -> Opening:
    network = _network(entry)
    if network:
        return Opening(network)
    parts = _WITH_PORT.fullmatch(entry)
    port = int(parts["port"]) if parts and parts["port"] else None
    if parts and (port is None or 0 < port < 65536):
        target = _network(parts["v6"] or parts["host"])
        name = (parts["host"] or "").lower().removesuffix(".")
        if target:
            return Opening(target, port)
        if _NAME.fullmatch(name) and not _is_number(name):
            return Opening(name, port)
    raise SettingsError(
        f"FETCH_ALLOW can't be used: entry {number} is no host, IP address or network such as "
        "localhost, 192.168.1.20:8080 or 10.0.0.0/8."
    )


def _network(text: str) -> Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _is_number(name: str) -> bool:
    """Whether the last label is one: no domain ends so, but spellings of IPv4 addresses do."""
    return _NUMBER.fullmatch(name.rpartition(".")[2]) is not None
