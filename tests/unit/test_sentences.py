"""Sentences of German and English news, with spans that lose nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.sentences import LONGEST, sentences
from vectorstore.models import Span

MARKS = " \n\t.!?…:;,„“”\"'»«()[]-–0123IVXabcABCäÄß\u2028\x85\x0b\x0c\x1c\u00a0\u200b\ufeff\0"
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(MARKS), max_size=200)
NEWS_WORDS = st.sampled_from(
    "Der 1. FC am 3. März Dr. Meier z. B. 4,5 Mio. Euro „Nein!“, sagte er. usw. Das war so. "
    "Wann? e. V. Nr. 5 \n \n\n The U.S. is… it! “Yes.” ) ( ; : Im 20. Jh. lebte".split(" ")
)
NEWS = st.lists(NEWS_WORDS, max_size=300).map(" ".join)
LANGUAGES = st.sampled_from(["de", "en", "de-AT", "fr", "ja", "ar", "xx", None])


def split(text: str, language: str | None = "de") -> list[str]:
    return [text[s.start : s.end] for s in sentences(text, 0, len(text), language)]


# -- German ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "parts",
    [
        ["Der 1. FC Köln hat gewonnen.", "Das Spiel war gut."],
        ["Das 19. Jahrhundert war lang.", "Es ging vorbei."],
        ["Im 20. Jh. lebte er in Bonn.", "Danach nicht mehr."],
        ["Sie kam am 3. März an.", "Es regnete."],
        ["Der 3. Oktober ist ein Feiertag.", "Am Montag, 3. Oktober, ist frei."],
        ["Gewählt wurde am 3. 4. 2021.", "Niemand kam."],
        ["In der 85. Minute fiel das Tor.", "Es blieb das einzige."],
        ["Er wohnt im 4. Stock.", "Das Haus ist alt."],
        ["Sie ist seine 2. Frau.", "Die erste starb früh."],
        ["Friedrich II. war König.", "Karl der V. war Kaiser."],
        ["Vom I. Weltkrieg blieb wenig.", "Vom II. Weltkrieg blieb mehr."],
    ],
)
def test_an_ordinal_ends_no_german_sentence(parts: list[str]) -> None:
    assert split(" ".join(parts)) == parts


@pytest.mark.parametrize(
    "parts",
    [
        ["Es wachsen dort z. B. Äpfel.", "Auch z.B. Birnen gedeihen."],
        ["Dr. Müller kam zuerst.", "Prof. Dr. Meier kam danach."],
        ["Das kostet 3 Mio. Euro.", "Der Bund gibt 2 Mrd. Euro."],
        ["Der Musikverein e. V. Köln lädt ein.", "Der Tierschutz e.V. Bonn auch."],
        ["CDU, SPD u. a. Parteien kamen.", "Das war d. h. Teil des Plans."],
        ["Das Haus Nr. Vier steht in der St. Anna-Gasse.", "Es hat ca. 20 Zimmer."],
        ["Nach Art. 5 GG gilt das.", "Erlaubt sind max. 10 Gäste."],
        ["Frau A. Meier lehrt in Ulm.", "Herr J. R. Ewald auch."],
        ["Sog. Experten kamen.", "Die Firma liegt lt. Karte bzw. Plan am Fluss."],
    ],
)
def test_an_abbreviation_ends_no_german_sentence(parts: list[str]) -> None:
    assert split(" ".join(parts)) == parts


@pytest.mark.parametrize(
    "parts",
    [
        ["„Nein!“, sagte er.", "Dann ging er."],
        ["„Kommst du?“, fragte sie.", "„Nein.“", "Er blieb."],
        ["»Nein!« sagte er.", "Dann ging er."],
        ['"Nein!", sagte er.', '"Ich gehe."', "Dann ging er."],
    ],
)
def test_direct_speech_stays_with_who_said_it(parts: list[str]) -> None:
    assert split(" ".join(parts)) == parts


def test_words_that_look_like_abbreviations_end_sentences() -> None:
    assert split("Er heißt Max. Seine Frau lacht.") == ["Er heißt Max.", "Seine Frau lacht."]


def test_years_and_decimals_are_no_ordinals() -> None:
    parts = ["Das war 1990.", "Heute sind es 3.400 Menschen.", "Es wurden 4,5 Prozent.", "Gut."]
    assert split(" ".join(parts)) == parts


# -- English --------------------------------------------------------------------


@pytest.mark.parametrize(
    "parts",
    [
        ["Dr. Smith came home.", "He was tired."],
        ["Mr. and Mrs. Jones live in the U.S. today.", "They like it."],
        ["He works for Acme Inc. in York.", "It pays."],
        ["It was 3.5 percent.", "It rose."],
        ["The U.S. government said so.", "Everyone knew."],
        ["She was born on Jan. 3, 1990.", "He was not."],
        ["J. K. Rowling wrote it.", "People read it."],
        ["It sold e.g. apples.", "It sold pears, i.e. fruit."],
        ["“Are you coming?” she asked.", "“No.”", "He stayed."],
        ["She loves art.", "The museum is near."],
        ["Is it true?", "Yes!", "It is."],
    ],
)
def test_english_sentences(parts: list[str]) -> None:
    assert split(" ".join(parts), "en") == parts


def test_a_language_that_is_unknown_is_read_as_english() -> None:
    assert split("Dr. Smith came. He left.", None) == ["Dr. Smith came.", "He left."]


# -- lines ----------------------------------------------------------------------


def test_lines_of_one_length_are_wrapped_by_hand() -> None:
    text = (
        "Die Stadt baut am Rand des alten Hafens eine neue\n"
        "Brücke, die im nächsten Jahr fertig werden soll. Sie\n"
        "kostet nach Angaben der Verwaltung 12,4 Mio. Euro und\n"
        "Meier, der Bürgermeister, lobte sie als Meisterwerk."
    )
    assert split(text) == [text[: text.index(" Sie\n")], text[text.index("Sie\n") :]]


def test_a_blank_line_ends_a_sentence_even_in_wrapped_text() -> None:
    line = "Diese Zeile hat ungefähr sechzig Zeichen und keinen Punkt, so"
    assert split(f"{line}\n{line}\n\n{line}\n{line}") == [f"{line}\n{line}", f"{line}\n{line}"]


def test_other_line_breaks_end_a_sentence() -> None:
    assert split("Brot\nButter\nKäse") == ["Brot", "Butter", "Käse"]
    assert split("Die Fähre fährt\n\nmit Strom") == ["Die Fähre fährt", "mit Strom"]


def test_a_line_that_goes_on_in_lower_case_belongs_to_the_one_before() -> None:
    assert split("Die Fähre\nfährt mit Strom.") == ["Die Fähre\nfährt mit Strom."]


# -- spans ----------------------------------------------------------------------


def check(text: str, start: int, end: int, language: str | None) -> None:
    spans = sentences(text, start, end, language)
    at = start
    for span in spans:
        assert text[at : span.start].strip() == "", "lost"
        assert at <= span.start < span.end <= end, "order"
        piece = text[span.start : span.end]
        assert piece == piece.strip()
        assert len(piece) <= LONGEST
        at = span.end
    assert text[at:end].strip() == "", "lost"


@settings(database=None, deadline=None, max_examples=300)
@given(ANY_TEXT, LANGUAGES)
def test_nothing_of_any_text_is_lost(text: str, language: str | None) -> None:
    check(text, 0, len(text), language)


@settings(database=None, deadline=None, max_examples=150)
@given(NEWS, LANGUAGES)
def test_nothing_of_news_is_lost(text: str, language: str | None) -> None:
    check(text, 0, len(text), language)


@settings(database=None, deadline=None, max_examples=150)
@given(ANY_TEXT | NEWS, st.integers(0, 300), st.integers(0, 300))
def test_spans_stay_within_the_range(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    check(text, start, end, "de")


def test_no_text_has_no_sentences() -> None:
    assert sentences("", 0, 0, "de") == []
    assert sentences(" \n\t\n ", 0, 5, "de") == []


def test_a_sentence_too_long_to_read_is_cut_between_words() -> None:
    text = "Wort " * 400 + "Ende."
    pieces = split(text)
    assert all(len(piece) <= LONGEST for piece in pieces)
    assert [word for piece in pieces for word in piece.split()] == text.split()


def test_a_sentence_too_long_to_read_is_never_cut_within_a_number() -> None:
    text = "und " + "4,5 " * 223 + "1,5Millionen" * 9
    pieces = split(text)
    assert [word for piece in pieces for word in piece.split()] == text.split()


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text",
    [
        "a" * 300_000,
        "wort " * 60_000,
        "." * 300_000,
        "ab;" * 100_000,
        "Dr. " * 75_000,
        "😀" * 300_000,
    ],
    ids=["letters", "words", "full stops", "semicolons", "abbreviations", "emoji"],
)
def test_a_huge_text_without_sentences_is_done_in_time(text: str) -> None:
    spans = sentences(text, 0, len(text), "de")
    assert spans[0].start == 0
    assert spans[-1] == Span(spans[-1].start, len(text.rstrip()))


@pytest.mark.parametrize(
    ("text", "language", "parts"),
    [
        ("Die Rechnung fiel höher aus. 9,1 Millionen Euro zahlt die Stadt.", "de", 2),
        ("Das Amt zählte nach. 19 Wagen fehlten. 58.000 Gäste kamen.", "de", 3),
        ("Am 3. Mai kamen 20 Gäste.", "de", 1),
        ("Es gilt Abs. 3 und vgl. 4 Seiten weiter ca. 5 Meter.", "de", 1),
        ("The council agreed. 120 people came. £300 went missing.", "en", 3),
        ("The rule is in Sect. 4 of approx. 90 pages, see Fig. 2 there.", "en", 1),
    ],
)
def test_a_sentence_may_begin_with_a_number(text: str, language: str, parts: int) -> None:
    assert len(sentences(text, 0, len(text), language)) == parts
