"""Numbers, dates, names, quotations and denials as both languages write them."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.writing.verification import verify
from tests.support.cited import cited, meaning


def says(passage, sentence, language="de", of="de", **about):
    hit = cited(*([passage] if isinstance(passage, str) else passage), language=of, **about)
    return verify(sentence, [hit], "", language, meaning).ok


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("Es kamen 1.500 Gäste.", "Es kamen 1500 Gäste."),
        ("Es kamen 1 500 Gäste.", "Es kamen 1.500 Gäste."),
        ("Es kamen 1'500 Gäste.", "Es kamen 1500 Gäste."),
        ("Es kamen zwölf Gäste.", "Es kamen 12 Gäste."),
        ("Es kamen ein Dutzend Gäste.", "Es kamen 12 Gäste."),
        ("Es kamen zweihundertfünfzig Gäste.", "Es kamen 250 Gäste."),
        ("Der Wert stieg um 2,5 %.", "Der Wert stieg um 2,5 Prozent."),
        ("Nur einem Prozent gefiel es.", "Nur 1 % gefiel es."),
        ("Der Hälfte gefiel es.", "50 Prozent gefiel es."),
        ("Zwei Drittel waren dafür.", "2/3 waren dafür."),
        ("Der Bau kostet 2 bis 3 Millionen Euro.", "Der Bau kostet mindestens 2 Millionen Euro."),
        ("Der Weg ist 1,5 Kilometer lang.", "Der Weg ist 1500 Meter lang."),
        ("Die Sitzung begann um 14.30 Uhr.", "Um 14:30 Uhr begann die Sitzung."),
        ("Die Sitzung begann um vier Uhr.", "Um 4 Uhr begann die Sitzung."),
        ("Der 75-jährige Gast kam.", "Der Gast ist 75 Jahre alt."),
        ("Der fünfjährige Gast kam.", "Der Gast ist 5 Jahre alt."),
        ("Er wurde Dritter, der dritte Platz war frei.", "Platz 3 war frei."),
        ("Der Zweite Weltkrieg begann.", "Der II. Weltkrieg begann."),
        ("In den 90er Jahren war das so.", "In den 1990er Jahren war das so."),
        ("Beide Boote sanken.", "Zwei Boote sanken."),
        ("Tausende Gäste kamen.", "Es kamen Tausende."),
        ("Es kamen 3.400 Gäste.", "Tausende Gäste kamen."),
        ("Die Linie A 8 fährt.", "Die A8 fährt."),
    ],
)
def test_the_same_number_may_be_written_otherwise(passage, sentence):
    assert says(passage, sentence)


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("It cost 2.3 million euros.", "Es kostete 2,3 Millionen Euro."),
        ("It cost $5bn.", "Es kostete 5 Milliarden Dollar."),
        ("Twelve guests came.", "Zwölf Gäste kamen."),
        ("Thirty-seven guests came.", "Es kamen 37 Gäste."),
        ("1,500 guests came.", "1.500 Gäste kamen."),
        ("It starts at 2:30 p.m.", "Es beginnt um 14:30 Uhr."),
        ("It takes two and a half hours.", "Es dauert zweieinhalb Stunden."),
        ("Half of them came.", "Die Hälfte kam."),
        ("Their number doubled.", "Ihre Zahl hat sich verdoppelt."),
    ],
)
def test_numbers_are_the_same_in_both_languages(passage, sentence):
    assert says(passage, sentence, of="en")


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("Es kamen 1.500 Gäste.", "Es kamen 15.000 Gäste."),
        ("Es kamen 1.500 Gäste.", "Es kamen 1,5 Gäste."),
        ("Der Bau kostet 2 Millionen Euro.", "Der Bau kostet 2 Millionen Franken."),
        ("Der Wert stieg um 2 Prozent.", "Der Wert stieg um 2 Prozentpunkte."),
        ("Der Weg ist 15 Kilometer lang.", "Der Weg ist 15 Meter lang."),
        ("Die Sitzung begann um 14.30 Uhr.", "Die Sitzung begann um 15.30 Uhr."),
        ("Sie siegten 3:1.", "Sie siegten 1:3."),
        ("Er wurde Dritter.", "Er wurde Vierter."),
        ("Zwei Drittel waren dafür.", "Drei Viertel waren dafür."),
        ("Am 3. Mai kamen sie.", "Es kamen 3 Gäste."),
        ("Die A8 ist gesperrt.", "Die A9 ist gesperrt."),
        ("Hunderte kamen.", "Tausende kamen."),
        ("Seit 2019 kommen Gäste.", "Rund 2.000 Gäste kommen."),
    ],
)
def test_another_number_does_not_pass(passage, sentence):
    assert not says(passage, sentence)


@pytest.mark.parametrize(
    ("passage", "sentence", "language"),
    [
        ("Er kam am 18. März 2025.", "Er kam am 18.3.2025.", "de"),
        ("Er kam am 18. März 2025.", "Er kam im März 2025.", "de"),
        ("Er kam am 18. März 2025.", "He came on March 18, 2025.", "en"),
        ("Er kam am 18. März 2025.", "He came on 18 March.", "en"),
        ("Er blieb vom 3. bis 5. Mai.", "Er blieb vom 3. Mai bis 5. Mai.", "de"),
        ("Er kam am Mittwoch.", "He came on Wednesday.", "en"),
        ("Im vorigen Jahr kam er.", "2025 kam er.", "de"),
        ("Er kommt im Mai.", "He may come in May.", "en"),
    ],
)
def test_the_same_date_may_be_written_otherwise(passage, sentence, language):
    assert says(passage, sentence, language, published="2026-03-18")


@pytest.mark.parametrize(
    "sentence",
    [
        "Er kam am 19. März 2025.",
        "Er kam am 18. April 2025.",
        "Er kam am 18. März 2024.",
        "Er kam 2019.",
        "Er blieb vom 17. bis 18. März 2025.",
    ],
)
def test_another_date_does_not_pass(sentence):
    assert not says("Er kam am 18. März 2025.", sentence, published="2026-05-04")


NAMED = (
    "Ministerin Katrin Solberg empfing in Würzburg den französischen Botschafter Luc Perrin.",
    "Die EU und die Firma Nordwerk zahlen, sagte Solbergs Sprecher Anton Köhler-Brandt.",
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Katrin Solberg empfing Luc Perrin.",
        "Solberg empfing Perrin.",
        "Die Würzburger Gäste kamen aus Frankreich.",
        "Perrins Besuch galt Wuerzburg.",
        "Die Europäische Union zahlt.",
        "Anton Köhler-Brandt sagte es.",
        "Die Politikerin sprach mit dem Gast über Geld, Verträge und die Feuerwehr.",
        "Das Nordwerk-Geld reicht.",
    ],
)
def test_names_may_be_inflected_and_shortened(sentence):
    assert says(NAMED, sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Katrin Perrin empfing den Gast.",
        "Luc Solberg empfing den Gast.",
        "Sandra Solberg empfing den Gast.",
        "Solberg empfing Dupont.",
        "Solberg empfing ihn in Bamberg.",
        "Die italienischen Gäste kamen.",
        "Die UNO zahlt.",
        "Die Firma Südwerk zahlt.",
        "Anton Köhler-Schmidt sagte es.",
        "Ministerin Fischer empfing ihn.",
        "Weber sagte es.",
        "Greenpeace zahlt.",
    ],
)
def test_another_name_does_not_pass(sentence):
    assert not says(NAMED, sentence)


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Deutschland und die Schweiz", "Germany and Switzerland"),
        ("München, Köln und Wien", "Munich, Cologne and Vienna"),
        ("Der russische Gast", "The Russian guest"),
        ("Die Vereinten Nationen", "The United Nations"),
        ("Warschau und Moskau", "Warsaw and Moscow"),
    ],
)
def test_names_are_known_in_both_languages(german, english):
    assert says(f"{german} war da.", f"{english} was there.", "en")
    assert says(f"{english} was there.", f"{german} war da.", "de", of="en")
    assert not says(f"{german} war da.", "Denmark was there.", "en")


def test_a_quotation_may_have_other_marks_and_blanks_but_no_other_word():
    passage = "»Wir haben  lange gewartet«, sagte sie."
    assert says(passage, "Sie sagte: „Wir haben lange gewartet.“")
    assert says(passage, 'Sie sagte: "wir haben lange gewartet".')
    assert not says(passage, "Sie sagte: „Wir haben lange gezweifelt.“")
    assert not says(passage, "Sie sagte: „Wir haben gewartet.“")
    assert says(passage, "Sie sagte: „Wir haben […] gewartet.“")


def test_words_that_stand_with_one_quotation_mark_are_quoted_too():
    assert not says("Sie sagte: „Wir warten.“", "„Wir gehen, sagte sie.")


@pytest.mark.parametrize(
    ("passage", "sentence", "language"),
    [
        ("Der Rat stimmte dem Plan zu.", "Der Rat stimmte dem Plan nicht zu.", "de"),
        ("Der Rat stimmte dem Plan nicht zu.", "Der Rat stimmte dem Plan zu.", "de"),
        ("Der Plan ist unmöglich umzusetzen.", "Der Plan ist möglich umzusetzen.", "de"),
        ("Sie fanden kein Geld im Haus.", "Sie fanden Geld im Haus.", "de"),
        ("The council did not approve the plan.", "The council did approve the plan.", "en"),
        ("The council approved the plan.", "The council never approved the plan.", "en"),
        ("They found money.", "Sie fanden kein Geld.", "de"),
        ("They found no money there.", "Sie fanden Geld.", "de"),
    ],
)
def test_a_denial_may_neither_come_nor_go(passage, sentence, language):
    of = "en" if passage[:2] == "Th" else "de"
    assert not says(passage, sentence, language, of)


@pytest.mark.parametrize(
    ("passage", "sentence", "language"),
    [
        ("Der Rat lehnte den Plan ab.", "Der Rat stimmte dem Plan nicht zu.", "de"),
        ("Das Rauchen ist hier verboten.", "Das Rauchen ist hier nicht erlaubt.", "de"),
        ("Smoking is banned here.", "Smoking is not allowed here.", "en"),
        ("Er kam, aber sie kam nicht.", "Er kam.", "de"),
        ("Menschen in Not bekommen Hilfe.", "Wer in Not ist, bekommt Hilfe.", "de"),
        ("Das Team, das nicht reich ist, gab auf.", "Das Team gab auf.", "de"),
    ],
)
def test_the_same_denial_may_be_said_otherwise(passage, sentence, language):
    assert says(passage, sentence, language, "en" if passage[0] == "S" else "de")


WORDS = st.sampled_from(
    """Der Die Das Rat Solberg Würzburg kam sagte zahlte 3 12,5 1.500 Millionen Euro Prozent nicht
    kein am 18. März 2025 2019 Dienstag um 14.30 Uhr gegen 3:1 „Ja“ EU A8 zwei dritte Hälfte und
    US-Präsident Köhler-Brandts rund mehr als Firma Nordwerk""".split()
)


@given(st.lists(WORDS, min_size=3, max_size=25))
@settings(max_examples=150, deadline=None)
def test_a_sentence_word_for_word_from_the_passage_passes(words):
    sentence = " ".join(words) + "."
    assert says(("Vorher war es anders.", sentence), sentence)


@given(st.text(max_size=80), st.text(min_size=1, max_size=80), st.sampled_from(["de", "en", "fr"]))
@example("\ud800 „\x00", "“ 1²³ ٣ ½", "de")
@settings(max_examples=150, deadline=None)
def test_nothing_that_a_model_writes_breaks_the_check(sentence, passage, language):
    verify(sentence, [cited(passage, published=None)], sentence, language, meaning)
