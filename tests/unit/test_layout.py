"""What the lines of an article are for, and that no prose is lost as evidence."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.layout import EVIDENCE, Layout, Role, read_layout

LONG_1 = (
    "Die Gemeinde Wusterhagen hat ihr Hallenbad nach zwei Jahren Umbau wieder eröffnet. "
    "Am Samstag kamen 1.300 Gäste, mehr als je an einem Tag zuvor."
)
LONG_2 = (
    "Das Wasser wird künftig mit der Abwärme der Molkerei geheizt, die nebenan steht. "
    "Die Kosten von 8,2 Mio. Euro teilen sich Land und Gemeinde."
)
STANDFIRST = "Zwei Jahre war das Bad geschlossen. Nun heizt die Molkerei das Wasser."
CAPTION = "Die ersten Schwimmer im Becken von Wusterhagen."
NEWSPAPER = [
    ("Lokales", Role.SECTION),
    ("Hallenbad in Wusterhagen öffnet mit warmem Wasser", Role.HEADLINE),
    (STANDFIRST, Role.STANDFIRST),
    (CAPTION, Role.CAPTION),
    (CAPTION + "Runa Eickstedt/Bildhaus Nord", Role.REPEATED),
    (LONG_1, Role.PROSE),
    ("Lesen Sie auch: Warum die Molkerei keine Butter mehr macht", Role.TEASER),
    (LONG_2, Role.PROSE),
]


def roles(text: str, title: str | None = None) -> list[tuple[str, Role]]:
    return [(line.text, role) for line, role in read_layout(text, title).lines]


def evidence(text: str, title: str | None = None) -> list[str]:
    return [text[span.start : span.end] for span in read_layout(text, title).evidence()]


# -- newspapers -----------------------------------------------------------------


@pytest.mark.parametrize("gap", ["\n\n", "\n", "\n \n\n"], ids=["blank", "none", "more"])
def test_a_newspaper_article_is_read_line_by_line(gap: str) -> None:
    text = gap.join(line for line, _ in NEWSPAPER)
    assert roles(text) == NEWSPAPER
    assert read_layout(text, None).headline == NEWSPAPER[1][0]


def test_the_roles_stay_when_the_headline_has_become_the_title() -> None:
    text = "\n\n".join(line for line, _ in NEWSPAPER)
    assert roles(text, NEWSPAPER[1][0]) == NEWSPAPER


def test_evidence_leaves_out_what_is_no_statement() -> None:
    text = "\n\n".join(line for line, _ in NEWSPAPER)
    assert evidence(text) == [f"{STANDFIRST}\n\n{CAPTION}", LONG_1, LONG_2]


def test_a_headline_may_come_without_section_and_standfirst() -> None:
    text = f"Hallenbad in Wusterhagen öffnet wieder\n\n{LONG_1} {LONG_2} {LONG_1} {LONG_2}"
    assert [role for _, role in roles(text)] == [Role.HEADLINE, Role.PROSE]


def test_prose_from_the_first_line_on_has_no_headline() -> None:
    layout = read_layout(f"{LONG_1}\n\n{LONG_2}", None)
    assert layout.headline is None
    assert {role for _, role in layout.lines} == {Role.PROSE}


@pytest.mark.parametrize("credit", ["Foto: Runa Eickstedt", "© Bildhaus Nord", "Unger/dpa"])
def test_a_credit_alone_is_no_evidence(credit: str) -> None:
    assert roles(f"{LONG_1}\n\n{credit}\n\n{LONG_2}", "Bad")[1] == (credit, Role.CREDIT)


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "credit", ["", "Runa Eickstedt", "dpa", " Foto: Runa Eickstedt", " (Foto: Eickstedt)", "© RE"]
)
def test_a_doubled_caption_is_evidence_once(credit: str, gap: str) -> None:
    found = roles(gap.join([LONG_1, CAPTION, CAPTION + credit, LONG_2]), "Bad")
    assert [role for _, role in found] == [Role.PROSE, Role.CAPTION, Role.REPEATED, Role.PROSE]


def test_a_caption_without_full_stop_may_be_doubled_too() -> None:
    caption = "Das Becken von Wusterhagen"
    found = roles(f"{LONG_1}\n{caption}\n{caption}Runa Eickstedt\n{LONG_2}", "Bad")
    assert [role for _, role in found][1:3] == [Role.CAPTION, Role.REPEATED]


@pytest.mark.parametrize(
    "line",
    [
        "Lesen Sie auch: Warum die Molkerei keine Butter mehr macht",
        "Lesen Sie hier, was die Molkerei plant.",
        "Mehr zum Thema",
        "Zum Thema: Wird das Bad nun teurer?",
        "Read more: Why the dairy stopped making butter",
        "Related: Pool prices rise.",
    ],
)
def test_a_pointer_to_another_article_is_a_teaser(line: str) -> None:
    assert roles(f"{LONG_1}\n\n{line}\n\n{LONG_2}", "Bad")[1] == (line, Role.TEASER)


def test_a_crosshead_stands_between_paragraphs() -> None:
    text = f"{LONG_1}\n\nWärme aus der Molkerei\n\n{LONG_2}"
    assert roles(text, "Bad")[1][1] is Role.CROSSHEAD


def test_a_line_that_stood_before_is_no_second_evidence() -> None:
    assert roles(f"{LONG_1}\n\n{LONG_2}\n\n{LONG_1}", "Bad")[2] == (LONG_1, Role.REPEATED)


# -- Markdown -------------------------------------------------------------------


def test_markdown_headings_are_headline_and_crossheads() -> None:
    text = f"# Das Bad\n\n{LONG_1}\n\n## Die Wärme\n{LONG_2}\n"
    assert roles(text) == [
        ("# Das Bad", Role.HEADLINE),
        (LONG_1, Role.STANDFIRST),
        ("## Die Wärme", Role.CROSSHEAD),
        (LONG_2, Role.PROSE),
    ]
    assert read_layout(text, None).headline == "Das Bad"


def test_a_markdown_list_below_its_heading_stays_evidence() -> None:
    assert evidence("# Preise\n\n- Kinder 2 Euro\n- Erwachsene 5 Euro\n- Hunde 1 Euro\n") == [
        "- Kinder 2 Euro\n- Erwachsene 5 Euro\n- Hunde 1 Euro"
    ]


# -- nothing prose is dropped -----------------------------------------------------


def test_a_title_that_is_known_leaves_all_prose_evidence() -> None:
    text = f"Das Bad ist offen.\n{LONG_1}\nEs ist warm.\n\nKinder zahlen 2 Euro\n{LONG_2}"
    assert evidence(text, "Ein anderer Titel") == [text]


@pytest.mark.parametrize("heading", ["Hallenbad Wusterhagen", "# Hallenbad Wusterhagen"])
def test_only_the_line_that_says_the_title_again_is_dropped(heading: str) -> None:
    assert evidence(f"{heading}\n\n{LONG_1}", "Hallenbad  wusterhagen") == [LONG_1]


def test_a_section_line_above_the_title_is_dropped_but_prose_is_not() -> None:
    assert evidence(f"Lokales\nBad\n{LONG_1}", "Bad") == [LONG_1]
    assert evidence(f"Es ist warm.\nBad\n{LONG_1}", "Bad") == [f"Es ist warm.\nBad\n{LONG_1}"]


@pytest.mark.parametrize("title", [None, "Anderes"])
def test_short_lines_below_each_other_stay_evidence(title: str | None) -> None:
    text = "Öffnungszeiten im Sommer\nMontag 8 bis 12 Uhr\nDienstag 9 bis 13 Uhr\nMittwoch zu"
    assert evidence(text, title) == [text]


def test_a_list_within_prose_stays_evidence() -> None:
    text = f"{LONG_1}\nKinder 2 Euro\nErwachsene 5 Euro\nHunde 1 Euro\n{LONG_2}"
    assert evidence(text, "Bad") == [text]


@pytest.mark.parametrize("text", ["Bad in Wusterhagen öffnet", "Lokales\n\nBad öffnet", "# Bad"])
def test_a_text_of_only_a_headline_stays_evidence(text: str) -> None:
    assert evidence(text) == [text]
    assert evidence(text, text) == [text]


@pytest.mark.parametrize(
    "second",
    [
        "Der Rat tagte am Montag. Er schloss die Schule.",
        "Der Rat tagte am Montag. Und niemand kam",
        "Der Rat tagte am Montag.Er schloss die Schule.",
    ],
)
def test_a_paragraph_that_begins_like_the_one_before_is_kept(second: str) -> None:
    text = f"Der Rat tagte am Montag.\n{second}\n{LONG_1}"
    assert evidence(text, "Rat") == [text]


def test_list_items_that_begin_alike_are_kept() -> None:
    text = "Anmeldung im Rathaus Zimmer 1\nAnmeldung im Rathaus Zimmer 12\nSonst keine."
    assert evidence(text, "Rat") == [text]


@pytest.mark.parametrize(
    "line",
    [
        "Zum Thema Haushalt sagte der Kämmerer nichts.",
        "Read more than ten pages a day, she said.",
        "Mehr dazu erfuhren die Gäste erst am Abend.",
        "Bilder der Ausstellung zeigt das Museum bis Mai.",
    ],
)
def test_prose_that_begins_like_a_teaser_or_credit_is_kept(line: str) -> None:
    assert evidence(f"{LONG_1}\n{line}\n{LONG_2}", "Bad") == [f"{LONG_1}\n{line}\n{LONG_2}"]


def test_sentences_of_other_scripts_are_no_headings() -> None:
    text = "市议会周一开会。\n学校将关闭。\n没有人反对。\n会议很短。"
    assert evidence(text) == [text]


# -- spans ----------------------------------------------------------------------

LINES = st.lists(
    st.sampled_from([line for line, _ in NEWSPAPER])
    | st.sampled_from(["", " ", "# A", "Foto: X", "\u2028", "\x0c", "kurz", "Kurz."])
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    max_size=12,
)


@settings(database=None, deadline=None, max_examples=300)
@given(LINES.map("\n".join), st.none() | st.sampled_from([line for line, _ in NEWSPAPER]))
def test_every_line_has_its_exact_span_and_a_role(text: str, title: str | None) -> None:
    layout = read_layout(text, title)
    assert [text[e.span.start : e.span.end] for e, _ in layout.lines] == [
        line.strip() for line in text.split("\n") if line.strip()
    ]
    assert [e.text for e, _ in layout.lines] == [
        text[e.span.start : e.span.end] for e, _ in layout.lines
    ]


@settings(database=None, deadline=None, max_examples=300)
@given(LINES.map("\n".join), st.none() | st.sampled_from([line for line, _ in NEWSPAPER]))
def test_evidence_is_ordered_and_holds_all_prose(text: str, title: str | None) -> None:
    layout: Layout = read_layout(text, title)
    spans = layout.evidence()
    assert all(a.end < b.start for a, b in itertools.pairwise(spans))
    assert bool(spans) == bool(text.strip())
    for line, role in layout.lines:
        if role in EVIDENCE:
            assert any(s.start <= line.span.start and line.span.end <= s.end for s in spans)
