"""Passages: whole sentences, exact offsets, nothing twice."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.articles import article
from ingest.chunking import TARGET, chunk_article
from ingest.layout import read_layout
from ingest.sentences import LONGEST
from vectorstore.models import Article, Chunk


def an_article(text: str, title: str | None = "Titel") -> Article:
    return article(text=text, given_id="a-1", title=title, language="de")


def chunks_of(item: Article) -> list[Chunk]:
    return chunk_article(item, read_layout(item.text, item.title))


def sentences_of(item: Article) -> list[str]:
    return [item.text[s.start : s.end] for c in chunks_of(item) for s in c.sentences]


def prose(count: int) -> str:
    return " ".join(
        f"Satz Nummer {n} sagt, dass im Jahr {1900 + n} etwas geschah." for n in range(count)
    )


def check(item: Article) -> list[Chunk]:
    """The rules that hold for the chunks of whatever article."""
    chunks = chunks_of(item)
    assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    at = 0
    for chunk in chunks:
        assert (chunk.article_id, chunk.version) == (item.id, item.version)
        assert chunk.start == chunk.sentences[0].start
        assert chunk.end == chunk.sentences[-1].end
        assert len(chunk.sentences) == 1 or chunk.end - chunk.start <= TARGET
        for sentence in chunk.sentences:
            assert at <= sentence.start < sentence.end <= len(item.text)
            quote = item.text[sentence.start : sentence.end]
            assert quote == quote.strip()
            assert len(quote) <= LONGEST
            at = sentence.end
    return chunks


# -- size -----------------------------------------------------------------------


def test_a_short_article_is_one_passage() -> None:
    item = an_article("Die Fähre fährt.\n\nSie ist neu.")
    (chunk,) = check(item)
    assert item.text[chunk.start : chunk.end] == item.text
    assert len(chunk.sentences) == 2


def test_long_prose_is_cut_into_passages_of_about_the_target() -> None:
    item = an_article(prose(200))
    lengths = [chunk.end - chunk.start for chunk in check(item)]
    assert all(TARGET * 0.8 <= length <= TARGET for length in lengths[:-1])
    assert lengths[-1] <= TARGET


def test_prose_a_little_longer_than_the_target_is_halved() -> None:
    item = an_article(prose(13))
    lengths = [chunk.end - chunk.start for chunk in check(item)]
    assert len(lengths) == 2
    assert max(lengths) - min(lengths) < 120


def test_a_sentence_longer_than_the_target_is_a_passage_by_itself() -> None:
    monster = "Der Satz " + "und noch ein Wort " * 44 + "endet."
    item = an_article(f"Er kam. Er ging.\n{monster}\nEr blieb.")
    chunks = check(item)
    assert [len(c.sentences) for c in chunks] == [2, 1, 1]
    assert item.text[chunks[1].start : chunks[1].end] == monster


def test_every_sentence_of_the_prose_is_in_a_passage() -> None:
    item = an_article(prose(100))
    assert " ".join(sentences_of(item)) == item.text


# -- evidence -------------------------------------------------------------------


def test_a_sentence_that_stood_before_is_no_second_evidence() -> None:
    item = an_article("Das Bad ist offen. Es ist warm.\n\nDas  bad ist OFFEN. Es kostet nichts.")
    check(item)
    assert sentences_of(item) == ["Das Bad ist offen.", "Es ist warm.", "Es kostet nichts."]


def test_the_headline_is_no_evidence_but_the_prose_below_is() -> None:
    item = an_article(
        "Bad öffnet\n\nDas Bad ist offen. Es ist warm.\n\nKinder zahlen nichts.", None
    )
    assert item.title == "Bad öffnet"
    assert sentences_of(item) == ["Das Bad ist offen.", "Es ist warm.", "Kinder zahlen nichts."]


def test_marks_without_a_letter_or_figure_are_no_evidence() -> None:
    assert sentences_of(an_article("Das Bad ist offen.\n\n* * *\n\n👍")) == ["Das Bad ist offen."]


def test_a_passage_never_reaches_over_what_is_left_out() -> None:
    teaser = "Lesen Sie auch: Warum die Molkerei keine Butter mehr macht"
    item = an_article(f"{prose(3)}\n\n{teaser}\n\n{prose(6)}")
    assert all(teaser not in item.text[c.start : c.end] for c in check(item))


# -- identity -------------------------------------------------------------------


def test_the_same_article_has_the_same_ids_and_another_version_others() -> None:
    item = an_article(prose(40))
    ids = {chunk.id for chunk in check(item)}
    assert ids == {chunk.id for chunk in check(item)}
    assert ids.isdisjoint(chunk.id for chunk in check(replace(item, version=1)))
    assert ids.isdisjoint(chunk.id for chunk in check(replace(item, id="a-2")))


# -- whatever the text ----------------------------------------------------------

WORDS = st.sampled_from(
    "Das Bad ist offen. Es z. B. am 3. März „Nein!“, sagte Dr. 4,5 Mio. Lokales Foto: Lesen Sie "
    "auch: # ## \n \n\n \u2028 \ufeff 👍 ... ? usw. und noch viele andere Worte".split(" ")
)
TEXTS = (
    st.lists(WORDS, min_size=1, max_size=400).map(" ".join)
    | st.text(min_size=1, max_size=300)
    | st.text("ab. \n", min_size=1, max_size=3_000)
)


@settings(database=None, deadline=None, max_examples=250)
@given(TEXTS.filter(lambda text: text.strip()), st.sampled_from([None, "Titel", "Lokales"]))
def test_the_rules_hold_for_any_text(text: str, title: str | None) -> None:
    item = an_article(text, title)
    check(item)
    keys = [" ".join(s.split()).casefold() for s in sentences_of(item)]
    assert len(keys) == len(set(keys))


@pytest.mark.timeout(60)
def test_a_huge_text_without_sentences_is_done_in_time() -> None:
    item = an_article("a" * 300_000)
    assert {len(quote) for quote in sentences_of(item)} <= set(range(1, LONGEST + 1))
    check(item)
