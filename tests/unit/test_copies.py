"""Which texts are copies of each other."""

import os
import random
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore import copies
from vectorstore.copies import is_copy, signature

WORDS = """Fähre Hafen Rat Brücke Kosten Sommer Werft Gäste Fahrplan Sturm Kapitänin Strom Deich
Kai Öl Boot Netz Motor Ufer Insel Steg Möwe Anker Lotse Ebbe Flut Bucht Leuchtturm Kran Seil
prüft zahlt hofft baut sperrt meldet sucht findet lobt warnt bleibt wartet heute morgen früh spät
""".split()
FOOTER = (
    "Mit Material von dpa. Mehr Nachrichten aus der Region finden Sie täglich in unserer App und "
    "in der gedruckten Ausgabe, Hinweise nimmt die Redaktion gern entgegen."
)
QUOTE = (
    "„Wir haben das Wasser nicht kommen sehen, und niemand von uns hat je so etwas erlebt. Jetzt "
    "räumen wir auf, und dann reden wir über den Deich und über das Geld.“"
)
BRIEF = "Der Rat von Brunsby hat den Bau des Stegs am Dienstag mit elf Stimmen beschlossen"


def sentences(seed: object, count: int = 24) -> list[str]:
    """Sentences of 14 words that share no more than single words with those of other seeds."""
    dice = random.Random(str(seed))
    return [" ".join(dice.sample(WORDS, 14)) + "." for _ in range(count)]


def text(told: list[str], title: str = "Fähre fährt wieder") -> str:
    paragraphs = [" ".join(told[i : i + 3]) for i in range(0, len(told), 3)]
    return "\n\n".join([title, *paragraphs])


TOLD = sentences("report")
REPORT = text(TOLD)


def rewritten(told: list[str], every: float) -> list[str]:
    dice = random.Random(1)
    chosen = set(dice.sample(range(len(told)), round(every * len(told))))
    return [sentences(f"new {i}", 1)[0] if i in chosen else s for i, s in enumerate(told)]


@pytest.mark.parametrize("share", [0.8, 0.6, 0.4])
def test_a_report_that_was_cut_is_a_copy(share: float) -> None:
    assert is_copy(text(TOLD[: int(share * len(TOLD))]), REPORT)


def test_a_report_with_its_paragraphs_in_another_order_is_a_copy() -> None:
    paragraphs = REPORT.split("\n\n")
    random.Random(2).shuffle(paragraphs)
    assert is_copy("\n\n".join(paragraphs), REPORT)


def test_a_report_with_another_title_and_dateline_is_a_copy() -> None:
    other = text([f"Brunsby (dpa) – {TOLD[0]}", *TOLD[1:]], "Was nun aus dem Hafen wird")
    assert is_copy(other, REPORT)


def test_a_report_with_three_tenths_of_its_sentences_rewritten_is_a_copy() -> None:
    assert is_copy(text(rewritten(TOLD, 0.3)), REPORT)


def test_a_report_that_was_cut_retitled_and_partly_rewritten_is_a_copy() -> None:
    assert is_copy(text(rewritten(TOLD[:14], 0.15), "Neues vom Kai"), REPORT)


def test_a_report_set_for_print_in_capitals_and_without_umlauts_is_a_copy() -> None:
    printed = REPORT.replace("ä", "ae").replace("ö", "oe").replace(" ", "\n").upper()
    assert is_copy(printed, REPORT)


def test_two_reports_with_one_quotation_and_one_footer_are_no_copies() -> None:
    one, other = (
        text([*sentences(name, 10), QUOTE, *sentences(f"{name} 2", 4), FOOTER])
        for name in ("one", "other")
    )
    assert not is_copy(one, other)
    assert not copies.are_kin(copies.runs(one), copies.runs(other))


