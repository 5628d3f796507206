"""The address of a Chroma server: read as it is written, shown without its secrets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.server_address import ServerAddress


@pytest.mark.parametrize(
    ("written", "url", "credentials"),
    [
        ("http://localhost:8000", "http://localhost:8000", None),
        (" https://chroma.example/ ", "https://chroma.example", None),
        ("https://chroma.example/behind/", "https://chroma.example/behind", None),
        ("http://[::1]:8000", "http://[::1]:8000", None),
        ("https://eva:secret@chroma.example", "https://chroma.example", ("eva", "secret")),
        ("https://eva@chroma.example", "https://chroma.example", ("eva", "")),
        ("https://e%40a:a%3Ab@chroma.example:80", "https://chroma.example:80", ("e@a", "a:b")),
    ],
)
def test_an_address_is_read_with_its_credentials_apart(
    written: str, url: str, credentials: tuple[str, str] | None
) -> None:
    found = ServerAddress.parse(written)
    assert (found.url, found.credentials) == (url, credentials)


@pytest.mark.parametrize(
    "written",
    [
        *("", "localhost:8000", "ftp://chroma.example", "http://", "http://:8000"),
        *("http://chroma.example:port", "http://[::1", "http://chroma.example/?a=b"),
        "http://eva:sec/ret@chroma.example",
    ],
)
def test_what_is_no_address_is_refused_and_not_quoted(written: str) -> None:
    with pytest.raises(ValueError, match="address") as caught:
        ServerAddress.parse(written)
    assert "ret" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_shown_it_says_that_there_are_credentials_and_not_which() -> None:
    found = ServerAddress.parse("https://eva:secret@chroma.example:8000")
    assert str(found) == "https://***@chroma.example:8000"
    assert "secret" not in repr(found)
    assert str(ServerAddress.parse("http://localhost:8000")) == "http://localhost:8000"


@given(st.text())
def test_any_text_is_read_or_refused(written: str) -> None:
    try:
        found = ServerAddress.parse(f"http://{written}")
    except ValueError:
        return
    assert found.url.startswith("http://")
