"""One file or line of each format becomes one article, verbatim."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.files.formats import from_html, from_json_line, from_markdown, from_text
from vectorstore.errors import SourceError
from vectorstore.models import Article

TEXT_FILE, MARKDOWN_FILE, HTML_FILE = (
    Path("/archiv/faehre").with_suffix(s) for s in (".txt", ".md", ".html")
)
PROSE = "Die Fähre fährt seit Montag mit Strom. Sie fasst 220 Gäste."


def line(**record: Any) -> bytes:
    return json.dumps(record).encode()


# -- text -----------------------------------------------------------------------


def test_a_text_file_is_kept_with_its_blanks() -> None:
    found = from_text(f"\ufeff \n{PROSE}\r\n\r\n Ende. \n".encode(), TEXT_FILE)
    assert found.text == f" \n{PROSE}\n\n Ende. \n"
    assert (found.title, found.url, found.published) == ("faehre", None, None)


def test_the_headline_of_a_text_file_is_its_title_and_stays_in_the_text() -> None:
    text = f"Lokales\n\nFähre fährt mit Strom\n\n{PROSE}\n\n{PROSE} Sie ist leise.\n"
    found = from_text(text.encode(), TEXT_FILE)
    assert (found.title, found.text) == ("Fähre fährt mit Strom", text)


@pytest.mark.parametrize("reader", [from_text, from_markdown, from_html])
@pytest.mark.parametrize("data", [b"", b" \n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_of_any_format_is_refused(
    reader: Callable[[bytes, Path], Article], data: bytes
) -> None:
    with pytest.raises(SourceError):
        reader(data, TEXT_FILE)


@pytest.mark.parametrize("reader", [from_text, from_markdown, from_html])
@settings(database=None, deadline=None, max_examples=60)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_an_article_or_refused(
    reader: Callable[[bytes, Path], Article], data: bytes
) -> None:
    try:
        found = reader(data, TEXT_FILE)
    except SourceError:
        return
    assert found.text.strip()


# -- Markdown -------------------------------------------------------------------


def test_front_matter_says_what_the_article_is() -> None:
    data = f"""---
title: "Fähre: jetzt mit Strom"
id: 4711
date: 2026-03-15
updated: 2026-03-15T10:30:00+02:00
authors: [Jelka Rohde, Ivo Tasch]
publisher: Brunsbyer Bote
lang: de-AT
link: https://example.org/faehre
---

{PROSE}
"""
    found = from_markdown(data.replace("\n", "\r\n").encode(), MARKDOWN_FILE)
    assert found.text == f"\n{PROSE}\n"
    assert (found.id, found.title) == ("4711", "Fähre: jetzt mit Strom")
    assert (found.published, found.updated) == ("2026-03-15", "2026-03-15T10:30:00+02:00")
    assert found.authors == ("Jelka Rohde", "Ivo Tasch")
    assert (found.source, found.language) == ("Brunsbyer Bote", "de-at")
    assert found.url == "https://example.org/faehre"


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2026-03-15", "2026-03-15"),
        ('"2026-03-15"', "2026-03-15"),
        ("2026-03-15 10:30:00", "2026-03-15T10:30:00"),
        ("2026-03-15T10:30:00-05:00", "2026-03-15T10:30:00-05:00"),
        ("15.03.2026", "2026-03-15"),
        ("Sun, 15 Mar 2026 10:30:00 +0100", "2026-03-15T10:30:00+01:00"),
        ("bald", None),
        ("", None),
    ],
)
def test_dates_of_front_matter_are_kept(written: str, iso: str | None) -> None:
    found = from_markdown(f"---\npublished: {written}\n---\n{PROSE}".encode(), MARKDOWN_FILE)
    assert found.published == iso


def test_markdown_without_front_matter_has_its_heading_for_a_title() -> None:
    data = f"# Fähre mit Strom\n\n{PROSE}\n".encode()
    found = from_markdown(data, MARKDOWN_FILE)
    assert (found.title, found.text) == ("Fähre mit Strom", data.decode())
    assert found.id == from_text(data, MARKDOWN_FILE).id


def test_an_author_may_stand_alone() -> None:
    found = from_markdown(f"---\nauthor: Jelka Rohde\n---\n{PROSE}".encode(), MARKDOWN_FILE)
    assert found.authors == ("Jelka Rohde",)


@pytest.mark.parametrize(
    "front", ["title: a: b: c", "title: [", "\ttitle: x", "published: 2026-13-45", "[" * 5_000]
)
def test_broken_front_matter_is_refused_by_name(front: str) -> None:
    with pytest.raises(SourceError, match="front matter is no YAML"):
        from_markdown(f"---\n{front}\n---\n{PROSE}".encode(), MARKDOWN_FILE)


@pytest.mark.parametrize(
    "text",
    [
        f"---\n{PROSE}\n---\nEnde.",
        f"---\n{PROSE}",
        f"{PROSE}\n---\ntitle: x\n---\n",
        f"----\n{PROSE}",
    ],
)
def test_a_rule_that_opens_no_front_matter_is_text(text: str) -> None:
    assert from_markdown(text.encode(), MARKDOWN_FILE).text == text


def test_empty_front_matter_is_no_text() -> None:
    assert from_markdown(f"---\n---\n{PROSE}".encode(), MARKDOWN_FILE).text == PROSE


# -- HTML -----------------------------------------------------------------------

PAGE = """<!DOCTYPE html>
<html lang="de"><head>{charset}
<title>Fähre mit Strom | Brunsbyer Bote</title>
<link rel="canonical" href="https://example.org/faehre">
<meta property="og:title" content="Fähre mit Strom">
<meta property="og:site_name" content="Brunsbyer Bote">
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "Fähre mit Strom", "datePublished": "2026-03-15T10:30:00+01:00",
"dateModified": "2026-04-20T08:00:00+02:00",
"author": [{{"@type": "Person", "name": "Jelka Rohde"}},
{{"@type": "Person", "name": "Ivo Tasch"}}],
"publisher": {{"@type": "Organization", "name": "Brunsbyer Bote"}}}}</script>
</head><body><nav><ul><li><a href="/">Start</a></li><li><a href="/abo">Abo</a></li></ul></nav>
<article><h1>Fähre mit Strom</h1>
<p>Die neue Fähre von Brunsby fährt seit Montag mit Strom. Sie fasst 220 Gäste &amp; 28 Autos.</p>
<p>„Sie ist leise“, sagte Kapitänin Gesche Ludwig nach der ersten Fahrt über den Sund.</p>
</article><footer>Impressum und Datenschutz</footer></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "iso-8859-15"])
def test_a_saved_page_is_its_article(charset: str) -> None:
    page = PAGE.format(charset=f'<meta charset="{charset}">')
    if charset == "iso-8859-15":
        page = page.replace("„", '"').replace("“", '"')
    found = from_html(page.encode(charset), HTML_FILE)
    assert "Sie fasst 220 Gäste & 28 Autos." in found.text
    assert "Sie ist leise" in found.text
    assert "Impressum" not in found.text
    assert "Abo" not in found.text
    assert (found.title, found.source) == ("Fähre mit Strom", "Brunsbyer Bote")
    assert (found.url, found.published) == (
        "https://example.org/faehre",
        "2026-03-15T10:30:00+01:00",
    )
    assert found.authors == ("Jelka Rohde", "Ivo Tasch")
    assert found.language == "de"


