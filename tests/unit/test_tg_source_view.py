"""A source's button shows its quote in its context, in any version of the article."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.tg.buttons import Button, OpenArticle, OpenSource
from bot.tg.excerpt import find_in
from bot.tg.source_view import LONGEST, article_view, source_view
from tests.support.entity import utf16_length
from tests.support.telegram_taken import FORBIDDEN, TEXTS, URLS, covered
from tests.support.viewed import QUOTE, TEXT, URL, bold, opened, shown, taps, texts, told

# -- the quote in its context -------------------------------------------------------


def test_a_quote_is_marked_between_three_sentences_on_either_side() -> None:
    of = told()
    view = source_view(opened(of), of, [1], "de")
    assert shown(view).text == (
        "[2] Titel – Blatt, 18.03.2026\n\n"
        "… Satz Zwei steht hier. Satz Drei steht hier. Satz Vier steht hier. "
        "Satz Fünf steht hier. "
        "Satz Sechs steht hier. Satz Sieben steht hier. Satz Acht steht hier. …"
    )
    assert bold(view) == [QUOTE]
    ((title, entity),) = covered(shown(view), "text_link")
    assert (title, entity.url) == ("Titel", f"{URL}#:~:text=Satz%20F%C3%BCnf%20steht%20hier.")


def test_at_the_ends_of_an_article_there_are_no_ellipses() -> None:
    of = told(f"\n{QUOTE}\n")
    assert shown(source_view(opened(of), of, [1], "de")).text.endswith(f"\n\n{QUOTE}")


def test_paragraphs_are_kept_without_empty_lines() -> None:
    of = told(f"Davor war es so.\n\n{QUOTE}\n \n\nDanach wurde es anders.")
    body = shown(source_view(opened(of), of, [1], "de")).text.partition("\n\n")[2]
    assert body == f"Davor war es so.\n{QUOTE}\nDanach wurde es anders."


def test_a_quote_over_two_lines_stays_as_it_is() -> None:
    of = told("Davor. Sie wurde\n1913 eingeweiht. Danach.")
    assert bold(source_view(opened(of, "Sie wurde\n1913 eingeweiht."), of, [1], "de")) == [
        "Sie wurde\n1913 eingeweiht."
    ]


def test_long_sentences_around_are_cut_between_words_but_never_the_quote() -> None:
    long = "Der Rat sprach " + "lange und viel " * 90 + "darüber."
    of = told(f"{long} {QUOTE} {long}")
    view = source_view(opened(of), of, [1], "de")
    _, _, body = shown(view).text.partition("\n\n")
    before, quote, after = body.partition(QUOTE)
    assert quote
    assert before.startswith("… ")
    assert set(before.split()) == {"…", "lange", "und", "viel", "darüber."}
    assert after.endswith(" …")
    assert set(after.split()) == {"…", "Der", "Rat", "sprach", "lange", "und", "viel"}
    assert LONGEST - 60 <= utf16_length(shown(view).text) <= LONGEST


def test_a_quote_longer_than_the_view_is_cut() -> None:
    quote = "Der Rat sprach " + "lange und viel " * 200 + "darüber."
    of = told(f"Davor. {quote} Danach.")
    view = source_view(opened(of, quote), of, [1], "de")
    (marked,) = bold(view)
    assert marked.endswith("…")
    assert quote.startswith(marked[:-1])
    assert utf16_length(shown(view).text) <= LONGEST


def test_what_one_side_does_not_need_the_other_has() -> None:
    of = told(QUOTE + " " + "Es war ein schöner und auch sehr langer Tag in der Stadt. " * 3)
    assert "…" not in shown(source_view(opened(of), of, [1], "de")).text


# -- versions -----------------------------------------------------------------------


def test_one_version_alone_is_not_spoken_of() -> None:
    of = told()
    assert texts(source_view(opened(of), of, [1], "de")) == [
        ["Artikel", "Zur Seite"],
        ["« Antwort"],
    ]


def test_an_old_version_says_so_and_leads_to_those_beside_it() -> None:
    of = told(version=4)
    view = source_view(opened(of), of, [2, 4, 5], "de")
    assert shown(view).text.split("\n")[1] == "Fassung 2 von 3, nicht die neueste"
    assert texts(view)[0] == ["‹ ältere Fassung", "neuere Fassung ›"]
    assert taps(view)["‹ ältere Fassung"] == opened(of, shown=2)
    assert taps(view)["neuere Fassung ›"] == opened(of, shown=5)


def test_another_version_marks_the_quote_where_it_stands_there() -> None:
    old, new = told(version=1), told(f"Neu ist dies.\n\n{TEXT}", version=2)
    view = source_view(opened(old, shown=2), new, [1, 2], "de", QUOTE)
    assert bold(view) == [QUOTE]
    assert shown(view).text.split("\n")[1] == "Fassung 2 von 2"
    assert taps(view)["‹ ältere Fassung"] == opened(old)
    start = new.text.index(QUOTE)
    end = start + len(QUOTE)
    assert taps(view)["Artikel"] == OpenArticle(5, 2, 0, turn=7, start=start, end=end, number=2)


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (1, "So steht es in dieser Fassung noch nicht."),
        (3, "So steht es in dieser Fassung nicht mehr."),
    ],
)
def test_a_version_without_the_quote_says_so_and_shows_what_comes_nearest(
    version: int, said: str
) -> None:
    of, other = told(version=2), told(TEXT.replace("Fünf steht", "Fünf stand"), version=version)
    view = source_view(opened(of, shown=version), other, [1, 2, 3], "de", QUOTE)
    assert shown(view).text.split("\n")[2] == said
    assert "Satz Vier steht hier. Satz Fünf stand hier. Satz Sechs" in shown(view).text
    assert bold(view) == []
    near = other.text.index("Satz Fünf")
    assert taps(view)["Artikel"] == OpenArticle(5, version, 0, 7, near, near, 2)


def test_a_place_that_is_not_there_shows_the_beginning() -> None:
    of = told()
    view = source_view(OpenSource(5, 1, 10**12, 10**12), of, [1], "de")
    assert shown(view).text.startswith(
        "Titel – Blatt, 18.03.2026\n\nSatz Eins steht hier. Satz Zwei"
    )
    assert texts(view) == [["Artikel", "Zur Seite"]]


def test_a_quote_is_found_whatever_the_blanks_and_nearest_to_where_it_was() -> None:
    of = told("Ja doch. Nein. Ja\n doch. Nein.")
    assert find_in(of, "Ja doch.") == (0, 8)
    assert find_in(of, " Ja  doch. ", near=12) == (15, 24)
    assert find_in(of, "Ja. doch") is None
    assert find_in(of, " \n") is None
    assert find_in(of, "Ja doch." * 10_000) is None


# -- links and buttons ----------------------------------------------------------------


@pytest.mark.parametrize(
    "url", [None, "https://.example.org/", "https://a..de", "https://a.de:70000/"]
)
def test_no_address_or_one_that_telegram_may_refuse_gets_no_button(url: str | None) -> None:
    of = told(url=url)
    assert texts(source_view(opened(of), of, [1], "de"))[0] == ["Artikel"]


@pytest.mark.parametrize("url", ["https://straße.münchen.de", "http://192.168.0.1:8080/a?b#c"])
def test_an_address_that_is_sound_gets_one(url: str) -> None:
    of = told(url=url)
    assert texts(source_view(opened(of), of, [1], "de"))[0] == ["Artikel", "Zur Seite"]


def test_a_link_too_long_for_a_button_opens_the_page_alone() -> None:
    words = " ".join(["x" * 300] * 10)
    of = told(words)
    view = source_view(opened(of, words), of, [1], "en")
    assert view.rows[0][1] == Button("To the page", url=URL)


# -- anything at all ----------------------------------------------------------------

BODIES = st.lists(TEXTS, max_size=3).map(" ".join)
PLACES = st.integers(0, 400) | st.integers(0, 10**12)


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_article_is_taken_in_both_views(draw: st.DataObject) -> None:
    check(draw)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@settings(max_examples=10_000, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_ten_thousand_articles_are_taken_in_both_views(draw: st.DataObject) -> None:
    check(draw)


def check(draw: st.DataObject) -> None:
    """Telegram takes both views of any article, wherever the quote is said to stand."""
    of, version = told(draw.draw(BODIES), version=2), draw.draw(st.integers(1, 3))
    of = replace(of, title=draw.draw(TEXTS), source=draw.draw(TEXTS), url=draw.draw(URLS))
    start, language = draw.draw(PLACES), draw.draw(st.sampled_from(["de", "en"]))
    source = OpenSource(5, version, start, start + draw.draw(PLACES), turn=7, number=1)
    quote = None if version == 2 else draw.draw(TEXTS)
    view = source_view(source, of, [1, 2, 3], language, quote)
    message = shown(view)
    assert utf16_length(message.text) <= LONGEST
    assert not FORBIDDEN.search(message.text)
    page = taps(view)["Artikel" if language == "de" else "Article"]
    assert isinstance(page, OpenArticle)
    assert not FORBIDDEN.search(shown(article_view(page, of, [1, 2, 3], language)).text)
