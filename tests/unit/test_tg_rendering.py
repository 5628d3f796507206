"""An answer becomes messages that Telegram takes as they are, with nothing lost."""

import re
import textwrap
from typing import Any

import pytest

from bot.answer import Answer, Nearest
from bot.tg.markup import plain
from bot.tg.rendering import LONGEST_QUOTE, answer_messages, own_words
from tests.support.answers import answer, citation
from tests.support.entity import utf16_length
from tests.support.message_text import MessageText
from tests.support.telegram_taken import FORBIDDEN, covered, received


def test_a_question_that_was_put_right_is_shown_as_it_was_searched() -> None:
    (told,) = answer_messages(answer(citation(), question="Feuewrehr?", searched="Feuerwehr?"))
    assert received(told).text.startswith("Gesucht: Feuerwehr?\n\nDie Mauer")
    (plain,) = answer_messages(answer(citation(), question="Feuerwehr?", searched="Feuerwehr?"))
    assert "Gesucht" not in received(plain).text


def only(said: Answer) -> MessageText:
    (source,) = answer_messages(said)
    return received(source)


# -- layout -------------------------------------------------------------------------


def test_sentences_come_first_then_each_source_with_its_quote_folded() -> None:
    message = only(answer(citation(1), citation(2, "Sie wurde\n1913 eingeweiht.")))
    assert message.text == (
        "Die Mauer ist 41 Meter hoch. [1]\n"
        "Sie wurde 1913 eingeweiht. [2]\n"
        "\n"
        "[1] Titel 1 – Anzeiger, 18.03.2025\n"
        "Die Mauer ist 41 Meter hoch.\n"
        "[2] Titel 2 – Anzeiger, 18.03.2025\n"
        "Sie wurde\n1913 eingeweiht."
    )
    quotes = [text for text, _ in covered(message, "expandable_blockquote")]
    assert quotes == ["Die Mauer ist 41 Meter hoch.", "Sie wurde\n1913 eingeweiht."]


def test_numbers_and_titles_link_to_the_quote() -> None:
    message = only(answer(citation(1), citation(2)))
    links = [(text, entity.url) for text, entity in covered(message, "text_link")]
    first, second = (f"https://example.org/{n}#:~:text=Mauer" for n in (1, 2))
    assert links == [("[1]", first), ("[2]", second), ("Titel 1", first), ("Titel 2", second)]


def test_dates_are_written_as_the_language_does() -> None:
    assert "Anzeiger, 18 March 2025\n" in only(answer(citation(), language="en")).text
    assert "Anzeiger, im Frühjahr\n" in only(answer(citation(published="im Frühjahr"))).text


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"title": None}, "[1] Ohne Titel – Anzeiger, 18.03.2025"),
        ({"title": "\x00 \n"}, "[1] Ohne Titel – Anzeiger, 18.03.2025"),
        ({"source": None}, "[1] Titel 1 – 18.03.2025"),
        ({"source": None, "published": None}, "[1] Titel 1"),
        ({"title": "Zwei\nZeilen"}, "[1] Zwei Zeilen – Anzeiger, 18.03.2025"),
    ],
)
def test_what_a_source_lacks_is_left_out(fields: dict[str, Any], line: str) -> None:
    assert line in only(answer(citation(**fields))).text.split("\n")


def test_a_number_inside_a_quote_is_not_taken_for_a_label() -> None:
    message = only(answer(citation(1, "Die Mauer[2] steht."), citation(2)))
    labels = [text for text, _ in covered(message, "text_link") if text.startswith("[")]
    assert labels == ["[1]", "[2]"]


