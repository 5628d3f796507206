"""Articles keep what their source said, character by character."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.articles import LONGEST, article, identity, moment, verbatim, web_address
from vectorstore.errors import SourceError

PAGE = "https://example.org/news/faehre?id=7"


# -- ids ------------------------------------------------------------------------


def test_the_id_is_the_given_one_before_url_and_path(tmp_path: Path) -> None:
    assert identity("X 1", PAGE, tmp_path) == "X 1"
    assert identity(None, PAGE, tmp_path) == identity("", PAGE, None)
    assert identity(None, None, tmp_path) != identity(None, PAGE, tmp_path)


@pytest.mark.parametrize(
    "address",
    [
        PAGE + "#kommentare",
        PAGE + "#:~:text=F%C3%A4hre",
        PAGE + "&utm_source=x&utm_medium=y",
        "https://example.org/news/faehre?utm_campaign=z&id=7#oben",
        PAGE + "&fbclid=1",
        "https://EXAMPLE.org:443/news/faehre?id=7",
    ],
)
def test_all_addresses_of_one_page_give_one_id(address: str) -> None:
    assert identity(None, address, None) == identity(None, PAGE, None)


def test_other_pages_have_other_ids() -> None:
    others = ["https://example.org/news/faehre?id=8", "https://example.org/news/Faehre?id=7"]
    assert len({identity(None, address, None) for address in [PAGE, *others]}) == 3


def test_a_file_is_known_by_its_absolute_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)
    whole = identity(None, None, tmp_path / "a.txt")
    assert (
        whole == identity(None, None, Path("a.txt")) == identity(None, None, Path("sub/../a.txt"))
    )
    assert whole != identity(None, None, Path("sub/a.txt"))


def test_a_path_that_is_no_unicode_has_an_id_and_a_title() -> None:
    path = Path(b"/tmp/M\xfcnze.txt".decode(errors="surrogateescape"))
    found = article(text="Die Münze ist alt.", path=path)
    assert found.id.startswith("file-")
    assert found.title == "M\ufffdnze"


def test_the_id_never_depends_on_the_content(tmp_path: Path) -> None:
    one, other = (article(text=text, path=tmp_path / "a.txt") for text in ("Eins.", "Zwei."))
    assert one.id == other.id
    assert one.content_hash != other.content_hash


def test_an_article_without_identity_is_refused() -> None:
    with pytest.raises(SourceError, match='neither "id" nor "url"'):
        article(text="Text.")


def test_the_hash_changes_with_everything_a_reader_sees() -> None:
    variants = [
        article(text="Eins.", given_id="a"),
        article(text="Eins. ", given_id="a"),
        article(text="Eins.", given_id="a", title="T"),
        article(text="Eins.", given_id="a", published="2026-01-01"),
        article(text="Eins.", given_id="a", updated="2026-01-01"),
        article(text="Eins.", given_id="a", url=PAGE),
        article(text="Eins.", given_id="a", authors=["N"]),
        article(text="Eins.", given_id="a", source="S"),
        article(text="Eins.", given_id="a", language="en"),
    ]
    assert len({item.content_hash for item in variants}) == len(variants)
    assert article(text="Eins.", given_id="a") == variants[0]


# -- text -----------------------------------------------------------------------


def test_line_ends_become_lf() -> None:
    assert verbatim("a\r\nb\rc\n\rd") == "a\nb\nc\n\nd"


def test_a_lone_surrogate_becomes_one_replacement_character() -> None:
    assert verbatim("a\ud800\udfff b") == "a\ufffd\ufffd b"


def test_outer_blanks_and_inner_marks_stay() -> None:
    text = "\ufeff  Das \ufeffBad \u2028ist\x85 offen.\u00a0\n\n"
    assert article(text=text, given_id="a").text == text


@settings(database=None, deadline=None, max_examples=200)
@given(st.text(st.characters() | st.sampled_from("\r\n\ud800\ufeff"), max_size=60))
def test_a_text_changes_only_in_line_ends_and_surrogates(text: str) -> None:
    found = verbatim(text)
    assert found == verbatim(found)
    assert found.encode().decode() == found
    rest = text.replace("\r\n", "\n").replace("\r", "\n")
    assert len(found) == len(rest)
    assert all(
        a == b or (b == "\ufffd" and "\ud800" <= a <= "\udfff")
        for a, b in zip(rest, found, strict=True)
    )


@pytest.mark.parametrize("text", ["", " \r\n\t\u2028 "])
def test_an_article_without_text_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match="no text"):
        article(text=text, given_id="a")


def test_a_text_longer_than_a_book_is_refused_with_advice() -> None:
    with pytest.raises(SourceError, match=r"3,000,000 characters; 2,000,000 .* Split it"):
        article(text="a" * 3_000_000, given_id="a")
    assert len(article(text="a" * LONGEST, given_id="a").text) == LONGEST


def test_nothing_that_a_source_says_can_break_the_storage() -> None:
    found = article(
        text="a\ud800",
        given_id="i\ud800",
        url="https://example.org/\ud800",
        title="t\ud800\0\n t",
        authors=["n\ud800", " ", "\0"],
        source="s\ud800",
        language="x\ud800",
        published="2026-01-01\ud80010:00",
    )
    assert (found.id, found.title, found.authors) == ("i\ufffd", "t\ufffd t", ("n\ufffd",))
    assert repr(found).encode()
    assert article(text="a", url="https://example.org/\ud800").id.startswith("web-")


# -- titles, addresses, languages -----------------------------------------------


def test_the_title_is_the_given_one_then_the_headline_then_the_files_name() -> None:
    text = "Bad öffnet\n\nDas Bad ist offen. Es ist warm."
    assert article(text=text, given_id="a", title=" Ein \n Titel ").title == "Ein Titel"
    assert article(text=text, given_id="a", title=" ").title == "Bad öffnet"
    assert article(text="Das Bad ist offen.", path=Path("/x/bad-2026.txt")).title == "bad-2026"
    assert article(text="Das Bad ist offen.", given_id="a").title is None


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "ftp://e.org/x", "/x", "https://", "http://["],
)
def test_an_address_no_reader_should_open_is_dropped(address: str) -> None:
    assert web_address(address) is None
    assert article(text="Text.", given_id="a", url=address).url is None


def test_an_address_is_kept_as_given() -> None:
    address = "https://example.org/a?utm_source=x#oben"
    assert article(text="Text.", url=f" {address} ").url == address


@pytest.mark.parametrize(
    ("given_code", "code"), [("DE", "de"), ("en_US", "en-us"), ("pt-BR", "pt-br")]
)
def test_a_given_language_is_kept_in_lower_case(given_code: str, code: str) -> None:
    assert article(text="Text.", given_id="a", language=given_code).language == code


@pytest.mark.parametrize("code", [None, "", "Deutsch (Schweiz)", "1"])
def test_a_language_that_is_none_is_read_off_the_text(code: str | None) -> None:
    german = "Die Fähre fährt seit gestern mit Strom über den Fluss und ist sehr leise."
    assert article(text=german, given_id="a", language=code).language == "de"


# -- dates ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-15",
        "2026-03-15T10:30:00+02:00",
        "2026-03-15T10:30:00Z",
        "2026-03-15 10:30",
        "2026-03-15T23:59:59.123-11:00",
    ],
)
def test_an_iso_date_is_kept_as_given(text: str) -> None:
    assert moment(text) == moment(f" {text}\n") == text


@pytest.mark.parametrize(
    ("given_date", "iso"),
    [
        ("15.03.2026", "2026-03-15"),
        ("5. 3. 2026, 10.30 Uhr", "2026-03-05"),
        ("Sun, 15 Mar 2026 10:30:00 +0100", "2026-03-15T10:30:00+01:00"),
        ("Sun, 15 Mar 2026 10:30:00 GMT", "2026-03-15T10:30:00+00:00"),
        ("20260315", "2026-03-15"),
        ("2026-W11-7", "2026-03-15"),
        ("2026-W11-7T10:30+01:00", "2026-03-15T10:30:00+01:00"),
        (date(2026, 3, 15), "2026-03-15"),
        (datetime(2026, 3, 15, 10, 30, tzinfo=UTC), "2026-03-15T10:30:00+00:00"),
    ],
)
def test_other_dates_become_iso_without_being_converted(given_date: object, iso: str) -> None:
    assert moment(given_date) == iso


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        " ",
        "gestern",
        "2026-13-45",
        "31.02.2026",
        "10:30",
        "1 2 3",
        1773570600,
        True,
        [],
        {},
        "Mon, 01 Jan 99999 10:00:00 +0000",
        "1 Jan 2026 10:00:00 +9999999999",
    ],
)
def test_what_is_no_date_is_none(value: object) -> None:
    assert moment(value) is None


@settings(database=None, deadline=None, max_examples=500)
@given(st.text(max_size=30) | st.text("0123456789-:.TWZ+ ,JanMoFeb", max_size=30))
def test_a_date_begins_with_its_day_whatever_was_given(text: str) -> None:
    found = moment(text)
    assert found is None or date.fromisoformat(found[:10])


@pytest.mark.parametrize(
    "url",
    ["https://x.example/\x1b]0;pwn\x07", "https://x.example/a b", "https://x.example/\u202ea"],
)
def test_an_address_that_could_steer_a_terminal_is_none(url):
    assert web_address(url) is None
