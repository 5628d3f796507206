"""Files in whatever encoding a newsroom has kept; junk is refused."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.files.decoding import decode
from vectorstore.errors import SourceError

GERMAN = "Die Größe der Fähre überrascht. Äpfel, Öl und Übermaß: Straße frei!\r\n"
QUOTED = GERMAN + "„Sie kostet 3 Mio. €“, sagte Müller – und lachte …"
NOISE = bytes((n * n * 31 + n * 7 + 13) % 256 for n in range(4_000))
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x06\0\0\0"


@pytest.mark.parametrize(
    "data",
    [
        QUOTED.encode(),
        codecs.BOM_UTF8 + QUOTED.encode(),
        QUOTED.encode("utf-16"),
        codecs.BOM_UTF16_BE + QUOTED.encode("utf-16-be"),
        QUOTED.encode("utf-16-le"),
        QUOTED.encode("utf-16-be"),
        QUOTED.encode("utf-32"),
        QUOTED.encode("cp1252"),
    ],
    ids=[
        "utf-8",
        "utf-8 bom",
        "utf-16 bom",
        "utf-16-be bom",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "cp1252",
    ],
)
def test_german_is_read_in_any_encoding(data: bytes) -> None:
    assert decode(data) == QUOTED


@pytest.mark.parametrize("text", [GERMAN, "Grüße", "Ärger in Köln-Mülheim"])
def test_latin_1_is_read(text: str) -> None:
    assert decode(text.encode("latin-1")) == text


def test_cyrillic_in_eight_bits_is_not_taken_for_german() -> None:
    russian = "Привет мир, это статья о погоде в городе. " * 5
    assert decode(russian.encode("cp1251")) == russian


def test_only_the_first_byte_order_mark_is_dropped() -> None:
    assert decode(codecs.BOM_UTF8 + "a\ufeffb\ufeff".encode()) == "a\ufeffb\ufeff"


def test_utf_8_that_was_cut_off_stays_utf_8() -> None:
    assert decode((GERMAN * 3).encode() + b"\xc3") == GERMAN * 3 + "\ufffd"


def test_utf_8_with_a_wrong_byte_stays_utf_8() -> None:
    data = QUOTED.encode().replace(b"Apfel", b"\xffpfel") + b"\xff"
    assert decode(data) == QUOTED + "\ufffd"


@pytest.mark.parametrize("data", [b"", b" \r\n\t "])
def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="empty"):
        decode(data)


@pytest.mark.parametrize(
    "data", [NOISE, PNG, PNG + NOISE, b"\0" * 100, b"\x1f\x8b\x08\0\0" + NOISE]
)
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="binary"):
        decode(data)


def test_some_nuls_in_a_long_text_stay() -> None:
    text = GERMAN * 20 + "\0" + GERMAN * 20
    assert decode(text.encode()) == text


def test_too_many_nuls_are_refused() -> None:
    with pytest.raises(SourceError, match="binary"):
        decode(("Das Bad ist offen.\0" * 50).encode())


def test_tabs_form_feeds_and_other_line_ends_are_no_junk() -> None:
    text = "a\tb\x0cc\x0bd\x85e\u2028f\r\n" * 10
    assert decode(text.encode()) == text


@settings(database=None, deadline=None, max_examples=300)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_text_or_refused(data: bytes) -> None:
    try:
        text = decode(data)
    except SourceError:
        return
    assert text.encode().decode() == text


@settings(database=None, deadline=None, max_examples=300)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_any_text_in_utf_8_comes_back_whole(text: str) -> None:
    if text.strip(" "):
        assert decode(codecs.BOM_UTF8 + text.encode()) == text