def test_every_label_behind_a_quote_is_linked() -> None:
    text = "Stand 18.03.2025: Hoch ist sie. [1] [2]\nSo steht es hier.\nAlt ist sie [9]. [3]"
    said = answer(*(citation(n) for n in (1, 2, 3)), text=text)
    labels = [shown for shown, _ in covered(only(said), "text_link") if shown.startswith("[")]
    assert labels == ["[1]", "[2]", "[3]"]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("So war es. [2] [1]", ["[1]"]),
        ("So war es. [1] [1]", ["[1]"]),
        ("So war es. [1]\nDas steht dort. [1] [2]", ["[1]", "[2]"]),
        ("Am Dienstag [18.03.2025] war es. [1]", ["[1]"]),
        ("Am Dienstag [18.03.2025]", []),
        ("So war es [2025]", []),
    ],
)
def test_what_stands_in_brackets_at_the_end_of_a_quote_is_no_label(
    text: str, labels: list[str]
) -> None:
    message = only(answer(citation(1), citation(2), text=text))
    shown = [t for t, _ in covered(message, "text_link") if t.startswith("[")]
    assert shown == labels


def test_the_nearest_are_not_announced_twice() -> None:
    nearest = (Nearest("a", "Talsperre", None, 0.9),)
    text = "Die Artikel sagen dazu nichts Genaues. Am nächsten kommt „Talsperre“."
    message = only(answer(text=text, nearest=nearest, tells_nearest=True))
    assert message.text == f"{text}\n\nWeiterlesen:\n• Talsperre"


def test_a_chat_model_may_put_labels_anywhere() -> None:
    said = answer(citation(1), citation(2), model="some", text="Hoch [1][2]. Alt [2], ja [7].")
    labels = [text for text, _ in covered(only(said), "text_link") if text.startswith("[")]
    assert labels == ["[1]", "[2]", "[2]"]


def test_no_evidence_names_the_nearest_articles() -> None:
    nearest = (
        Nearest("a", "Talsperre <alt>", "https://example.org/a", 0.9),
        Nearest("b", None, None, 0.8),
    )
    message = only(answer(text="Dazu steht nichts in den Artikeln.", nearest=nearest))
    assert message.text == (
        "Dazu steht nichts in den Artikeln.\n\nAm nächsten kommen:\n• Talsperre <alt>\n• Ohne Titel"
    )
    assert [text for text, _ in covered(message, "text_link")] == ["Talsperre <alt>"]


# -- safety -------------------------------------------------------------------------


def test_markup_in_articles_is_shown_not_obeyed() -> None:
    quote = "<b>1 < 2</b> &amp; &#60;script&#62; \"x\" 'y' </blockquote>"
    message = only(answer(citation(1, quote, title="<a href='x'>", source="A&B")))
    assert message.text.count(quote) == 2
    assert "[1] <a href='x'> – A&B" in message.text
    assert {e.type for e in message.entities} == {"text_link", "expandable_blockquote"}


def test_characters_that_steer_are_taken_out() -> None:
    quote = "a\x00b\x1b[31mc\x9bd\u202ee\u2066f\ud800g\r\nh\ti"
    message = only(answer(citation(1, quote)))
    assert "ab[31mcdef\ufffdg\nh i" in message.text


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a?b=1&c=%22d\"<e>'f'#:~:text=x",
        "HTTP://EXAMPLE.ORG:8080",
        "https://münchen.de/straße",
        "http://192.168.0.1/x",
        "https://example.org/two words\x00\u202e\ud800\n",
    ],
)
def test_addresses_that_telegram_links_are_linked(url: str) -> None:
    message = only(answer(citation(url=url, link=url)))
    (_, label), (_, title) = covered(message, "text_link")
    assert label.url == title.url
    assert label.url is not None
    assert not FORBIDDEN.search(label.url)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "tg://resolve?domain=x",
        "file:///etc/passwd",
        "https://localhost/x",
        "https://user:secret@example.org/",
        "https://exa mple.org/",
        "https://exa\ud800mple.org/",
        "https://exa\u202emple.org/",
        "example.org",
        "",
        "https://example.org/" + "x" * 5000,
    ],
)
def test_other_addresses_are_left_out(url: str) -> None:
    message = only(answer(citation(url=url, link=url)))
    assert covered(message, "text_link") == []
    assert "[1] Titel 1 – " in message.text


def test_the_page_is_linked_if_the_link_to_the_quote_is_too_long() -> None:
    said = answer(citation(link="https://example.org/1#:~:text=" + "x" * 5000))
    assert {e.url for _, e in covered(only(said), "text_link")} == {"https://example.org/1"}


