"""An article can be read page by page."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.tg.buttons import Ask, Back, OpenArticle, OpenSource, Stay
from bot.tg.excerpt import PAGE, pages
from bot.tg.markup import units
from bot.tg.source_view import article_view, source_view
from tests.support.telegram_taken import TEXTS
from tests.support.viewed import TEXT, bold, shown, taps, texts, told

LONG = "\n\n".join(f"Absatz {n}. " + "Es ging noch weiter damit. " * 30 for n in range(1, 21))


def test_a_short_article_is_one_page_without_numbers() -> None:
    view = article_view(OpenArticle(5, 1, turn=7), told(), [1], "de")
    assert shown(view).text == f"Titel – Blatt, 18.03.2026\n\n{TEXT}"
    assert texts(view) == [["Zur Seite"], ["« Antwort"]]


def test_a_long_article_is_read_page_by_page() -> None:
    of = told(LONG)
    count = len(pages(of))
    first, last = (
        article_view(OpenArticle(5, 1, page, turn=7), of, [1], "de") for page in (1, count)
    )
    assert texts(first)[0] == [f"1/{count}", "›"]
    assert texts(last)[0] == ["‹", f"{count}/{count}"]
    assert taps(first)["›"] == OpenArticle(5, 1, 2, turn=7)
    assert taps(first)[f"1/{count}"] == Stay()
    assert "\n\nAbsatz 1." in shown(first).text
    assert shown(article_view(OpenArticle(5, 1, 10**9), of, [1], "de")) == shown(last)


def test_the_article_opens_where_the_quote_stands_and_leads_back_to_it() -> None:
    of = told(LONG)
    start = of.text.index("Absatz 12.")
    at = OpenArticle(5, 1, 0, turn=7, start=start, end=start + 10, number=2)
    view = article_view(at, of, [1], "de")
    assert bold(view) == ["Absatz 12."]
    assert taps(view)["« Zitat"] == OpenSource(5, 1, start, start + 10, 7, 2)
    assert "« Antwort" not in taps(view)
    assert taps(article_view(replace(at, end=start), of, [1], "de"))["« Antwort"] == Back(7)


def test_questions_about_the_article_alone_are_offered_if_wanted() -> None:
    view = article_view(OpenArticle(5, 1), told(), [1], "en", ask=True)
    assert texts(view) == [["Ask about it", "To the page"]]
    assert taps(view)["Ask about it"] == Ask(5)


def test_pages_end_where_paragraphs_do() -> None:
    of = told(LONG)
    parts = [of.text[page.start : page.end] for page in pages(of)]
    assert all(part.startswith("Absatz") for part in parts)


def test_pages_of_one_paragraph_end_where_sentences_do() -> None:
    of = told("Es ging noch weiter damit. " * 500)
    parts = [of.text[page.start : page.end].strip() for page in pages(of)]
    assert all(part.startswith("Es ging") and part.endswith("damit.") for part in parts)


MARKDOWN = """# Titel

Der **neue Kran** steht. Er ist laut.

## Lange Planung ##

Mehr steht im [Plan](https://example.org/plan).
- Er ruht um 22 Uhr, 5 ** 2 und #1 bleiben.
"""


def test_marks_of_markdown_are_not_shown_nor_the_title_twice() -> None:
    view = article_view(OpenArticle(5, 1, turn=7), told(MARKDOWN), [1], "de")
    assert shown(view).text == (
        "Titel – Blatt, 18.03.2026\n\nDer neue Kran steht. Er ist laut.\n\nLange Planung\n\n"
        "Mehr steht im Plan.\n- Er ruht um 22 Uhr, 5 ** 2 und #1 bleiben."
    )


def test_a_quote_between_marks_is_shown_without_them_and_stays_marked() -> None:
    of = told(MARKDOWN)
    start = of.text.index("Der **")
    at = OpenArticle(5, 1, 0, 7, start, start + len("Der **neue Kran** steht."), 2)
    assert bold(article_view(at, of, [1], "de")) == ["Der neue Kran steht."]
    view = source_view(OpenSource(5, 1, at.start, at.end, 7, 2), of, [1], "de")
    assert shown(view).text == (
        "[2] Titel – Blatt, 18.03.2026\n\nDer neue Kran steht. Er ist laut.\nLange Planung\n"
        "Mehr steht im Plan. …"
    )


def test_a_title_that_is_quoted_or_all_there_is_stays() -> None:
    of = told("Titel\nDer Text.")
    at = OpenArticle(5, 1, 0, turn=7, start=0, end=5)
    assert shown(article_view(at, of, [1], "de")).text.endswith("\n\nTitel\nDer Text.")
    alone = article_view(OpenArticle(5, 1), told("Titel"), [1], "de")
    assert shown(alone).text.endswith("\n\nTitel")


BODIES = st.lists(TEXTS, max_size=3).map(" ".join)


@given(BODIES)
def test_the_pages_of_any_text_are_the_whole_text(text: str) -> None:
    parts = pages(told(text))
    assert "".join(text[page.start : page.end] for page in parts) == text
    assert all(units(text[page.start : page.end]) <= PAGE for page in parts)
