"""What is known of a source's articles beforehand."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.articles import article
from ingest.found import Failure, FromPage
from ingest.presumed import Presumed
from vectorstore.models import Article
from vectorstore.pages import Page

TEXT = "Der Rat hat den Umbau der Schleuse beschlossen. Er beginnt im Frühjahr."


def found(**fields: str) -> Article:
    return article(text=TEXT, given_id="a", **fields)  # type: ignore[arg-type]


def test_what_is_presumed_is_as_if_the_article_had_said_it() -> None:
    presumed = Presumed("nds", "Lokales")
    assert presumed.of(found()) == found(language="nds", section="Lokales")


def test_an_articles_own_section_stands() -> None:
    assert Presumed(section="Lokales").of(found(section="Sport")) == found(section="Sport")


def test_the_presumed_language_wins_but_over_one_that_says_more() -> None:
    assert Presumed("de").of(found(language="de-AT")) == found(language="de-AT")
    assert Presumed("de").of(found(language="den")) == found(language="de")


def test_pages_keep_what_belongs_to_them_and_failures_stay() -> None:
    page, failure = Page("https://bote.example/a", "a", '"1"', None), Failure("a", "Weg.")
    presumed = Presumed(section="Lokales")
    assert presumed.of(FromPage(found(), page)) == FromPage(found(section="Lokales"), page)
    assert presumed.of(failure) is failure


@given(st.sampled_from([None, "de", "en"]), st.one_of(st.none(), st.text()))
def test_to_presume_the_same_twice_changes_nothing(language: str | None, section: str) -> None:
    once = Presumed(language, section).of(found())
    assert Presumed(language, section).of(once) == once