def test_plain_is_what_a_reader_sees() -> None:
    (source,) = answer_messages(answer(citation(1, '<i>"1 < 2" &amp; 3 > 2</i>')))
    assert plain(source) == received(source).text


# -- size ---------------------------------------------------------------------------


def test_a_long_answer_is_split_between_sentences_and_between_sources() -> None:
    citations = [citation(n, f"Satz {n}: " + "Wort " * 180 + "Ende.") for n in range(1, 9)]
    parts = [received(source).text for source in answer_messages(answer(*citations))]
    assert len(parts) > 2
    assert all(part.startswith(("Satz", "[")) and part.endswith(("]", "Ende.")) for part in parts)


def test_a_sentence_longer_than_a_message_is_split_between_words() -> None:
    said = answer(citation(1, "kurz"), model="some", text="Donau\u00addampf 🚢 " * 900 + "[1]")
    parts = [received(source).text for source in answer_messages(said)]
    shown = "\n".join(parts).partition("\n[1] ")[0]
    assert set(shown.split()) == {"Donau\u00addampf", "🚢", "[1]"}
    assert len(shown.split()) == 1801


def test_a_word_longer_than_a_message_is_split_all_the_same() -> None:
    parts = answer_messages(answer(text="🚢" * 5000))
    assert "".join(received(source).text for source in parts) == "🚢" * 5000


def test_a_quote_longer_than_a_message_is_cut_in_its_block() -> None:
    parts = [received(source) for source in answer_messages(answer(citation(1, "🚢 & " * 3000)))]
    ((shown, _),) = [found for part in parts for found in covered(part, "expandable_blockquote")]
    assert shown.endswith("…")
    assert LONGEST_QUOTE - 4 <= utf16_length(shown) <= LONGEST_QUOTE


def test_more_links_than_a_message_may_have_go_into_further_messages() -> None:
    text = "Ja [1]. " * 250
    parts = [received(s) for s in answer_messages(answer(citation(), model="some", text=text))]
    labels = [shown for part in parts for shown, _ in covered(part, "text_link")]
    assert labels.count("[1]") == 250


def test_own_words_are_one_message() -> None:
    assert own_words("1 < 2\n/frage Wer?") == ["1 &lt; 2\n/frage Wer?"]


# -- a phone's screen -----------------------------------------------------------------

PHONE, FOLDED = 38, 3  # characters of a line; lines that a folded quote shows


def screen_lines(source: str) -> int:
    """The lines that a message takes on a phone, about."""
    lines = 0
    for part in re.split("(<blockquote expandable>.*?</blockquote>)", source, flags=re.S):
        quote = part.startswith("<blockquote")
        shown = plain(part).removeprefix("\n") if lines else plain(part)
        wrapped = [
            max(1, len(textwrap.wrap(line, PHONE - 2 * quote)))
            for line in shown.removesuffix("\n").split("\n")
            if shown
        ]
        lines += min(FOLDED, sum(wrapped)) if quote else sum(wrapped)
    return lines


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_an_ordinary_answer_fits_on_a_phones_screen(count: int, language: str) -> None:
    quote = (
        "Die Staumauer am Drosselgrund ist 41 Meter hoch und wird seit dem Frühjahr für "
        "19 Millionen Euro saniert."
    )
    title = "Talsperre Drosselgrund: Sanierung dauert zwei Jahre länger als geplant"
    cited = [citation(n, quote, title=title, source="Lutzetal-Kurier") for n in range(1, count + 1)]
    (source,) = answer_messages(answer(*cited, language=language))
    assert screen_lines(source) <= 25


def test_a_few_titles_are_shown_whole_and_many_in_two_lines() -> None:
    title = "Talsperre Drosselgrund: Sanierung dauert zwei Jahre länger als geplant"
    assert f"[1] {title} – Anzeiger, 18.03.2025" in only(answer(citation(title=title))).text
    many = only(answer(*(citation(n, title=title) for n in range(1, 4)))).text.split("\n")
    (head,) = (line for line in many if line.startswith("[2] "))
    assert head == "[2] Talsperre Drosselgrund: Sanierung dauert zwe… – Anzeiger, 18.03.2025"
