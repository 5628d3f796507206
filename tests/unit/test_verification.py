"""Sentences of a chat model against the passages that they cite: what passes, what doesn't."""

import numpy as np
import pytest

from bot.writing.verification import verify
from tests.support.cited import by_words, cited, meaning
from vectorstore.models import Span


def passes(sentence, *hits, language="de", question=""):
    verdict = verify(sentence, hits, question, language, meaning)
    assert verdict.ok == (verdict.reason is None) == bool(verdict.support)
    return verdict.ok


BRIDGE = cited(
    "Die neue Brücke über die Leine kostet 2,3 Millionen Euro, teilte Bürgermeisterin Petra "
    "Holzhauer am Montag mit.",
    "Am 12. Mai 2025 hatte der Rat mit 18 zu 7 Stimmen dafür gestimmt.",
    "„Wir haben lange darauf gewartet“, sagte Ratsherr Jörg Möller in Eberstedt.",
    "Rund 1.500 Menschen nutzen den Übergang jeden Tag, das sind 12,5 Prozent mehr als 2019.",
    "Der Bund beteiligt sich nicht an den Kosten.",
    title="Eberstedt baut eine Brücke",
)
HARBOUR = cited(
    "The harbour in Norwick will close for three weeks, the company Seaward Lines said on Friday.",
    "About 240 workers and two ferries are affected, and the repairs cost $4.2 million.",
    "Director Ellen Marsh denied that the ferries were unsafe.",
    "In Germany, the Bavarian firm Kessler built the cranes in 1998.",
    title="Norwick harbour to close",
    language="en",
    article_id="b",
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Die neue Brücke kostet 2,3 Mio. Euro.",
        "Die neue Brücke kostet 2.300.000 €.",
        "Der Rat stimmte am 12.05.2025 mit 18 zu 7 Stimmen dafür.",
        "Im Mai 2025 stimmte der Rat dafür.",
        "Am Montag, dem 16. März 2026, teilte Holzhauer die Kosten mit.",
        "Täglich nutzen etwa 1500 Menschen den Übergang, ein Plus von 12,5 % gegenüber 2019.",
        "Petra Holzhauers Stadt Eberstedt baut die Brücke.",
        "Die Eberstedter Bürgermeisterin nannte die Kosten.",
        "Laut Joerg Moeller hat man lange darauf gewartet.",
        'Möller sagte: "Wir haben lange darauf gewartet."',
        "Das Bauwerk über die Leine wird jeden Tag von rund 1.500 Personen genutzt.",
        "Der Bund trägt keine Kosten.",
        "Laut Blatt beteiligt sich der Bund nicht.",
    ],
)
def test_an_honest_german_sentence_passes(sentence):
    assert passes(sentence, BRIDGE)


@pytest.mark.parametrize(
    "sentence",
    [
        "Die neue Brücke kostet 2,4 Millionen Euro.",
        "Die neue Brücke kostet 23 Millionen Euro.",
        "Die neue Brücke kostet 2,3 Milliarden Euro.",
        "Die neue Brücke kostet 2,3 Millionen Dollar.",
        "Der Rat stimmte am 13. Mai 2025 dafür.",
        "Der Rat stimmte am 12. Juni 2025 dafür.",
        "Der Rat stimmte am 12. Mai 2024 dafür.",
        "Der Rat stimmte mit 17 zu 7 Stimmen dafür.",
        "Am Dienstag nannte Holzhauer die Kosten.",
        "Das sind 12,5 Prozentpunkte mehr als 2019.",
        "Rund 1.400 Menschen nutzen den Übergang.",
        "Petra Holzmann nannte die Kosten.",
        "Jörg Holzhauer nannte die Kosten.",
        "Sabine Holzhauer nannte die Kosten.",
        "Ratsherr Möller sprach in Wolfenbüttel.",
        "„Wir haben lange darauf gehofft“, sagte Möller.",
        "Der Bund beteiligt sich an den Kosten.",
        "Die neue Brücke kostet nicht 2,3 Millionen Euro.",
        "Die neue Brücke über die Leine kostet 1.500 Millionen Euro.",
        "Zwölf Menschen nutzen den Übergang.",
    ],
)
def test_a_lie_in_german_does_not_pass(sentence):
    assert not passes(sentence, BRIDGE)


@pytest.mark.parametrize(
    "sentence",
    [
        "Seaward Lines said on Friday that the harbour in Norwick will close for 3 weeks.",
        "The repairs cost 4.2 million dollars and affect around 240 workers.",
        "Norwick's harbour will close.",
        "Marsh denied that the ferries were unsafe.",
        "The German cranes were built by Kessler in 1998.",
        "Two ferries are affected.",
    ],
)
def test_an_honest_english_sentence_passes(sentence):
    assert passes(sentence, HARBOUR, language="en")


