"""Sentences that point at the one before, and what they are joined with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.antecedent import LONGEST, joined, leans_back
from vectorstore.models import Span


@pytest.mark.parametrize(
    "sentence",
    [
        "Er sagte den Termin ab.",
        "Sie will im Mai nach Ketteln ziehen.",
        "Dieser Plan stieß auf Kritik.",
        "Diese wird nun geprüft.",
        "Dies teilte die Stadt mit.",
        "Das sei ein Irrtum gewesen.",
        "Das bestätigte auch der Landrat.",
        "Dort stehen zwölf Häuser.",
        "Damit steigt die Zahl der Betriebe.",
        "Dazu gab es Kuchen.",
        "Deshalb bleibt die Brücke gesperrt.",
        "Dabei wurde niemand verletzt.",
        "Danach zog der Zug weiter.",
        "Sein Sprecher wies das zurück.",
        "Ihre Familie lebt in Brunsby.",
        "Am Dienstag sagte er den Termin ab.",
        "Laut dpa will sie im Mai zurücktreten.",
        "2019 wurde er zum Landrat gewählt.",
        "Am Montag nahm ihn die Polizei fest.",
        "Nach Angaben der Polizei habe er die Ampel nicht gesehen.",
        "Zudem habe sie den Vertrag gekündigt.",
        "Bei ihm wurden Pläne gefunden.",
        "An ihr nehmen zwölf Orte teil.",
        "Mit dieser Frage befasst sich der Rat.",
        "Es handelt sich um einen Neubau.",
        "„Das ist gut“, sagte er am Abend.",
    ],
)
def test_german_that_points_at_the_sentence_before_leans_back(sentence):
    assert leans_back(sentence, "de")


@pytest.mark.parametrize(
    "sentence",
    [
        "Die Brücke wird gesperrt.",
        "Das Museum ist geschlossen.",
        "Das neue Museum ist geschlossen.",
        "Der Politiker sagte ab.",
        "Es regnete in Ketteln.",
        "Es gab drei Verletzte.",
        "Es werde geprüft, ob die Brücke hält.",
        "Zudem wird die Brücke gesperrt.",
        "Dieses Jahr fällt das Fest aus.",
        "In dieser Woche tagt der Rat.",
        "Damit die Kinder sicher zur Schule kommen, baut Ketteln eine Ampel.",
        "Dafür, dass die Brücke hält, sorgt ein Ingenieur.",
        "Darüber hinaus baut Ketteln einen Radweg.",
        "Berger sagte, sie werde im Mai zurücktreten.",
        "Am Dienstag sagte Berger, dass sie zurücktritt.",
        "Gegen Berger stehen Vorwürfe im Raum, sie habe Geld genommen.",
        "Als Meier nach Ketteln kam, sagte er den Termin ab.",
        "Die Karten können Sie im Rathaus abholen.",
        "„Das ist gut“, sagte Meier.",
        "„Er kommt nicht“, sagte Berger am Abend.",
        "Die „Ilmetaler Post“ hatte darüber berichtet.",
    ],
)
def test_german_that_names_what_it_speaks_of_does_not(sentence):
    assert not leans_back(sentence, "de")


@pytest.mark.parametrize(
    "sentence",
    [
        "He said the bridge was safe.",
        "They moved to Wrenfold.",
        "It said the bridge was safe.",
        "It is 80 metres high.",
        "This was a mistake.",
        "These plans were dropped.",
        "That decision surprised many.",
        "His mother lives in Oxmoor.",
        "Their ship sank.",
        "There, he met the mayor.",
        "In 2019 he was elected.",
        "On Tuesday, she resigned.",
        "According to police, he fled.",
        "In that report the bridge is called unsafe.",
        "“That is good,” he said.",
    ],
)
def test_english_that_points_at_the_sentence_before_leans_back(sentence):
    assert leans_back(sentence, "en")


@pytest.mark.parametrize(
    "sentence",
    [
        "The bridge is closed.",
        "It is raining in Wrenfold.",
        "It takes 20 minutes to cross the bridge.",
        "It is not clear whether the bridge is safe.",
        "It was Meier who opened the bridge.",
        "It is important to cross slowly.",
        "This week the bridge is closed.",
        "Those who live in Oxmoor pay less.",
        "There are two bridges in Wrenfold.",
        "In 2019 the mayor said he was ill.",
        "When the mayor arrived, he was ill.",
        "“That is good,” said Meier.",
    ],
)
def test_english_that_names_what_it_speaks_of_does_not(sentence):
    assert not leans_back(sentence, "en")


def test_without_a_language_both_are_tried_and_of_others_nothing_is_known():
    assert leans_back("Er sagte ab.", None)
    assert leans_back("He called it off.", None)
    assert not leans_back("Er sagte ab.", "fr")


@given(st.text(), st.sampled_from([None, "de", "en-GB", "fr"]))
def test_any_text_leans_or_does_not(text, language):
    assert leans_back(text, language) in (True, False)


def spans(text, *sentences):
    return [Span(text.index(s), text.index(s) + len(s)) for s in sentences]


def quote(parts, at, glue=" "):
    text = glue.join(parts)
    span = joined(text, spans(text, *parts), at, "de")
    return text[span.start : span.end]


NAMED = "Berger leitet den Fonds."
SHE = "Sie ist Juristin."
HER = "Ihre Amtszeit endet im Mai."
LAST = "Danach tritt sie ab."


def test_a_sentence_that_stands_alone_is_left_alone():
    assert quote([SHE, NAMED], 1) == NAMED


def test_a_sentence_that_leans_back_brings_the_one_before():
    assert quote([NAMED, SHE], 1) == f"{NAMED} {SHE}"


def test_if_that_one_leans_too_it_brings_another():
    assert quote([NAMED, SHE, HER], 2) == f"{NAMED} {SHE} {HER}"


def test_at_most_two_sentences_are_brought():
    assert quote([NAMED, SHE, HER, LAST], 3) == f"{SHE} {HER} {LAST}"


def test_the_first_sentence_has_nothing_to_lean_on():
    assert quote([SHE, NAMED], 0) == SHE


def test_nothing_is_joined_over_a_blank_line():
    assert quote([NAMED, SHE], 1, "\n \n") == SHE
    assert quote([NAMED, SHE], 1, "\n") == f"{NAMED}\n{SHE}"


def test_nothing_is_joined_beyond_the_longest_quote():
    fitting = "A" * (LONGEST - len(SHE) - 2) + "."
    assert quote([fitting, SHE], 1) == f"{fitting} {SHE}"
    assert quote([f"A{fitting}", SHE], 1) == SHE


@given(
    st.lists(st.sampled_from([NAMED, SHE, HER, LAST, "A" * 400 + "."]), min_size=1, max_size=6),
    st.sampled_from([" ", "\n", "\n\n"]),
    st.integers(0, 5),
)
def test_a_joined_quote_is_whole_sentences_up_to_the_one_asked_for(parts, glue, at):
    at %= len(parts)
    text, ends = glue.join(parts), []
    for part in parts:
        start = ends[-1].end + len(glue) if ends else 0
        ends.append(Span(start, start + len(part)))
    span = joined(text, ends, at, "de")
    assert span.end == ends[at].end
    assert span.start in [s.start for s in ends[max(0, at - 2) : at + 1]]
    assert span == ends[at] or (
        span.end - span.start <= LONGEST and "\n\n" not in text[span.start : span.end]
    )
