"""A feed gives its items, however it is written and however broken it is."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.articles import moment
from ingest.files.feeds import Feed, FeedItem, is_feed, read_feed
from vectorstore.errors import SourceError

BASE = "https://bote.example/feeds/lokales.xml"
FERRY = "Die Fähre fährt seit Montag mit Strom."


def rss(*items: str, head: str = '<?xml version="1.0" encoding="utf-8"?>', end: str = "") -> str:
    return (
        f'{head}\n<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Brunsbyer Bote</title>'
        f"<link>https://bote.example/</link><language>de</language>{''.join(items)}{end}"
        "</channel></rss>"
    )


def item(**parts: str) -> str:
    return "<item>" + "".join(f"<{tag}>{text}</{tag}>" for tag, text in parts.items()) + "</item>"


def read(text: str | bytes, base: str | None = BASE) -> Feed:
    return read_feed(text.encode() if isinstance(text, str) else text, base)


def only(text: str | bytes, base: str | None = BASE) -> FeedItem:
    (found,) = read(text, base).items
    return found


# -- kinds ----------------------------------------------------------------------


def test_an_rss_item_is_read_with_all_it_says() -> None:
    found = only(
        rss(
            "<item><title>Fähre leise</title><link>https://bote.example/faehre</link>"
            "<pubDate>Sun, 15 Mar 2026 10:30:00 +0100</pubDate><dc:creator>Jelka Rohde</dc:creator>"
            "<guid isPermaLink='false'>f-1</guid><description>Kurz gesagt.</description>"
            f"<content:encoded><![CDATA[<p>{FERRY}</p><p>Sie ist leise.</p>]]></content:encoded>"
            "</item>"
        )
    )
    assert found == FeedItem(
        url="https://bote.example/faehre",
        title="Fähre leise",
        published="Sun, 15 Mar 2026 10:30:00 +0100",
        updated=None,
        authors=("Jelka Rohde",),
        language="de",
        source="Brunsbyer Bote",
        content_html=f"<p>{FERRY}</p><p>Sie ist leise.</p>",
        content_text=None,
        id="f-1",
    )


def test_rss_1_keeps_its_items_beside_the_channel() -> None:
    feed = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<channel><title>Bote</title><items/></channel>"
        '<item rdf:about="https://bote.example/a"><title>Eins</title>'
        "<link>https://bote.example/a</link><dc:date>2026-03-15T10:30:00+01:00</dc:date></item>"
        "<item><title>Zwei</title><link>https://bote.example/b</link></item></rdf:RDF>"
    )
    assert [i.url for i in feed.items] == ["https://bote.example/a", "https://bote.example/b"]
    found = feed.items[0]
    assert "2026-03-15T10:30:00+01:00" in (found.published, found.updated)


def test_an_atom_entry_is_read_with_both_its_dates_and_its_base() -> None:
    found = only(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://atom.example/x/">'
        "<title>Bote</title><entry><title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>"
        "Fähre <em>leise</em></div></title><link rel='alternate' href='faehre'/><id>urn:f:1</id>"
        "<published>2026-03-15T10:30:00Z</published><updated>2026-03-16T08:00:00Z</updated>"
        "<author><name>Jelka Rohde</name></author><author><name>Ivo Tasch</name></author>"
        f"<content type='text'>{FERRY}</content></entry></feed>"
    )
    assert (found.url, found.title) == ("https://atom.example/x/faehre", "Fähre leise")
    assert (found.published, found.updated) == ("2026-03-15T10:30:00Z", "2026-03-16T08:00:00Z")
    assert found.authors == ("Jelka Rohde", "Ivo Tasch")
    assert (found.content_text, found.content_html, found.language) == (FERRY, None, "de")


@pytest.mark.parametrize(
    ("version", "by"), [("1", {"author": {"name": "J"}}), ("1.1", {"authors": [{"name": "J"}]})]
)
def test_a_json_feed_of_either_version_is_read(version: str, by: dict[str, Any]) -> None:
    entry = {"id": 7, "url": "/faehre", "title": "A &amp; B", "content_html": "<p>x</p>"}
    dates = {"date_published": "2026-03-15T10:30:00Z", "language": "de"}
    feed = {"version": f"https://jsonfeed.org/version/{version}", "title": "Bote", **by}
    found = only(json.dumps({**feed, "items": [{**entry, **dates}]}))
    assert (found.url, found.title, found.id) == ("https://bote.example/faehre", "A & B", "7")
    assert (found.published, found.language, found.authors) == (
        "2026-03-15T10:30:00Z", "de", ("J",),
    )  # fmt: skip
    assert (found.content_html, found.content_text, found.source) == ("<p>x</p>", None, "Bote")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><head><title>RSS</title></head><body><feed></feed></body></html>",
        b'{"items": []}',
        b"[1]",
        b"Ein Text \xc3\xbcber <Feeds>.",
        b"<urlset></urlset>",
    ],
)
def test_what_is_no_feed_is_refused(data: bytes) -> None:
    assert not is_feed(data)
    with pytest.raises(SourceError):
        read_feed(data, BASE)


def test_a_summary_is_not_taken_for_the_article() -> None:
    found = only(rss(item(title="T", link="/a", description="Nur der Anfang ...")))
    assert (found.content_html, found.content_text) == (None, None)


def test_a_description_without_a_link_is_the_article() -> None:
    found = only(rss(item(description=FERRY)), base=None)
    assert found.url is None
    assert FERRY in (found.content_html, found.content_text)


# -- brokenness -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Fähre &lt;b&gt;leise&lt;/b&gt;", "Fähre leise"),
        ("<![CDATA[Fähre <i>leise</i> &uuml;ber Nacht]]>", "Fähre leise über Nacht"),
        ("Rohde &amp;amp; Tasch", "Rohde & Tasch"),
        ("Wenn a &lt; b und c &gt; d", "Wenn a < b und c > d"),
        ("Br&uuml;cke&nbsp;zu", "Brücke zu"),
        ("  Fähre\n  leise ", "Fähre leise"),
        ("", None),
    ],
)
def test_titles_are_plain_text(written: str, plain: str | None) -> None:
    assert only(rss(item(title=written, link="/a"))).title == plain


def test_a_feed_without_ids_still_gives_every_article() -> None:
    feed = read(rss(*(item(title=f"Artikel {n}", link=f"/{n}") for n in range(5))))
    assert [i.url for i in feed.items] == [f"https://bote.example/{n}" for n in range(5)]


def test_an_item_without_link_has_none_and_does_not_stop_the_rest() -> None:
    feed = read(rss(item(title="Ohne"), item(link="javascript:alert(1)"), item(link="/c")))
    assert [i.url for i in feed.items] == [None, None, "https://bote.example/c"]


def test_an_id_that_is_an_address_stands_in_for_the_link() -> None:
    guid = "<item><guid>https://bote.example/a</guid></item>"
    assert only(rss(guid)).url == "https://bote.example/a"


def test_without_an_address_of_its_own_links_are_relative_to_the_feeds_link() -> None:
    assert only(rss(item(link="faehre")), base=None).url == "https://bote.example/faehre"


@pytest.mark.parametrize("written", ["irgendwann", "32.13.2026", "", "Sun, 99 Foo 2026", "0"])
def test_a_bad_date_is_kept_as_written_and_harms_nothing(written: str) -> None:
    found = only(rss(item(title="T", link="/a", pubDate=written)))
    assert found.published in (written, None)
    assert moment(found.published) is None


@pytest.mark.parametrize(
    ("declared", "real"),
    [
        ("utf-8", "cp1252"),
        ("iso-8859-1", "utf-8"),
        ("iso-8859-1", "cp1252"),
        ("utf-16", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-8", "utf-8-sig"),
        ("x-nonsense", "utf-8"),
        ("unicode_escape", "utf-8"),
        ("zlib", "utf-8"),
        ("windows-1250", "cp1250"),
    ],
)
def test_a_wrong_encoding_does_not_matter(declared: str, real: str) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    data = rss(item(title="Die Fähre über Öde"), head=head).encode(real)
    assert only(data).title == "Die Fähre über Öde"


def test_of_a_feed_that_was_cut_off_the_whole_items_remain() -> None:
    data = rss(*(item(title=f"Artikel {n}", link=f"/{n}") for n in range(9)))
    for cut in range(len(data)):
        feed = read(data[:cut]) if is_feed(data[:cut].encode()) else Feed(None, ())
        assert [i.title for i in feed.items] == [f"Artikel {n}" for n in range(len(feed.items))]
        assert len(feed.items) == data[:cut].count("</item>")


def test_a_servers_warning_before_the_feed_is_passed_over() -> None:
    data = "<br />\n<b>Warning</b>: Undefined x in feed.php\n" + rss(item(title="Fähre"))
    assert only(data).title == "Fähre"


def test_control_characters_and_bare_ampersands_do_not_end_a_feed() -> None:
    feed = read(rss(item(title="R & D \x0b \x00 x"), item(title="Zwei")))
    assert [i.title for i in feed.items] == ["R & D x", "Zwei"]


# -- hostile --------------------------------------------------------------------


def test_an_external_entity_is_never_read(tmp_path: Any) -> None:
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]>'
    assert "geheim" not in repr(read(rss(item(title="a &x; b", description="&x;"), head=head)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_a_billion_laughs_are_none(encoding: str) -> None:
    lines = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(10)
    )
    head = f'<?xml version="1.0"?><!DOCTYPE rss [{lines}]>'
    found = only(rss(item(title="x &l9; y"), head=head).encode(encoding))
    assert len(found.title or "") < 20


def test_one_long_entity_used_often_is_not_expanded() -> None:
    head = f'<!DOCTYPE rss [<!ENTITY a "{"a" * 10_000}">]>'
    assert len(repr(read(rss(item(description="&a;" * 10_000), head=head)))) < 100_000


def test_a_feed_that_is_a_file_name_opens_no_file(tmp_path: Any) -> None:
    path = tmp_path / "<rss>"
    path.write_text(rss(item(title="geheim")))
    assert read(str(path)).items == ()


PIECES = st.sampled_from(
    [
        "<item>", "</item>", "<entry>", "</entry>", "<title>", "</title>", "<link>", "</link>",
        "<link href='a'/>", "<content type='xhtml'>", "</content>", "<![CDATA[", "]]>", "<!--",
        "-->", "&", "&amp;", "&#0;", "&#xD800;", "&x;", "<", ">", "\0", "\ud800", "ä", "<div>",
        "<pubDate>", "</pubDate>", "<!DOCTYPE x [<!ENTITY x 'y'>]>", "<?php", "xml:base='::'",
        "<content:encoded>", "<description>", "<guid isPermaLink='true'>", "<author>", "<svg>",
    ]
)  # fmt: skip
ROOTS = st.sampled_from(["<rss>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<rdf:RDF>", ""])


@settings(database=None, max_examples=150)
@given(ROOTS, st.lists(PIECES | st.text(max_size=8), max_size=25))
def test_any_junk_of_xml_is_a_feed_or_refused(root: str, pieces: list[str]) -> None:
    try:
        found = read((root + "".join(pieces)).encode(errors="surrogatepass"))
    except SourceError:
        return
    assert isinstance(found, Feed)


@settings(database=None, max_examples=150)
@given(st.text(max_size=40) | st.datetimes().map(str) | st.from_regex(r"[\d./: TZ+-]{1,25}"))
def test_any_date_is_a_moment_or_none(written: str) -> None:
    text = written.encode(errors="replace").decode()
    found = only(rss(item(link="/a", pubDate=f"<![CDATA[{text.replace(']]>', '')}]]>")))
    assert found.url == "https://bote.example/a"
    assert isinstance(moment(found.published), str | None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from("id url title authors author content_html date_published language".split())


@settings(database=None, max_examples=100)
@given(JSON | st.lists(st.dictionaries(KEYS, JSON, max_size=5), max_size=4), JSON)
def test_any_json_feed_is_read(items: object, authors: object) -> None:
    version = "https://jsonfeed.org/version/1.1"
    feed = {"version": version, "items": items, "authors": authors, "title": authors}
    assert isinstance(read(json.dumps(feed)), Feed)
