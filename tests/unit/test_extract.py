"""What is read from a page, and which pages are refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.pages.extract import from_page
from tests.support.pages import CONSENT_PAGE, PARAGRAPHS, TITLE, article_page, list_page
from vectorstore.errors import SourceError

ADDRESS = "https://bote.example/lindenau/schleuse-saniert"


def test_the_text_is_the_article_and_nothing_around_it():
    page = article_page(
        before='<figure><img src="s.jpg"><figcaption>Die Schleuse im Mai, Foto: Bote</figcaption>'
        '</figure><div class="breadcrumb">Start / Lindenau</div>',
        between='<aside class="teaser"><a href="/x">Lesen Sie auch: Der trockene Kanal</a></aside>',
        after='<div class="comments"><p>Ein Leser: Das wurde aber auch höchste Zeit, finde ich.</p>'
        '</div><p><a href="/1">Noch ein Artikel über den Mühlkanal und seine Schleusen</a></p>',
    )
    assert from_page(page, address=ADDRESS).text == "\n\n".join(PARAGRAPHS)


def test_headings_and_lists_between_paragraphs_are_kept():
    page = article_page(
        between="<h2>Was jetzt geplant ist</h2><ul><li>Neue Tore aus Stahl</li></ul>"
    )
    text = from_page(page, address=ADDRESS).text
    assert text.count("Was jetzt geplant ist") == 1
    assert "\n\nNeue Tore aus Stahl\n\n" in text


def test_metadata_comes_from_json_ld():
    page = article_page(
        described={
            "headline": TITLE,
            "datePublished": "2026-03-17T18:05:00+01:00",
            "dateModified": "2026-03-18T08:00:00+01:00",
            "author": [{"@type": "Person", "name": "Ada Wirth"}, {"name": "Max Rohde (mro)"}],
            "publisher": {"@type": "Organization", "name": "Lindenauer Bote"},
            "articleSection": "Lokales",
            "inLanguage": "de",
        }
    )
    found = from_page(page, address=ADDRESS)
    assert found.title == TITLE
    assert (found.published, found.updated) == (
        "2026-03-17T18:05:00+01:00",
        "2026-03-18T08:00:00+01:00",
    )
    assert found.authors == ("Ada Wirth", "Max Rohde")
    assert (found.source, found.section, found.language) == ("Lindenauer Bote", "Lokales", "de")


def test_without_json_ld_the_meta_tags_serve():
    head = (
        f'<meta property="og:title" content="{TITLE} - Lindenauer Bote">'
        '<meta property="og:site_name" content="Lindenauer Bote">'
        '<meta property="article:published_time" content="2026-03-17T18:05:00Z">'
        '<meta name="author" content="Von Ada Wirth und Max Rohde">'
    )
    found = from_page(article_page(head=head), address=ADDRESS)
    assert found.title == TITLE
    assert found.published == "2026-03-17T18:05:00Z"
    assert found.authors == ("Ada Wirth", "Max Rohde")


def test_broken_json_ld_costs_nothing_but_itself():
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": </script>'
    assert from_page(article_page(head=head), address=ADDRESS).title == TITLE


def test_a_standfirst_that_readers_see_opens_the_text():
    standfirst = "Nach Jahren des Wartens bekommt Lindenau eine neue Schleuse vom Land bezahlt."
    page = article_page(
        before=f'<div class="lead">{standfirst}</div>', described={"description": standfirst}
    )
    assert from_page(page, address=ADDRESS).text.startswith(standfirst + "\n\n" + PARAGRAPHS[0])


def test_a_description_that_readers_don_t_see_is_not_the_article_s():
    page = article_page(described={"description": "Alles über Lindenau lesen Sie hier bei uns."})
    assert "Alles über Lindenau" not in from_page(page, address=ADDRESS).text


def test_the_canonical_address_names_the_article():
    page = article_page(head=f'<link rel="canonical" href="{ADDRESS}">')
    amp = from_page(page, address=ADDRESS + "?amp=1")
    assert (amp.url, amp.id) == (ADDRESS, from_page(article_page(), address=ADDRESS).id)


@pytest.mark.parametrize(
    "canonical",
    ["https://bote.example/", "https://elsewhere.example/a", "https://other.co.uk/news/1"],
)
def test_a_canonical_address_of_a_front_page_or_another_site_is_not_believed(canonical: str):
    page = article_page(head=f'<link rel="canonical" href="{canonical}">')
    assert from_page(page, address=ADDRESS).url == ADDRESS


def test_another_publisher_of_the_same_country_is_another_site():
    page = article_page(head='<link rel="canonical" href="https://large.co.uk/news/1">')
    assert from_page(page, address="https://small.co.uk/a").url == "https://small.co.uk/a"


def test_a_teaser_s_metadata_is_not_the_article_s():
    teasers = "".join(
        f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Anderes {n}", '
        f'"author": "Fremd", "url": "https://bote.example/t{n}"}}</script>'
        for n in range(2)
    )
    found = from_page(article_page(head=teasers), address=ADDRESS)
    assert (found.title, found.url, found.authors) == (TITLE, ADDRESS, ())


def test_marks_for_hyphenation_do_not_split_words():
    page = article_page(paragraphs=("Der Mühl\xadkanal bleibt ge\u200bsperrt. " + PARAGRAPHS[0],))
    assert "Mühlkanal bleibt gesperrt" in from_page(page, address=ADDRESS).text


def test_text_that_only_the_metadata_holds_is_taken_from_there():
    page = article_page(
        paragraphs=("Die Seite wird geladen, das kann einen Augenblick dauern. Bitte warten Sie.",),
        described={"headline": TITLE, "articleBody": "\n".join(PARAGRAPHS)},
    )
    assert from_page(page, address=ADDRESS).text == "\n\n".join(PARAGRAPHS)


def test_a_list_of_articles_is_refused():
    with pytest.raises(SourceError, match="list of articles"):
        from_page(list_page(), address="https://bote.example/lindenau")


def test_a_consent_wall_is_refused():
    with pytest.raises(SourceError, match="consent"):
        from_page(CONSENT_PAGE, address=ADDRESS)


def test_a_paywall_stub_is_refused():
    page = article_page(
        paragraphs=PARAGRAPHS[:1],
        after='<div class="paywall"><p>Jetzt weiterlesen mit dem Probeabo.</p></div>',
        described={"headline": TITLE, "isAccessibleForFree": False},
    )
    with pytest.raises(SourceError, match="paywall"):
        from_page(page, address=ADDRESS)


def test_a_whole_article_on_a_site_with_a_paywall_is_taken():
    page = article_page(
        paragraphs=(*PARAGRAPHS, *(p.replace("Schleuse", "Brücke") for p in PARAGRAPHS)),
        after='<div class="paywall-offer"><p>Jetzt abonnieren und alles lesen.</p></div>',
        described={"headline": TITLE, "isAccessibleForFree": False},
    )
    assert PARAGRAPHS[3] in from_page(page, address=ADDRESS).text


def test_a_short_report_beside_a_banner_for_subscribers_is_taken():
    page = article_page(
        paragraphs=PARAGRAPHS[:2], before='<div class="bar">Jetzt abonnieren!</div>'
    )
    assert from_page(page, address=ADDRESS).text.startswith(PARAGRAPHS[0])


def test_an_article_with_teasers_below_it_is_no_list():
    teasers = "".join(
        f'<h3><a href="/{i}">Meldung {i}</a></h3><p>Zwei Zeilen zur Meldung Nummer {i}, die einen '
        "Leser auf die nächste Seite locken.</p>"
        for i in range(6)
    )
    found = from_page(article_page(paragraphs=PARAGRAPHS * 3, after=teasers), address=ADDRESS)
    assert found.text.startswith(PARAGRAPHS[0])


def test_a_page_nested_very_deeply_is_read_or_refused():
    deep = b"<div>" * 20_000 + b"<p>Ein Satz steht ganz unten auf dieser Seite.</p>"
    with pytest.raises(SourceError):
        from_page(deep, address=ADDRESS)


@given(st.binary(max_size=400))
def test_any_bytes_are_an_article_or_a_source_error(data: bytes):
    with suppress(SourceError):
        assert from_page(data, address=ADDRESS).text


_PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<div class='teaser'>", "<h1>", "<h2>", "<li>", "<br><br>", "<a href='/x'>",
        "<table><td>", "<article>", "</div>", "<!--", "-->", "<![CDATA[", "<script>", "</script>",
        "<script type='application/ld+json'>{\"@type\":[\"NewsArticle\"],\"author\":[{}]}</script>",
        "<meta property='og:title' content='a | b'>", "<link rel='canonical' href='http://[x'>",
        "<time datetime='2026-99-99'>", "Ein Satz über die Schleuse am Kanal, der lang genug ist.",
        "\x00", "\ud800", "&#0;", "&nbsp;", "<p>Alle akzeptieren</p>",
    ]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=40))
def test_any_markup_is_an_article_or_a_source_error(pieces: list[str]):
    page = "<html><body>" + "".join(pieces)
    with suppress(SourceError):
        from_page(page.encode("utf-8", "surrogatepass"), address=ADDRESS)


@pytest.mark.parametrize(
    "paragraph",
    [
        "Werbungskosten dürfen im Kreis Lindenau nun auch Pendler mit dem Rad geltend machen.",
        "Anzeige erstattet hatte nach Angaben der Polizei der Betreiber der Schleuse selbst.",
        "Quelle: So nennt der Künstler sein Werk am Kanal. Es zeigt ein Tor aus Wasser.",
        "Sehen Sie hier eine Schuld der Stadt? Diese Frage beantwortete die Rätin nicht.",
        "Lottozahlen: 3 - 7 - 19 - 22 - 31 - 44, dazu die Superzahl 5 und das Spiel 77",
    ],
)
def test_paragraphs_that_begin_like_a_note_stay(paragraph: str):
    text = from_page(article_page(paragraphs=(*PARAGRAPHS, paragraph)), address=ADDRESS).text
    assert paragraph in text


def test_a_page_inside_one_form_is_read():
    page = article_page().replace(b"<main>", b"<form><main>").replace(b"</main>", b"</main></form>")
    assert from_page(page, address=ADDRESS).text.startswith(PARAGRAPHS[0])


def test_an_article_about_cookies_is_no_consent_wall():
    paragraphs = (
        "Der Gerichtshof hat entschieden, dass Cookies nur mit Einwilligung gesetzt werden dürfen.",
        "Ein Verlag hatte geklagt, weil ihm personalisierte Werbung und Tracking untersagt wurden.",
        "Für den Datenschutz sei das ein guter Tag, sagte die Beauftragte des Landes dazu.",
    )
    page = article_page(
        paragraphs=paragraphs,
        before="<div class='bar'>Alle akzeptieren</div>",
        described={"headline": TITLE, "datePublished": "2026-03-17"},
    )
    assert from_page(page, address=ADDRESS).text.startswith(paragraphs[0])


def test_a_short_item_on_a_page_that_says_it_has_no_paywall_is_taken():
    page = article_page(paragraphs=PARAGRAPHS[:1]).replace(b"<body>", b'<body class="no-paywall">')
    page = page.replace(b"<nav>", b"<nav><a href='/abo'>Abo</a>")
    assert from_page(page, address=ADDRESS).text == PARAGRAPHS[0]


def test_paragraphs_of_a_body_in_the_metadata_are_kept_apart():
    body = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    page = article_page(
        paragraphs=("Die Seite wird geladen. Bitte warten Sie einen kleinen Augenblick.",),
        described={"headline": TITLE, "articleBody": body},
    )
    assert from_page(page, address=ADDRESS).text == "\n\n".join(PARAGRAPHS)


def test_a_page_that_is_far_too_large_is_refused_at_once():
    with pytest.raises(SourceError, match="too large"):
        from_page(article_page(after="<i>x</i>" * 90_000), address=ADDRESS)