def test_a_page_with_an_address_is_known_by_it_wherever_it_is_saved() -> None:
    data = PAGE.format(charset='<meta charset="utf-8">').encode()
    assert from_html(data, HTML_FILE).id == from_html(data, Path("/other.html")).id
    without = data.replace(b"canonical", b"other")
    assert from_html(without, HTML_FILE).id != from_html(without, Path("/other.html")).id


@pytest.mark.parametrize(
    "data", [b"<html></html>", b"<p>", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"<div>" * 5_000]
)
def test_a_page_without_article_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="No article was found"):
        from_html(data, HTML_FILE)


# -- JSON lines -----------------------------------------------------------------


def test_a_line_holds_every_field_as_given() -> None:
    found = from_json_line(
        line(
            id="a-1",
            url="https://example.org/faehre?utm_source=x",
            title="Fähre",
            text=" Die \ufeffFähre.\r\n\u2028Ende.\ud800 ",
            published="2026-03-15T10:30:00+02:00",
            updated="2026-03-16",
            authors=["Jelka Rohde", "", 3],
            source="Bote",
            language="de",
        )
    )
    assert found.text == " Die \ufeffFähre.\n\u2028Ende.\ufffd "
    assert (found.id, found.url) == ("a-1", "https://example.org/faehre?utm_source=x")
    assert (found.title, found.source, found.language) == ("Fähre", "Bote", "de")
    assert (found.published, found.updated) == ("2026-03-15T10:30:00+02:00", "2026-03-16")
    assert (found.authors, found.version) == (("Jelka Rohde",), 0)


def test_an_id_may_be_a_number() -> None:
    assert from_json_line(line(id=0, text="Eins.")).id == "0"
    assert from_json_line(line(id=12345678901234567890, text="Eins.")).id == "12345678901234567890"


def test_an_empty_id_is_none_and_the_url_serves() -> None:
    url = "https://example.org/faehre"
    assert (
        from_json_line(line(id="", url=url, text="a")).id
        == from_json_line(line(url=url, text="b")).id
    )


def test_author_may_stand_for_authors() -> None:
    assert from_json_line(line(id="a", text="Eins.", author="J. Rohde")).authors == ("J. Rohde",)


def test_an_escaped_pair_of_surrogates_is_one_character() -> None:
    assert from_json_line(rb'{"id": "a", "text": "\ud83d\ude00 \ude00"}').text == "😀 \ufffd"


def test_a_nul_in_a_text_stays() -> None:
    assert from_json_line(line(id="a", text="a\0b")).text == "a\0b"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"{", "no JSON"),
        (b"{'id': 1}", "no JSON"),
        (b'{"id": "a", "text": "\xff"}', "no JSON"),
        (b'{"id": ' + b"9" * 5_000 + b', "text": "a"}', "no JSON"),
        (b'{"a":' * 100_000, "no JSON"),
        (b"[1]", "no JSON object"),
        (b'"text"', "no JSON object"),
        (b'{"id": "a"}', 'no "text"'),
        (b'{"id": "a", "text": null}', 'no "text"'),
        (b'{"id": "a", "text": ["x"]}', 'no "text"'),
        (b'{"id": "a", "text": " \\n"}', "no text"),
        (b'{"text": "a"}', 'neither "id" nor "url"'),
        (b'{"text": "a", "url": "javascript:alert(1)"}', 'neither "id" nor "url"'),
        (b'{"text": "a", "id": true, "url": 5}', 'neither "id" nor "url"'),
    ],
)
def test_a_bad_line_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        from_json_line(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
FIELDS = [
    "id",
    "url",
    "title",
    "text",
    "published",
    "updated",
    "authors",
    "author",
    "source",
    "language",
]


@settings(database=None, deadline=None, max_examples=300)
@given(st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=8))
def test_any_record_is_an_article_or_refused(record: dict[str, Any]) -> None:
    try:
        found = from_json_line(line(**record))
    except SourceError:
        return
    assert found.text == record["text"].replace("\r\n", "\n").replace("\r", "\n")
    assert repr(found).encode()
