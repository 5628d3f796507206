"""A file of nothing but addresses is a list of pages to read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.files.url_list import addresses_in, is_address, shown


def test_addresses_come_once_in_their_order_without_comments() -> None:
    text = (
        "\ufeff# gelesen\r\n\r\n https://b.example/1 \nHTTP://a.example\n#\nhttps://b.example/1\n"
    )
    assert addresses_in(text) == ("https://b.example/1", "HTTP://a.example")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nur ein Kommentar",
        "Ein Satz.",
        "https://a.example\nEin Satz.",
        "https://a.example und mehr",
        "https://",
        "ftp://a.example",
        "file:///etc/passwd",
        "https://a.example/\u202egpj.exe",
    ],
)
def test_anything_else_in_it_makes_it_a_text(text: str) -> None:
    assert addresses_in(text) is None


def test_a_password_in_an_address_is_never_shown() -> None:
    assert (
        shown("https://jelka:geheim@bote.example:8443/a?b#c") == "https://bote.example:8443/a?b#c"
    )
    assert "geheim" not in shown("https://jelka:geheim@[bote.example/a")
    assert shown("https://bote.example/@jelka") == "https://bote.example/@jelka"


@settings(database=None)
@given(st.text(max_size=60), st.booleans())
def test_any_text_is_a_list_or_none(text: str, address: bool) -> None:
    found = addresses_in(f"https://{text}" if address else text)
    assert found is None or all(is_address(shown(one)) for one in found)


def test_an_address_is_shown_without_its_password_however_it_is_written():
    for address in ("https://ada:geheim@bote.example/a", "https://ada:ge/heim@bote.example/a"):
        assert "geheim" not in shown(address)
        assert "ge/heim" not in shown(address)
        assert "ada" not in shown(address)
