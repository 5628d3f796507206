"""Addresses go into a real catalogue: pages, feeds, sitemaps, and what becomes of them later."""

import gzip
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fpdf import FPDF

from ingest.pipeline import Pipeline
from ingest.run import IngestReport
from ingest.web import follow
from ingest.web.addresses import AddressGuard
from tests.support.embedding import HashingEmbedder
from tests.support.pages import PARAGRAPHS, TITLE, article_page, list_page
from tests.support.site import Reply, Site
from tests.support.visitor import Visitor
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database

TODAY = date(2026, 3, 20)


class Newsroom:
    """A site, and a catalogue that takes in what it shows."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site = site
        self.embedder = HashingEmbedder()
        self.catalogue = Catalogue(Database(folder / "catalogue.db"))
        self._folder = folder

    def ingest(self, *sources: str, prune: bool = False) -> IngestReport:
        fetcher = Visitor().fetcher
        pipeline = Pipeline(self.catalogue, self.embedder, lambda: fetcher, lambda: TODAY)
        return pipeline.ingest(sources, prune)

    def page(self, path: str, title: str = TITLE, **headers: str) -> str:
        about = tuple(p.replace("Schleuse", title.split()[-1]) for p in PARAGRAPHS)
        return self.site.page(path, article_page(title=title, paragraphs=about), **headers)

    def titles(self) -> list[str | None]:
        return sorted(str(listed.article.title) for listed in self.catalogue.articles())

    def file(self, name: str, content: str) -> str:
        (self._folder / name).write_text(content, "utf-8")
        return str(self._folder / name)


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    with Site() as site:
        found = Newsroom(site, tmp_path)
        yield found
        found.catalogue.database.close()


def told(report: IngestReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.deleted


def rss(*items: tuple[str, str]) -> str:
    listed = "".join(f"<item><title>{t}</title><link>{u}</link></item>" for t, u in items)
    return f'<rss version="2.0"><channel><title>Bote</title>{listed}</channel></rss>'


# -- pages -------------------------------------------------------------------------------


def test_an_unchanged_page_costs_one_conditional_request_and_no_embedding(newsroom: Newsroom):
    address = newsroom.page("/a", etag='"1"')
    assert told(newsroom.ingest(address)) == (1, 0, 0, 0)
    newsroom.embedder.passages.clear()
    newsroom.site.asked.clear()
    assert told(newsroom.ingest(address)) == (0, 0, 1, 0)
    assert newsroom.site.paths() == ["/a"]
    assert newsroom.embedder.passages == []


def test_a_server_without_conditions_is_compared_by_content(newsroom: Newsroom):
    address = newsroom.page("/a")
    newsroom.ingest(address)
    assert told(newsroom.ingest(address)) == (0, 0, 1, 0)


def test_a_changed_page_is_a_new_version_and_the_old_one_stays_readable(newsroom: Newsroom):
    address = newsroom.page("/a", etag='"1"')
    newsroom.ingest(address)
    newsroom.page("/a", title="Lindenau saniert die Brücke", etag='"2"')
    assert told(newsroom.ingest(address)) == (0, 1, 0, 0)
    (listed,) = newsroom.catalogue.articles()
    assert (listed.article.version, listed.article.title) == (2, "Lindenau saniert die Brücke")
    assert newsroom.catalogue.article(listed.article.id, 1).title == TITLE


def test_a_page_with_tracking_and_fragments_is_asked_once(newsroom: Newsroom):
    address = newsroom.page("/a")
    newsroom.site.page("/a?utm_source=mail", article_page())
    report = newsroom.ingest(newsroom.file("list.urls", f"{address}\n{address}#top\n"))
    assert told(report) == (1, 0, 0, 0)
    assert newsroom.site.paths() == ["/a"]


def test_a_page_that_is_gone_is_marked_and_deleted_only_when_asked(newsroom: Newsroom):
    address = newsroom.page("/a")
    newsroom.ingest(address)
    newsroom.site.routes["/a"] = Reply(status=410)
    report = newsroom.ingest(address)
    assert (told(report), [gone.address for gone in report.gone]) == ((0, 0, 0, 0), [address])
    assert [listed.gone for listed in newsroom.catalogue.articles()] == ["2026-03-20"]
    assert told(newsroom.ingest(address, prune=True)) == (0, 0, 0, 1)
    assert newsroom.titles() == []


def test_a_page_that_is_gone_is_deleted_whatever_else_lists_it_or_fails(newsroom: Newsroom):
    address, broken = newsroom.page("/a"), newsroom.site.page("/b", "", "video/mp4")
    newsroom.ingest(address)
    feed = newsroom.site.page("/f", rss(("a", address), ("b", broken)), "application/rss+xml")
    newsroom.ingest(feed)
    newsroom.site.routes["/a"] = Reply(status=404)
    assert newsroom.ingest(feed, prune=True).deleted == 1
    assert newsroom.titles() == []


def test_an_article_that_moved_is_not_deleted_with_its_old_page(newsroom: Newsroom):
    canonical = f'<link rel="canonical" href="{newsroom.site.url("/lokal/schleuse")}">'
    old = newsroom.site.page("/1", article_page(head=canonical))
    newsroom.ingest(old)
    newsroom.site.routes["/1"] = Reply(status=404)
    new = newsroom.site.page("/2", article_page(head=canonical))
    for sources in ((old, new), (new, old)):
        assert newsroom.ingest(*sources, prune=True).deleted == 0
    assert newsroom.titles() == [TITLE]


def test_two_lists_that_name_one_page_both_hold_it(newsroom: Newsroom):
    address = newsroom.page("/a")
    lists = [newsroom.file(name, address) for name in ("a.urls", "b.urls")]
    newsroom.ingest(*lists)
    newsroom.file("a.urls", newsroom.page("/b", "Lindenau plant Haus2"))
    assert newsroom.ingest(*lists, prune=True).deleted == 0
    newsroom.site.routes["/a"] = Reply(status=403)
    newsroom.file("a.urls", address)
    assert newsroom.ingest(*lists, prune=True).deleted == 0


def test_a_feed_s_snippet_never_replaces_what_its_page_brought(newsroom: Newsroom):
    address = newsroom.page("/a", etag='"1"')
    item = f"<item><title>x</title><link>{address}</link><content:encoded>Kurz.</content:encoded>"
    feed = newsroom.site.page(
        "/feed",
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"{item}</item></channel></rss>",
        "application/rss+xml",
    )
    newsroom.ingest(feed)
    newsroom.site.routes["/a"] = Reply(status=403)
    newsroom.ingest(feed)
    (listed,) = newsroom.catalogue.articles()
    assert listed.article.version == 1


def test_a_page_is_asked_whole_if_another_source_has_changed_its_article(newsroom: Newsroom):
    address = newsroom.page("/a", etag='"1"')
    newsroom.ingest(address)
    newsroom.ingest(newsroom.file("a.jsonl", json.dumps({"url": address, "text": "Kurz."})))
    newsroom.ingest(address)
    (listed,) = newsroom.catalogue.articles()
    assert (listed.article.version, listed.article.title) == (3, TITLE)


def test_a_print_page_does_not_replace_the_page_that_it_is_of(newsroom: Newsroom):
    whole = newsroom.page("/a")
    head = f'<link rel="canonical" href="{whole}">'
    part = newsroom.site.page("/a/print", article_page(head=head, paragraphs=PARAGRAPHS[2:]))
    for _ in range(2):
        newsroom.ingest(whole, part)
    (listed,) = newsroom.catalogue.articles()
    assert listed.article.version == 1
    assert "60 Prozent" in newsroom.catalogue.article(listed.article.id).text


def test_an_address_that_is_none_costs_only_itself(newsroom: Newsroom):
    report = newsroom.ingest("http://[bad", newsroom.page("/a"))
    assert (report.added, len(report.failed)) == (1, 1)


def test_a_document_with_metadata_in_xml_is_no_feed(newsroom: Newsroom):
    pdf = FPDF()
    pdf.set_xmp_metadata(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
        "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></x:xmpmeta>"
    )
    pdf.add_page()
    pdf.set_font("helvetica")
    pdf.multi_cell(0, 5, "The council of Wrenfold has agreed to repair the lock on the canal.")
    address = newsroom.site.page("/a.pdf", bytes(pdf.output()), "application/pdf")
    assert newsroom.ingest(address).added == 1


def test_a_feed_in_sixteen_bits_is_read(newsroom: Newsroom):
    feed = rss(("a", newsroom.page("/a"))).encode("utf-16")
    assert newsroom.ingest(newsroom.site.page("/feed", feed, "application/rss+xml")).added == 1


def test_a_text_that_opens_with_an_address_is_an_article(newsroom: Newsroom):
    text = "https://bote.example/a\n\n" + "\n\n".join(PARAGRAPHS)
    assert newsroom.ingest(newsroom.site.page("/a.txt", text, "text/plain")).added == 1


def test_packed_lines_of_json_are_unpacked(newsroom: Newsroom):
    packed = gzip.compress(json.dumps({"id": "1", "text": PARAGRAPHS[0]}).encode())
    assert newsroom.ingest(newsroom.site.page("/a.jsonl.gz", packed, "application/gzip")).added == 1


def test_a_list_that_fails_in_part_is_not_pruned_and_says_so(newsroom: Newsroom):
    addresses = [newsroom.page(f"/{n}", f"Lindenau plant Haus{n}") for n in range(2)]
    listed = newsroom.file("list.urls", "\n".join(addresses))
    newsroom.ingest(listed)
    newsroom.file("list.urls", f"{addresses[0]}\n{newsroom.site.url('/never')}")
    report = newsroom.ingest(listed, prune=True)
    assert (report.deleted, report.unpruned) == (0, (listed,))


def test_a_page_that_comes_back_is_marked_no_longer(newsroom: Newsroom):
    address = newsroom.page("/a", etag='"1"')
    newsroom.ingest(address)
    newsroom.site.routes["/a"] = Reply(status=404)
    newsroom.ingest(address)
    newsroom.page("/a", etag='"1"')
    newsroom.ingest(address)
    assert [listed.gone for listed in newsroom.catalogue.articles()] == [None]


def test_a_page_that_was_never_there_is_a_failure(newsroom: Newsroom):
    (failure,) = newsroom.ingest(newsroom.site.url("/none")).failed
    assert "no such page" in failure.error


def test_a_list_is_reported_with_the_feed_that_it_names(newsroom: Newsroom):
    page = list_page().replace(
        b"</head>", b'<link rel="alternate" type="application/rss+xml" href="/feed"></head>'
    )
    (failure,) = newsroom.ingest(newsroom.site.page("/lokales", page)).failed
    assert "list of articles" in failure.error
    assert newsroom.site.url("/feed") in failure.error


def test_the_server_s_encoding_counts(newsroom: Newsroom):
    page = article_page().replace(b'<meta charset="utf-8">', b"").decode().encode("cp1252")
    newsroom.ingest(newsroom.site.page("/a", page, "text/html; charset=windows-1252"))
    (listed,) = newsroom.catalogue.articles()
    assert "Mühlkanal" in newsroom.catalogue.article(listed.article.id).text


# -- lists -------------------------------------------------------------------------------


def test_a_feed_brings_the_pages_that_it_lists(newsroom: Newsroom):
    items = [(f"Stück {n}", newsroom.page(f"/{n}", f"Lindenau plant Haus{n}")) for n in range(3)]
    feed = newsroom.site.page("/feed", rss(*items), "application/rss+xml")
    assert told(newsroom.ingest(feed)) == (3, 0, 0, 0)
    assert newsroom.titles() == [f"Lindenau plant Haus{n}" for n in range(3)]


def test_what_a_feed_no_longer_lists_stays_also_when_pruning(newsroom: Newsroom):
    old, new = newsroom.page("/1", "Lindenau plant Haus1"), newsroom.page("/2", "Neues aus Haus2")
    feed = newsroom.site.page("/feed", rss(("a", old)), "application/rss+xml")
    newsroom.ingest(feed)
    newsroom.site.page("/feed", rss(("b", new)), "application/rss+xml")
    assert told(newsroom.ingest(feed, prune=True)) == (1, 0, 0, 0)
    assert len(newsroom.titles()) == 2


def test_one_page_of_a_feed_that_fails_costs_only_itself(newsroom: Newsroom):
    good = newsroom.page("/good")
    bad = newsroom.site.page("/bad", "", "video/mp4")
    feed = newsroom.site.page("/feed", rss(("x", bad), ("y", good)), "application/rss+xml")
    report = newsroom.ingest(feed)
    assert told(report) == (1, 0, 0, 0)
    assert [failure.source for failure in report.failed] == [bad]


def test_a_feed_s_own_text_stands_in_for_a_page_that_fails(newsroom: Newsroom):
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Bote",
        "items": [
            {
                "id": "7",
                "url": newsroom.site.url("/gone"),
                "title": TITLE,
                "content_html": "".join(f"<p>{p}</p>" for p in PARAGRAPHS),
            }
        ],
    }
    address = newsroom.site.page("/feed.json", json.dumps(feed), "application/feed+json")
    report = newsroom.ingest(address)
    assert (told(report), report.failed) == ((1, 0, 0, 0), ())
    (listed,) = newsroom.catalogue.articles()
    assert listed.article.url == newsroom.site.url("/gone")


def test_an_index_of_sitemaps_leads_to_the_pages(newsroom: Newsroom):
    page = newsroom.page("/a")
    namespace = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    pages = f"<urlset {namespace}><url><loc>{page}</loc></url></urlset>"
    inner = newsroom.site.page("/s.xml.gz", gzip.compress(pages.encode()), "application/gzip")
    index = f"<sitemapindex {namespace}><sitemap><loc>{inner}</loc></sitemap></sitemapindex>"
    assert told(newsroom.ingest(newsroom.site.page("/i.xml", index, "application/xml"))) == (
        *(1, 0, 0, 0),
    )


def test_sitemaps_that_lead_to_themselves_end(newsroom: Newsroom):
    namespace = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    for n in range(9):
        after = newsroom.site.url(f"/{(n + 1) % 9}.xml")
        index = f"<sitemapindex {namespace}><sitemap><loc>{after}</loc></sitemap></sitemapindex>"
        newsroom.site.page(f"/{n}.xml", index, "application/xml")
    (failure,) = newsroom.ingest(newsroom.site.url("/0.xml")).failed
    assert "without end" in failure.error


def test_a_list_of_addresses_may_have_any_name(newsroom: Newsroom):
    listed = newsroom.file("Quellen", f"# Lokales\n{newsroom.page('/a')}\n")
    assert told(newsroom.ingest(listed)) == (1, 0, 0, 0)


def test_a_run_fetches_no_more_than_its_total(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(follow, "TOTAL", 100)
    addresses = [newsroom.page(f"/{n}", f"Lindenau plant Haus{n}") for n in range(3)]
    report = newsroom.ingest(newsroom.file("list.urls", "\n".join(addresses)))
    assert report.added == 1
    assert all("left for the next one" in failure.error for failure in report.failed)


# -- files -------------------------------------------------------------------------------


def test_a_text_on_the_web_is_known_by_its_address(newsroom: Newsroom):
    address = newsroom.site.page("/notes/lock.txt", "\n\n".join(PARAGRAPHS), "text/plain")
    assert told(newsroom.ingest(address)) == (1, 0, 0, 0)
    (listed,) = newsroom.catalogue.articles()
    assert listed.article.url == address


def test_lines_of_json_on_the_web_are_taken_as_given(newsroom: Newsroom):
    lines = "".join(json.dumps({"id": str(n), "text": PARAGRAPHS[n]}) + "\n" for n in range(3))
    address = newsroom.site.page("/data", lines, "application/x-ndjson")
    assert told(newsroom.ingest(address)) == (3, 0, 0, 0)
    assert told(newsroom.ingest(address)) == (0, 0, 3, 0)


def test_addresses_that_are_not_public_are_refused_unless_opened(tmp_path: Path):
    catalogue = Catalogue(Database(tmp_path / "catalogue.db"))
    fetcher = Visitor(AddressGuard.parse("")).fetcher
    report = Pipeline(catalogue, HashingEmbedder(), lambda: fetcher).ingest(
        ["http://127.0.0.1:9/", "http://169.254.169.254/latest"]
    )
    assert all("FETCH_ALLOW" in failure.error for failure in report.failed)
    assert len(report.failed) == 2
    catalogue.database.close()
