"""What an answer says: who leads, who agrees, who differs, and on which day."""

import re
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.composition import Composed, compose
from bot.extractive import best_quotes, ranked_quotes
from tests.support.articles import article, hit
from vectorstore.models import Article, Hit, Vector

HALL = "Was kostet die neue Schwimmhalle in Ellernrode?"
NINE = "Die neue Schwimmhalle in Ellernrode kostet neun Millionen Euro."
TWELVE = "Die neue Schwimmhalle in Ellernrode kostet zwölf Millionen Euro."
SO = "Für neun Millionen Euro baut Ellernrode die neue Schwimmhalle, sagt der Rat."
DIFFER = "Die Artikel sagen Verschiedenes:"


def paper(article_id: str, text: str, published: str | None = "2025-03-12") -> Article:
    return replace(article(article_id, text), published=published)


def towards(cosine: float) -> Vector:
    """A vector with this cosine to the first axis."""
    return np.array([cosine, np.sqrt(1 - cosine**2), 0], np.float32)


def found(of: Article, *sentences: str, score: float = 0.9, cosine: float = 1.0) -> Hit:
    """A passage whose sentences come one after the other, all near one another in meaning."""
    made = hit(of, *((s, score - n / 1000, 0.5) for n, s in enumerate(sentences)), score=score)
    scored = tuple(replace(s, vector=towards(cosine)) for s in made.sentences)
    return replace(made, sentences=scored)


def said(*hits: Hit, question: str = HALL, language: str = "de", most: int = 3) -> Composed:
    ranked = ranked_quotes(question, hits)
    return compose(question, best_quotes(ranked, most), ranked, language, most)


def all_said(passage: Hit) -> Composed:
    """What is said if every sentence of a passage has been chosen, in their order."""
    ranked = ranked_quotes(HALL, [passage])
    chosen = sorted(ranked, key=lambda q: passage.sentences.index(q.sentence))
    return compose(HALL, chosen, ranked, "de", 3)


def cited(composed: Composed) -> list[tuple[str, str]]:
    return [(c.article_id, c.quote) for c in composed.citations]


# -- one article ---------------------------------------------------------------------------


def test_a_single_quote_carries_its_label_and_no_date() -> None:
    told = said(found(paper("a", NINE), NINE))
    assert told.text == f"{NINE} [1]"
    assert cited(told) == [("a", NINE)]


def test_further_quotes_stand_on_lines_of_their_own() -> None:
    text = f"{NINE} Das Land zahlt die Hälfte.\n\nIm Mai beginnt der Bau am Markt."
    passage = found(paper("a", text), NINE, "Im Mai beginnt der Bau am Markt.")
    told = all_said(passage)
    assert told.text == f"{NINE} [1]\nIm Mai beginnt der Bau am Markt. [2]"


def test_quotes_that_follow_each_other_become_one() -> None:
    text = f"{NINE} Das Land zahlt die Hälfte."
    passage = found(paper("a", text), NINE, "Das Land zahlt die Hälfte.")
    told = all_said(passage)
    assert told.text == f"{text} [1]"
    assert cited(told) == [("a", text)]


def test_a_quote_between_two_others_makes_one_of_all_three() -> None:
    first, last, middle = "Das Bad wird neu.", "Der Bau dauert lang.", "Das Land zahlt viel."
    text = f"{first} {middle} {last}"
    told = all_said(found(paper("a", text), first, last, middle))
    assert cited(told) == [("a", text)]


def test_quotes_of_two_paragraphs_stay_two() -> None:
    text = f"{NINE}\n\nDas Land zahlt die Hälfte."
    passage = found(paper("a", text), NINE, "Das Land zahlt die Hälfte.")
    told = all_said(passage)
    assert len(told.citations) == 2


def test_a_sentence_that_leans_back_is_quoted_with_the_one_before() -> None:
    text = "Anna Berger leitet das Bad.\nSie verlangt neun Millionen Euro."
    passage = found(paper("a", text), *text.split("\n"))
    ranked = ranked_quotes("Wie viel verlangt sie?", [passage])
    leaning = next(q for q in ranked if q.text.startswith("Sie"))
    told = compose("Wie viel verlangt sie?", [leaning], [leaning], "de", 3)
    assert told.text == "Anna Berger leitet das Bad. Sie verlangt neun Millionen Euro. [1]"
    assert cited(told) == [("a", text)]


def test_a_weekday_shows_its_date_in_the_text_and_not_in_the_citation() -> None:
    quote = "In Ketteln hat am Dienstag eine Scheune gebrannt."
    told = said(found(paper("a", quote, "2025-03-20"), quote), question="Was geschah in Ketteln?")
    assert told.text == "In Ketteln hat am Dienstag [18.03.2025] eine Scheune gebrannt. [1]"
    assert cited(told) == [("a", quote)]
    english = said(
        found(paper("a", quote, "2025-03-20"), quote), question="What happened?", language="en"
    )
    assert "am Dienstag [18 March 2025]" in english.text


# -- several articles ----------------------------------------------------------------------