@pytest.mark.parametrize(
    "sentence",
    [
        "The harbour in Norwick will close for four weeks.",
        "The repairs cost $42 million.",
        "The repairs cost €4.2 million.",
        "About 420 workers are affected.",
        "The harbour in Lowestoft will close.",
        "Director Susan Marsh denied it.",
        "The French cranes were built by Kessler.",
        "The harbour in Norwick will not close for three weeks.",
        "The cranes were built in 1989.",
    ],
)
def test_a_lie_in_english_does_not_pass(sentence):
    assert not passes(sentence, HARBOUR, language="en")


@pytest.mark.parametrize(
    "sentence",
    [
        "Der Hafen von Norwick schließt für drei Wochen.",
        "Die Reparatur kostet 4,2 Millionen Dollar.",
        "Betroffen sind rund 240 Beschäftigte und zwei Fähren.",
        "Das bayerische Unternehmen Kessler baute die Kräne 1998 in Deutschland.",
    ],
)
def test_a_german_sentence_from_an_english_passage_passes(sentence):
    assert passes(sentence, HARBOUR)


@pytest.mark.parametrize(
    "sentence",
    [
        "Der Hafen von Norwick schließt für fünf Wochen.",
        "Die Reparatur kostet 42 Millionen Dollar.",
        "Das österreichische Unternehmen Kessler baute die Kräne.",
        "Der Hafen von Brighton schließt.",
        "Der Hafen von Norwick schließt nicht.",
    ],
)
def test_a_german_lie_about_an_english_passage_does_not_pass(sentence):
    assert not passes(
        sentence,
        cited(
            "The harbour in Norwick will close for three weeks.",
            "The repairs cost $4.2 million.",
            "The Bavarian firm Kessler built the cranes.",
            language="en",
        ),
    )


def test_an_english_sentence_from_a_german_passage_passes():
    hit = cited(
        "Bei einem Unfall in München wurden am Dienstag zwölf Menschen verletzt.",
        "Das teilte die Polizei mit, der Fahrer kommt aus Österreich.",
    )
    assert passes("Twelve people were injured in Munich on Tuesday.", hit, language="en")
    assert passes("The driver comes from Austria, police said.", hit, language="en")
    assert not passes("Twelve people were injured in Cologne.", hit, language="en")
    assert not passes("Eleven people were injured in Munich.", hit, language="en")


def _alike(texts):
    return np.eye(1, 384).repeat(len(texts), axis=0)


def _apart(texts):
    return 0.7 * _alike(texts) + 0.714 * np.eye(1, 384, 1)


def test_a_short_translation_passes_by_what_its_sentence_means_alone():
    hit = cited("Die Grünen stimmten gegen das Vorhaben.", "Es kostet viel.", near=_apart)
    assert verify("The Greens voted against the project.", [hit], "", "en", _alike).ok
    assert not verify("Die Grünen lehnen die Idee ab.", [hit], "", "de", _alike).ok


def test_a_translation_may_deny_only_what_its_own_sentence_denies():
    hit = cited("Der Turm wird nicht beleuchtet.", "Der Turm wird restauriert.", near=_own_place)
    assert not verify("The tower will not be restored.", [hit], "", "en", _own_place).ok
    assert verify("The tower will not be lit.", [hit], "", "en", _own_place).ok


def _own_place(texts):
    """Two meanings: of light, and of repair."""
    return np.stack([np.eye(384)[0 if ("beleuchtet" in t or "lit" in t) else 1] for t in texts])


def test_a_sentence_without_citation_does_not_pass():
    verdict = verify("Die Brücke ist neu.", [], "", "de", meaning)
    assert not verdict.ok
    assert verdict.reason == "It cites no passage."


def test_a_sentence_about_something_else_does_not_pass():
    hit = cited("Der Zoo hat ein junges Nashorn.", near=by_words)
    verdict = verify("Die Mieten in der Stadt steigen weiter.", [hit], "", "de", by_words)
    assert not verdict.ok
    assert verify("Der Zoo hat ein junges Nashorn.", [hit], "", "de", by_words).ok


def test_two_facts_of_the_passage_may_not_change_places():
    hit = cited("Lindau besiegte Bregenz mit 3:1, und 200 Fans aus Lindau jubelten.")
    assert passes("Lindau besiegte Bregenz mit 3:1.", hit)
    assert not passes("Bregenz besiegte Lindau mit 3:1.", hit)
    assert not passes("Lindau besiegte Bregenz mit 1:3.", hit)


def test_a_number_of_another_sentence_may_not_stand_in_for_this_one():
    hit = cited(
        "Bei dem Brand starben vier Menschen.",
        "Sieben Menschen wurden verletzt ins Spital gebracht.",
    )
    assert passes("Bei dem Brand starben 4 Menschen.", hit)
    assert not passes("Bei dem Brand starben sieben Menschen.", hit)


