"""A sitemap gives the addresses it lists; gzip around it is no bomb."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.files.compression import gunzip
from ingest.files.sitemaps import Sitemap, SitemapPage, is_sitemap, read_sitemap
from vectorstore.errors import SourceError

BASE = "https://bote.example/sitemap.xml"
NS = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def urlset(*urls: str, head: str = "", ns: str = NS) -> bytes:
    body = "".join(f"<url>{url}</url>" for url in urls)
    return f'{head}<urlset xmlns="{ns}" xmlns:n="{NEWS}">{body}</urlset>'.encode()


def pages(data: bytes) -> list[str]:
    assert is_sitemap(data)
    return [page.url for page in read_sitemap(data, BASE).pages]


def test_a_news_sitemap_says_title_date_and_language() -> None:
    data = urlset(
        "<loc> https://bote.example/faehre </loc><lastmod>2026-03-16</lastmod><n:news>"
        "<n:publication><n:name>Bote</n:name><n:language>de</n:language></n:publication>"
        "<n:publication_date>2026-03-15T10:30:00+01:00</n:publication_date>"
        "<n:title>Fähre &amp;amp; Br&uuml;cke</n:title></n:news>"
    )
    assert read_sitemap(data, BASE).pages == (
        SitemapPage(
            url="https://bote.example/faehre",
            lastmod="2026-03-16",
            title="Fähre & Brücke",
            published="2026-03-15T10:30:00+01:00",
            language="de",
        ),
    )


def test_an_index_names_further_sitemaps() -> None:
    data = (
        f'<sitemapindex xmlns="{NS}"><sitemap><loc>/a.xml.gz</loc></sitemap>'
        "<sitemap><loc>https://bote.example/b.xml</loc></sitemap></sitemapindex>"
    ).encode()
    assert read_sitemap(data, BASE) == Sitemap(
        sitemaps=("https://bote.example/a.xml.gz", "https://bote.example/b.xml")
    )


def test_pictures_of_a_page_are_no_pages() -> None:
    picture = '<i:image xmlns:i="x"><i:loc>https://bote.example/b.png</i:loc></i:image>'
    assert pages(urlset(f"{picture}<loc>/a</loc>")) == ["https://bote.example/a"]


def test_the_namespace_may_be_wrong_or_missing() -> None:
    for ns in ("", "https://www.sitemaps.org/schemas/sitemap/0.9/", "x"):
        assert pages(urlset("<loc>/a</loc>", ns=ns)) == ["https://bote.example/a"]
    assert pages(b"<x:urlset><x:url><x:loc>/a</x:loc></x:url>") == ["https://bote.example/a"]


def test_addresses_come_once_and_those_nobody_could_open_never() -> None:
    found = pages(urlset("<loc>/a</loc>", "<loc>/a</loc>", "<loc>file:///etc</loc>", "<loc/>", ""))
    assert found == ["https://bote.example/a"]


def test_the_text_form_is_one_address_a_line() -> None:
    data = b"\xef\xbb\xbfhttps://bote.example/a\r\n\r\nhttps://bote.example/b\r\n"
    assert pages(data) == ["https://bote.example/a", "https://bote.example/b"]


@pytest.mark.parametrize("cut", [1, 60])
def test_of_a_sitemap_that_was_cut_off_the_beginning_remains(cut: int) -> None:
    data = urlset(*(f"<loc>/{n}</loc>" for n in range(5)))[:-cut]
    assert pages(data)[:3] == [f"https://bote.example/{n}" for n in range(3)]


@pytest.mark.parametrize(
    "data", [b"", b"<rss/>", b"<html></html>", b"text", b"https://a.example/ x", b"{}"]
)
def test_what_is_no_sitemap_is_refused(data: bytes) -> None:
    assert not is_sitemap(data)
    with pytest.raises(SourceError):
        read_sitemap(data, BASE)


def test_no_entity_is_read_or_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    laughs = '<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;">'
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY s SYSTEM "file://{secret}">{laughs}]>'
    found = read_sitemap(urlset("<loc>/a&s;&b;</loc>", "<loc>/c</loc>", head=head), BASE)
    assert "geheim" not in repr(found)
    assert "haha" not in repr(found)
    assert found.pages[-1].url == "https://bote.example/c"


PIECES = st.sampled_from(
    ["<url>", "</url>", "<loc>", "</loc>", "/a", "&", "&#0;", "<!--", "]]>", "<", "\0", "<n:news>"]
)


@settings(database=None, max_examples=200)
@given(st.lists(PIECES | st.text(max_size=5), max_size=20))
def test_any_junk_is_a_sitemap_or_refused(pieces: list[str]) -> None:
    data = f"<urlset>{''.join(pieces)}".encode(errors="surrogatepass")
    try:
        found = read_sitemap(data, BASE)
    except SourceError:
        return
    assert all(page.url.startswith("http") for page in found.pages)


# -- gzip -----------------------------------------------------------------------


def test_what_gzip_packed_is_unpacked() -> None:
    assert gunzip(gzip.compress(b"abc") + gzip.compress(b"def"), 6) == b"abcdef"


def test_a_bomb_is_stopped_early() -> None:
    bomb = gzip.compress(bytes(50 * 2**20))
    with pytest.raises(SourceError, match="larger than 1 MB"):
        gunzip(bomb, 2**20)


@pytest.mark.parametrize(
    "data", [b"x", b"\x1f\x8b", gzip.compress(b"Text" * 99)[:-9]], ids=range(3)
)
def test_what_is_damaged_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="damaged"):
        gunzip(data, 1_000)
