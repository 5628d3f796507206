"""Pages can't lead Beleg into networks that aren't the public internet."""

import socket
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.web.addresses import AddressGuard, is_public, system_resolver
from vectorstore.errors import FetchError, SettingsError

PUBLIC, PUBLIC_6 = "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"


def guard(allow: str = "", **names: Sequence[str]) -> AddressGuard:
    """A guard in a world where `name.example` leads to the addresses given for `name`."""

    def resolve(host: str, port: int) -> Sequence[str]:
        return names.get(host.removesuffix(".example"), [])

    return AddressGuard.parse(allow, resolve)


def private() -> "pytest.RaisesExc[FetchError]":
    return pytest.raises(FetchError, match="private network; FETCH_ALLOW can open it")


# -- what is public --------------------------------------------------------------


@pytest.mark.parametrize("address", [PUBLIC, PUBLIC_6, "8.8.8.8", "64:ff9b::808:808"])
def test_the_public_internet_is_open(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    """
    127.0.0.1 127.255.0.9 0.0.0.0 0.1.2.3 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1
    100.64.0.1 100.100.100.200 169.254.169.254 169.254.170.2 168.63.129.16 192.0.0.192
    192.0.2.1 192.88.99.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 233.252.0.1 240.0.0.1
    255.255.255.255
    :: ::1 fe80::1 fe80::1%eth0 2606:4700::1111%1 fec0::1 fc00::1 fd00:ec2::254 ff02::1 ff0e::1
    100::1 2001:db8::1 3fff::1 5f00::1
    ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 ::8.8.8.8 ::ffff:0:127.0.0.1
    64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::808:808
    2002:7f00:1:: 2002:808:808::1 2001:0:4136:e378:8000:63bf:3fff:fdd2
    """.split(),
)
def test_every_other_network_is_closed_however_it_is_wrapped(address: str) -> None:
    assert not is_public(ip_address(address))
    with private():
        guard().permitted(address, 80)
    with private():
        guard(wiki=[address]).permitted("wiki.example", 80)


# -- names -----------------------------------------------------------------------


def test_a_name_gives_all_its_addresses_in_order() -> None:
    found = guard(news=[PUBLIC_6, PUBLIC]).permitted("News.Example.", 443)
    assert [str(address) for address in found] == [PUBLIC_6, PUBLIC]


def test_one_private_address_closes_the_whole_name() -> None:
    with private():
        guard(news=[PUBLIC, "10.0.0.1"]).permitted("news.example", 80)


def test_a_name_without_addresses_is_no_host() -> None:
    with pytest.raises(FetchError, match=r"no host 'news\.example'"):
        guard().permitted("news.example", 80)


@pytest.mark.parametrize(
    "host", "2130706433 0x7f000001 0x7f.1 0177.0.0.1 127.1 127.0.1 0x news.1 1.2.3.4.5".split()
)
def test_numbers_that_a_system_may_take_for_an_address_are_not_looked_up(host: str) -> None:
    with pytest.raises(FetchError, match="number"):
        AddressGuard(resolve=lambda name, port: [PUBLIC]).permitted(host, 80)


@pytest.mark.parametrize(
    "host", ["", ".", "a b", "a..b", "-a", "%31", "h%00", "a\n", "１２７.0.0.1", "x" * 64, "*"]
)
def test_what_is_no_name_is_not_looked_up(host: str) -> None:
    with pytest.raises(FetchError, match="names no host"):
        AddressGuard(resolve=lambda name, port: [PUBLIC]).permitted(host, 80)


@given(host=st.one_of(st.text(max_size=30), st.ip_addresses().map(str)))
def test_whatever_the_host_only_public_addresses_come_back(host: str) -> None:
    def resolve(name: str, port: int) -> Sequence[str]:
        try:
            found = socket.getaddrinfo(name, port, flags=socket.AI_NUMERICHOST)
            return [str(entry[4][0]) for entry in found]
        except (OSError, UnicodeError):
            return [PUBLIC]

    try:
        found = AddressGuard(resolve=resolve).permitted(host, 80)
    except FetchError:
        return
    assert found
    assert all(map(is_public, found))


@given(
    host=st.lists(st.from_regex(r"0x[0-9a-f]{1,8}|0[0-7]{1,6}|[0-9]{1,10}", fullmatch=True))
    .filter(lambda parts: 0 < len(parts) < 6)
    .map(".".join)
)
def test_no_spelling_of_a_number_leads_to_a_private_address(host: str) -> None:
    def resolve(name: str, port: int) -> Sequence[str]:
        raise AssertionError("a number was looked up")

    try:
        found = AddressGuard(resolve=resolve).permitted(host, 80)
    except FetchError:
        return
    assert all(map(is_public, found))


def test_the_system_knows_this_machine() -> None:
    assert "127.0.0.1" in system_resolver("localhost", 80)


# -- FETCH_ALLOW -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("allow", "host", "port"),
    [
        ("127.0.0.1", "127.0.0.1", 8080),
        ("localhost, 127.0.0.1:8080", "127.0.0.1", 8080),
        ("10.0.0.0/8 127.0.0.0/8", "127.9.9.9", 80),
        ("127.0.0.0/8:80", "127.9.9.9", 80),
        ("::1", "::1", 80),
        ("[::1]", "::1", 80),
        ("[::1]:80", "::1", 80),
        ("fd00::/8;[fe80::/10]:443", "fd00::5", 80),
        ("Wiki.Example.", "wiki.example", 80),
        ("wiki.example:80", "WIKI.example", 80),
        ("10.0.0.0/8", "wiki.example", 80),
    ],
)
def test_an_opened_host_or_network_may_be_asked(allow: str, host: str, port: int) -> None:
    assert guard(allow, wiki=["10.0.0.7"]).permitted(host, port)


@pytest.mark.parametrize(
    ("allow", "host", "port"),
    [
        ("127.0.0.1:8080", "127.0.0.1", 80),
        ("127.0.0.1", "127.0.0.2", 80),
        ("127.0.0.1", "::ffff:127.0.0.1", 80),
        ("wiki.example:8080", "wiki.example", 80),
        ("wiki.example", "10.0.0.7", 80),
        ("example", "wiki.example", 80),
        ("10.0.0.7", "both.example", 80),
    ],
)
def test_what_is_opened_opens_nothing_else(allow: str, host: str, port: int) -> None:
    with private():
        guard(allow, wiki=["10.0.0.7"], both=["10.0.0.7", "10.0.0.8"]).permitted(host, port)


def test_without_entries_nothing_is_opened() -> None:
    assert AddressGuard.parse(" , ;\n").openings == ()


@pytest.mark.parametrize(
    "entry",
    "http://localhost localhost:0 localhost:65536 localhost:x 10.0.0.0/33 [::1 [localhost] "
    "*.example 2130706433 0x7f.1 a..b user:secret@wiki.example :80 /8 bücher.example".split(),
)
def test_an_entry_that_makes_no_sense_is_named_but_not_shown(entry: str) -> None:
    with pytest.raises(SettingsError, match=r"FETCH_ALLOW can't be used: entry 2 ") as caught:
        AddressGuard.parse(f"localhost, {entry}")
    assert "secret" not in str(caught.value)


@given(text=st.text(max_size=40))
def test_any_setting_is_understood_or_refused(text: str) -> None:
    with suppress(SettingsError):
        AddressGuard.parse(text)