def test_names_in_a_list_may_change_places():
    hit = cited("Am Treffen nahmen Ulm, Kempten und Lindau teil.")
    assert passes("Am Treffen nahmen Lindau, Kempten und Ulm teil.", hit)


def test_a_number_may_be_rounded_only_if_the_sentence_says_so():
    hit = cited("Es kamen 1.487 Besucher.")
    assert passes("Es kamen rund 1.500 Besucher.", hit)
    assert passes("Es kamen fast 1.500 Besucher.", hit)
    assert passes("Es kamen mehr als 1.400 Besucher.", hit)
    assert not passes("Es kamen 1.500 Besucher.", hit)
    assert not passes("Es kamen rund 2.000 Besucher.", hit)
    assert not passes("Es kamen mehr als 1.500 Besucher.", hit)


def test_yesterday_is_reckoned_from_the_day_the_article_appeared():
    hit = cited("Gestern brannte in Ulm ein Lager.", published="2026-03-18")
    assert passes("Am 17. März 2026 brannte in Ulm ein Lager.", hit)
    assert passes("Am 17.03. brannte in Ulm ein Lager.", hit)
    assert not passes("Am 16. März 2026 brannte in Ulm ein Lager.", hit)


def test_a_year_that_the_article_leaves_out_is_that_of_its_publication():
    hit = cited("Am 3. Februar brannte in Ulm ein Lager.", published="2026-03-18")
    assert passes("Am 3. Februar 2026 brannte in Ulm ein Lager.", hit)
    assert not passes("Am 3. Februar 2023 brannte in Ulm ein Lager.", hit)


def test_the_title_counts_as_well():
    hit = cited("Der Betrieb ruht seit gestern.", title="Werk in Passau steht still")
    assert passes("Der Betrieb in Passau ruht.", hit)


def test_a_first_name_from_the_question_passes_if_the_passages_have_no_other():
    hit = cited("Zander wurde 2005 gewählt.")
    other = cited("Ulla Zander wurde 2005 gewählt.")
    asked = "Wann wurde Marlies Zander gewählt?"
    assert passes("Marlies Zander wurde 2005 gewählt.", hit, question=asked)
    assert not passes("Marlies Zander wurde 2005 gewählt.", hit)
    assert not passes("Marlies Zander wurde 2005 gewählt.", other, question=asked)


def test_a_name_that_only_the_question_has_does_not_pass():
    hit = cited("Der Minister trat 2005 zurück.")
    asked = "Wann trat Holzhauer zurück?"
    assert not passes("Holzhauer trat 2005 zurück.", hit, question=asked)


def test_the_support_is_the_sentence_that_says_it():
    verdict = verify("Der Bund trägt keine Kosten.", [BRIDGE], "", "de", meaning)
    ((hit, span),) = verdict.support
    text = hit.article.text[span.start : span.end]
    assert text == "Der Bund beteiligt sich nicht an den Kosten."


def test_the_support_has_two_neighbours_if_one_does_not_hold_all_numbers():
    verdict = verify(
        "Betroffen sind 240 Arbeiter, und der Hafen in Norwick schließt für drei Wochen.",
        [HARBOUR],
        "",
        "de",
        meaning,
    )
    ((hit, span),) = verdict.support
    text = hit.article.text[span.start : span.end]
    assert text.startswith("The harbour in Norwick")
    assert text.endswith("$4.2 million.")


def test_a_cited_passage_that_supports_nothing_is_left_out():
    other = cited("Ein Zoo in Kassel hat ein Nashorn.", article_id="z")
    verdict = verify(
        "Die neue Brücke kostet 2,3 Millionen Euro.", [other, BRIDGE], "", "de", meaning
    )
    assert [hit.article.id for hit, _ in verdict.support] == ["a"]


def test_facts_may_come_from_several_passages():
    one = cited("Das Werk in Passau hat 240 Beschäftigte.", article_id="x")
    other = cited("Das Werk in Passau schließt am 4. April.", article_id="y")
    verdict = verify(
        "Das Werk in Passau mit 240 Beschäftigten schließt am 4. April.",
        [one, other],
        "",
        "de",
        meaning,
    )
    assert {hit.article.id for hit, _ in verdict.support} == {"x", "y"}


def test_spans_are_whole_sentences_of_the_article():
    verdict = verify("Der Rat stimmte mit 18 zu 7 Stimmen dafür.", [BRIDGE], "", "de", meaning)
    ((hit, span),) = verdict.support
    assert span in [Span(s.start, s.end) for s in hit.chunk.sentences]


def test_a_number_beyond_all_bounds_is_no_number_of_the_passage():
    hit = cited("Der Bau kostet 3 Euro.")
    assert not passes(f"Der Bau kostet {'1' * 400} Euro.", hit)


def test_what_is_too_long_for_a_sentence_does_not_pass():
    assert not passes("Die neue Brücke kostet 2,3 Millionen Euro. " * 40, BRIDGE)
