"""Citations: verbatim, numbered, linked to the sentence."""

from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from bot.citations import cite, text_fragment_link
from tests.support.articles import article
from vectorstore.models import Span

TEXT = "Die Brücke ist fertig. „Endlich“, sagte sie – nach 3,5 Jahren.\nDer Rat freut sich."


def test_a_citation_is_the_very_characters_of_the_article() -> None:
    source = article(text=TEXT, url="https://example.org/a")
    first, second = cite([(source, Span(23, 62)), (source, Span(0, 22))])
    assert (first.number, second.number) == (1, 2)
    assert first.quote == TEXT[first.start : first.end] == "„Endlich“, sagte sie – nach 3,5 Jahren."
    assert second.quote == "Die Brücke ist fertig."


def test_an_article_without_an_address_has_no_link() -> None:
    (citation,) = cite([(article(text=TEXT, url=None), Span(0, 22))])
    assert citation.link is None


def test_the_link_opens_the_page_at_a_short_quote() -> None:
    link = text_fragment_link("https://example.org/a?b=1", "Ein-Euro-Job, sagte sie & ging.")
    assert link == (
        "https://example.org/a?b=1#:~:text=Ein%2DEuro%2DJob%2C%20sagte%20sie%20%26%20ging."
    )


def test_a_long_quote_is_marked_from_its_first_to_its_last_words() -> None:
    quote = " ".join(f"wort{n}" for n in range(40))
    link = text_fragment_link("https://example.org/a", quote)
    first, last = link.split("text=")[1].split(",")
    assert unquote(first) == "wort0 wort1 wort2 wort3 wort4"
    assert unquote(last) == "wort35 wort36 wort37 wort38 wort39"


def test_an_anchor_of_the_page_is_kept() -> None:
    assert text_fragment_link("https://e.org/#part", "Ja.") == "https://e.org/#part:~:text=Ja."


@given(st.text(min_size=1))
def test_every_quote_makes_an_address_of_plain_ascii(quote: str) -> None:
    link = text_fragment_link("https://example.org/a", quote)
    assert link.isascii()
    assert " " not in link
