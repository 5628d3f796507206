"""What several articles say about one thing, with vectors made by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agreement import CITED, Claim, weigh

HOW_MANY = "Wie viele Menschen wurden bei dem Busunfall in Ketteln verletzt?"
FIVE = "Bei dem Busunfall in Ketteln wurden fünf Menschen verletzt."
FIVE_TOO = "Der Busunfall in Ketteln forderte fünf Verletzte."
THREE = "Bei dem Busunfall in Ketteln gab es drei Verletzte."
SEVEN = "Sieben Menschen wurden bei dem Busunfall in Ketteln verletzt."
NINE = "Bei dem Busunfall in Ketteln wurden neun Personen verletzt."
WILL = "Die Straßenbahn nach Ketteln wird gebaut."
WILL_NOT = "Die Straßenbahn nach Ketteln wird nicht gebaut."
COLOURS = "rot blau grün gelb braun grau lila weiß schwarz rosa oliv türkis".split()


def claim(text, name, article=None, published=None, cosine=0.95, language="de"):
    """A claim at a cosine to the first axis; `article` is what else its article says."""
    vector = np.array([cosine, (1 - cosine**2) ** 0.5], np.float32)
    around = article if article is not None else f"Meldung {name}: " + f" {name} ".join(COLOURS)
    return Claim(text, name, f"{around} {text}", published, language, vector, 1.0)


def first(text, **more):
    return claim(text, "a", cosine=1.0, **more)


def weighed(question, *claims):
    found = weigh(question, claims)
    return found.leader, found.agreeing, found.differing, found.independent


def test_a_claim_alone_leads_and_is_one_source():
    assert weighed(HOW_MANY, first(FIVE)) == (0, (), (), 1)


def test_articles_that_say_the_same_agree():
    assert weighed(HOW_MANY, first(FIVE), claim(FIVE_TOO, "b")) == (0, (1,), (), 2)


def test_another_number_differs():
    assert weighed(HOW_MANY, first(FIVE), claim(THREE, "b")) == (0, (), (1,), 1)


def test_a_rounded_number_agrees():
    exact = "Die Schwimmhalle in Ketteln kostet 14.480.000 Euro."
    rounded = "Die Schwimmhalle in Ketteln kostet rund 14,5 Millionen Euro."
    question = "Wie viel kostet die Schwimmhalle in Ketteln?"
    assert weighed(question, first(exact), claim(rounded, "b")) == (0, (1,), (), 2)


def test_a_denial_differs():
    assert weighed("Wird gebaut?", first(WILL), claim(WILL_NOT, "b")) == (0, (), (1,), 1)
    assert weighed("Wird gebaut?", first(WILL_NOT), claim(WILL, "b")) == (0, (), (1,), 1)


def test_nobody_and_five_differ_but_nobody_and_none_agree():
    nobody = "Bei dem Busunfall in Ketteln wurde niemand verletzt."
    none = "Bei dem Busunfall in Ketteln gab es keine Verletzten."
    assert weighed(HOW_MANY, first(nobody), claim(FIVE, "b")) == (0, (), (1,), 1)
    assert weighed(HOW_MANY, first(nobody), claim(none, "b")) == (0, (1,), (), 2)


@pytest.mark.parametrize(
    "other",
    [
        "Bei dem Busunfall in Ketteln starben drei Menschen.",
        "Bei dem Busunfall in Ketteln wurden drei Menschen schwer verletzt.",
        "Bei dem Busunfall in Ketteln wurden drei Menschen weitere Stunden befragt.",
        "Der Busunfall in Ketteln forderte Verletzte.",
        "Drei Hubschrauber flogen nach dem Busunfall in Ketteln.",
    ],
)
def test_a_number_of_something_else_is_neither(other):
    assert weighed(HOW_MANY, first(FIVE), claim(other, "b")) == (0, (), (), 1)


def test_a_sentence_that_gives_both_numbers_contradicts_neither():
    both = "Bei dem Busunfall in Ketteln gab es fünf Verletzte, zunächst war von drei Verletzten."
    assert weighed(HOW_MANY, first(FIVE), claim(both, "b"))[2] == ()
    assert weighed(HOW_MANY, first(THREE), claim(both, "b"))[2] == ()


def test_a_far_sentence_is_about_something_else_whatever_its_words():
    assert weighed(HOW_MANY, first(FIVE), claim(THREE, "b", cosine=0.9)) == (0, (), (), 1)


def test_another_place_is_another_thing():
    elsewhere = "Bei dem Busunfall in Brunsby wurden drei Menschen verletzt."
    assert weighed(HOW_MANY, first(FIVE), claim(elsewhere, "b")) == (0, (), (), 1)


def test_another_person_in_the_same_role_does_not_agree():
    one = "Den Fonds von Ketteln leitet Anna Berger."
    other = "Den Fonds von Ketteln leitet Jonas Falk."
    assert weighed("Wer leitet den Fonds?", first(one), claim(other, "b")) == (0, (), (), 1)


def test_the_same_article_is_no_second_source():
    assert weighed(HOW_MANY, first(FIVE), claim(FIVE_TOO, "a")) == (0, (), (), 1)


def test_of_sides_with_one_value_the_best_stands_and_two_at_most():
    claims = [first(FIVE), *(claim(t, t) for t in (THREE, THREE + " ", SEVEN, NINE))]
    assert weighed(HOW_MANY, *claims)[2] == (1, 3)


# -- sources -------------------------------------------------------------------------------


def test_copies_of_a_report_count_once_and_are_cited_last():
    report = (
        "Am Montag stießen in Ketteln zwei Busse auf der Landstraße zusammen, es war glatt. Die "
        "Feuerwehr war mit vierzig Leuten im Einsatz und sperrte die Strecke bis in den Abend. Ein "
        "Gutachter soll klären, warum der zweite Bus nicht rechtzeitig hielt. Der Fahrer, der seit "
        "zwölf Jahren für den Betrieb arbeitet, konnte noch nicht befragt werden."
    )
    claims = [
        first(FIVE, article=report),
        claim(FIVE, "copy", article=f"ap – {report.upper()}\n"),
        claim(FIVE_TOO, "b"),
        claim(FIVE_TOO, "c"),
        claim(FIVE_TOO, "d"),
    ]
    assert weighed(HOW_MANY, *claims) == (0, (2, 3), (), 4)
    assert weighed(HOW_MANY, *claims[:2]) == (0, (1,), (), 1)


def vector():
    return np.array([1.0, 0.0], np.float32)


# -- the newest leads ----------------------------------------------------------------------


def test_the_newest_about_the_same_fact_leads_and_the_older_differs():
    claims = [
        first(FIVE, published="2026-03-01"),
        claim(SEVEN, "b", published="2026-03-03"),
        claim(SEVEN, "c", published="2026-03-02"),
    ]
    assert weighed(HOW_MANY, *claims) == (1, (2,), (0,), 2)


def test_a_newer_one_that_agrees_leads_too():
    claims = [first(FIVE, published="2026-03-01"), claim(FIVE_TOO, "b", published="2026-03-03")]
    assert weighed(HOW_MANY, *claims) == (1, (0,), (), 2)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (None, "2026-03-03"),
        ("2026-03-01", None),
        ("2026-03-01", "März"),
        ("2026-03-01T08:00:00+01:00", "2026-03-01T20:00:00+01:00"),
        ("2026-03-03", "2026-03-01"),
    ],
)
def test_without_a_date_a_day_later_nothing_displaces_the_leader(old, new):
    claims = [first(FIVE, published=old), claim(SEVEN, "b", published=new)]
    assert weighed(HOW_MANY, *claims) == (0, (), (1,), 1)


def test_a_newer_article_about_something_else_does_not_lead():
    other = claim("In Brunsby regnete es.", "b", published="2026-03-03")
    assert weighed(HOW_MANY, first(FIVE, published="2026-03-01"), other)[0] == 0


def test_an_accident_of_another_year_contradicts_nothing():
    claims = [first(FIVE, published="2026-03-01"), claim(THREE, "b", published="2024-03-01")]
    assert weighed(HOW_MANY, *claims) == (0, (), (), 1)


def test_the_fair_of_the_next_year_contradicts_nothing():
    one = "Der Markt in Ketteln beginnt am 3. Mai 2025."
    other = "Der Markt in Ketteln beginnt am 2. Mai 2026."
    same_year = "Der Markt in Ketteln beginnt am 2. Mai 2025."
    question = "Wann beginnt der Markt in Ketteln?"
    assert weighed(question, first(one), claim(other, "b"))[2] == ()
    assert weighed(question, first(one), claim(same_year, "b"))[2] == (1,)


TEXTS = st.sampled_from([FIVE, FIVE_TOO, THREE, SEVEN, NINE, WILL, WILL_NOT, "", "„"]) | st.text()
DATES = st.sampled_from([None, "", "2026-03-01", "2026-03-02T10:00:00Z", "2026-03-05"])


@given(st.text(), st.lists(st.tuples(TEXTS, DATES, st.floats(0.9, 1.0)), min_size=1, max_size=6))
def test_every_claim_has_at_most_one_part(question, drawn):
    claims = [claim(t, str(i), published=d, cosine=c) for i, (t, d, c) in enumerate(drawn)]
    found = weigh(question, claims)
    parts = [found.leader, *found.agreeing, *found.differing]
    assert len(set(parts)) == len(parts)
    assert set(parts) <= set(range(len(claims)))
    assert max(len(found.agreeing), len(found.differing)) <= CITED
    assert 1 <= found.independent <= len(claims)