def test_a_brief_that_quotes_a_sentence_is_no_copy() -> None:
    brief = f"{sentences('brief', 1)[0]} „{TOLD[5]}“ {sentences('brief 2', 1)[0]}"
    assert not is_copy(brief, REPORT)


def test_teasers_that_are_half_footer_are_no_copies() -> None:
    one, other = (f"{' '.join(sentences(name, 2))} {FOOTER}" for name in ("one", "other"))
    assert not is_copy(one, other)


def test_two_versions_of_a_report_that_are_no_copies_are_kin() -> None:
    first = [*sentences("a", 8), *TOLD[8:]]
    second = [*TOLD[:16], *sentences("b", 8)]
    one, other = copies.runs(text(first)), copies.runs(text(second))
    assert not copies.are_copies(one, other)
    assert copies.are_kin(one, other)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (f"„{BRIEF.upper()}!“\n", True),
        (BRIEF.replace("elf", "zwölf"), False),
        (f"{BRIEF}. Mehr morgen.", False),
        (f"{BRIEF}. {REPORT}", False),
    ],
)
def test_a_text_of_few_words_is_a_copy_of_the_same_words_only(other: str, same: bool) -> None:
    assert is_copy(BRIEF, other) is same


def test_five_words_are_no_copy_of_an_article_that_holds_them() -> None:
    assert not is_copy(" ".join(TOLD[3].split()[:5]), REPORT)


@pytest.mark.parametrize("empty", ["", " \n", "–!?", "\ud800"])
def test_a_text_without_words_is_a_copy_of_nothing(empty: str) -> None:
    assert not is_copy(empty, empty)
    assert len(signature(empty)) == 0


# -- signatures -----------------------------------------------------------------


def test_copies_share_keys_however_much_longer_one_of_them_is() -> None:
    chronicle = text([*sentences("before", 300), *TOLD[:8], *sentences("after", 300)])
    assert is_copy(text(TOLD[:8]), chronicle)
    assert np.intersect1d(signature(text(TOLD[:8])), signature(chronicle)).size > 0


def test_unrelated_articles_share_no_key() -> None:
    assert np.intersect1d(signature(REPORT), signature(text(sentences("x")))).size == 0


def test_a_book_has_a_signature_of_limited_size() -> None:
    assert len(signature(text(sentences("book", 3_000)))) == copies.MOST


def test_a_signature_is_the_same_in_every_process() -> None:
    script = "import sys; from vectorstore.copies import signature as s; print(s(sys.argv[1])[:3])"
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    shown = subprocess.run(
        [sys.executable, "-c", script, BRIEF + " " + BRIEF[::-1]],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert shown.stdout.strip() == str(signature(BRIEF + " " + BRIEF[::-1])[:3])


def test_a_stored_signature_is_still_found_after_an_update() -> None:
    why = "catalogues hold signatures: have their groups made anew"
    assert signature("Die Fähre fährt.").tolist() == [PINNED], why


PINNED = 92183438085776
TEXTS = st.text(max_size=300) | st.lists(st.sampled_from(WORDS), max_size=80).map(" ".join)


@given(TEXTS, TEXTS)
def test_being_a_copy_has_no_direction(one: str, other: str) -> None:
    assert is_copy(one, other) == is_copy(other, one)


@given(TEXTS)
def test_a_text_with_words_is_a_copy_of_itself(one: str) -> None:
    assert is_copy(one, one) == bool(copies.runs(one))
    assert bool(copies.runs(one)) == (len(signature(one)) > 0)


@given(st.lists(st.sampled_from(WORDS), max_size=80), st.sampled_from([" ", "\n", "  \t", "\xa0"]))
def test_blanks_and_case_change_no_signature(told: list[str], blank: str) -> None:
    assert np.array_equal(signature(blank.join(told).upper()), signature(" ".join(told)))


@given(TEXTS)
def test_a_signature_is_in_ascending_order_without_repetition(one: str) -> None:
    found = signature(one)
    assert np.array_equal(found, np.unique(found))