def test_a_newer_article_with_another_number_leads_and_the_older_follows() -> None:
    old = found(paper("old", NINE, "2025-03-12"), NINE)
    new = found(paper("new", TWELVE, "2025-11-02"), TWELVE, score=0.89)
    told = said(old, new)
    assert told.text == f"{DIFFER}\n02.11.2025: {TWELVE} [1]\n12.03.2025: {NINE} [2]"
    assert cited(told) == [("new", TWELVE), ("old", NINE)]


def test_a_side_without_a_date_comes_last_and_shows_none() -> None:
    undated = found(paper("u", NINE, None), NINE)
    dated = found(paper("d", TWELVE), TWELVE, score=0.89)
    assert said(undated, dated).text == f"{DIFFER}\n12.03.2025: {TWELVE} [1]\n{NINE} [2]"


def test_with_one_citation_only_the_newest_is_told() -> None:
    old = found(paper("old", NINE, "2025-03-12"), NINE)
    new = found(paper("new", TWELVE, "2025-11-02"), TWELVE, score=0.89)
    told = said(old, new, most=1)
    assert told.text == f"Stand 02.11.2025: {TWELVE} [1]"


def test_copies_of_an_agency_report_count_once() -> None:
    agency = f"{NINE} Das beschloss der Rat am Abend. Das Land zahlt die Hälfte der Kosten."
    own = f"{SO} Viele in der Stadt freuen sich."
    told = said(
        found(paper("a", agency), NINE),
        found(paper("b", agency), NINE),
        found(paper("c", own), SO, score=0.89),
    )
    line, count = told.text.split("\n")
    assert line == f"{NINE} [1] [2] [3]"
    assert count == "So steht es in 2 unabhängigen Artikeln."
    assert {article_id for article_id, _ in cited(told)} == {"a", "b", "c"}


def test_a_copy_alone_makes_no_second_voice() -> None:
    told = said(found(paper("a", NINE), NINE), found(paper("b", NINE), NINE))
    assert "unabhängig" not in told.text
    assert told.text.count(NINE) == 1


def test_what_articles_of_two_days_say_is_told_with_the_newest_one_s_date() -> None:
    old = found(paper("old", f"{NINE} Das sagte Anna Berger.", "2025-03-12"), NINE)
    new = found(paper("new", f"{SO} Es regnet.", "2025-11-02"), SO, score=0.89)
    told = said(old, new)
    assert told.text == f"Stand 02.11.2025: {SO} [1] [2]\nSo steht es in 2 unabhängigen Artikeln."


def test_beleg_s_own_words_are_in_english_where_the_question_is() -> None:
    old = found(paper("old", f"{NINE} Das sagte Anna Berger.", "2025-03-12"), NINE)
    same = found(paper("same", f"{SO} Es regnet.", "2025-11-02"), SO, score=0.89)
    other = found(paper("other", TWELVE, "2025-11-02"), TWELVE, score=0.89)
    question = "What does the Schwimmhalle in Ellernrode cost?"
    agreed = said(old, same, question=question, language="en").text
    assert agreed.startswith("As of 2 November 2025: ")
    assert agreed.endswith("\n2 independent articles say so.")
    differing = said(old, other, question=question, language="en").text
    assert differing.startswith("The articles differ:\n2 November 2025: ")


def test_an_article_whose_passage_is_far_behind_is_not_weighed() -> None:
    near = found(paper("a", NINE, "2025-03-12"), NINE)
    far = found(paper("b", TWELVE, "2025-11-02"), TWELVE, score=0.6)
    assert said(near, far).text == f"{NINE} [1]"


def test_without_vectors_nothing_is_weighed() -> None:
    one, other = (hit(paper(i, s), (s, 0.9, 0.5)) for i, s in (("a", NINE), ("b", TWELVE)))
    assert DIFFER not in said(one, other).text


# -- anything at all -----------------------------------------------------------------------

SENTENCES = st.lists(
    st.sampled_from([NINE, TWELVE, SO, "Er kam am Montag.", "Das war 1911 [2].", "Nein"]),
    min_size=1,
    max_size=4,
    unique=True,
)
DATES = st.sampled_from([None, "2025-03-12", "2025-11-02T09:15:00+01:00", "im Mai"])


@given(st.lists(st.tuples(SENTENCES, DATES), min_size=1, max_size=4), st.integers(1, 5))
def test_every_citation_is_verbatim_labelled_and_within_the_limit(
    papers: list[tuple[list[str], str | None]], most: int
) -> None:
    articles = {str(n): paper(str(n), "\n".join(s), day) for n, (s, day) in enumerate(papers)}
    hits = [found(articles[str(n)], *s) for n, (s, _) in enumerate(papers)]
    told = said(*hits, most=most)
    assert 1 <= len(told.citations) <= most
    for one in told.citations:
        assert articles[one.article_id].text[one.start : one.end] == one.quote
    labels = [run for line in told.text.split("\n") for run in re.findall(r"(?: \[\d\])+$", line)]
    numbers = [int(n) for run in labels for n in re.findall(r"\d", run)]
    assert numbers == [c.number for c in told.citations]
    spans = [(c.article_id, c.start, c.end) for c in told.citations]
    assert not any(
        a[0] == b[0] and a[1] < b[2] and b[1] < a[2] for i, a in enumerate(spans) for b in spans[:i]
    )
