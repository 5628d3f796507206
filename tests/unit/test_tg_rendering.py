"""An answer becomes messages that Telegram takes as they are, with nothing lost."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.answer import Answer, Citation, Nearest, Status
from bot.tg.markup import HEAVIEST, good_link, plain
from bot.tg.rendering import LONGEST_QUOTE, answer_messages, own_words
from tests.support.entity import Entity, utf16_length
from tests.support.links import checked_link
from tests.support.message_text import MAX_LENGTH, MessageText, read_text
from tests.support.params import Params

FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def citation(
    number: int = 1, quote: str = "Die Mauer ist 41 Meter hoch.", **fields: Any
) -> Citation:
    url = fields.pop("url", f"https://example.org/{number}")
    defaults = {
        "article_id": f"a{number}",
        "version": 1,
        "title": f"Titel {number}",
        "url": url,
        "link": f"{url}#:~:text=Mauer" if url else None,
        "published": "2025-03-18",
        "source": "Anzeiger",
        "start": 0,
        "end": len(quote),
    }
    return Citation(number=number, quote=quote, **(defaults | fields))


def answer(*citations: Citation, **fields: Any) -> Answer:
    defaults = {
        "question": "?",
        "status": Status.ANSWERED if citations else Status.NO_EVIDENCE,
        "text": "\n".join(f"{' '.join(c.quote.split())} [{c.number}]" for c in citations),
        "citations": citations,
        "nearest": (),
        "confidence": 0.9,
        "model": None,
        "seconds": 0.1,
        "language": "de",
    }
    return Answer(**(defaults | fields))


def test_a_question_that_was_put_right_is_shown_as_it_was_searched():
    (told,) = answer_messages(answer(citation(), question="Feuewrehr?", searched="Feuerwehr?"))
    assert received(told).text.startswith("Gesucht: Feuerwehr?\n\nDie Mauer")
    (plain,) = answer_messages(answer(citation(), question="Feuerwehr?", searched="Feuerwehr?"))
    assert "Gesucht" not in received(plain).text


def received(source: str) -> MessageText:
    """What Telegram makes of a message, if it takes it."""
    assert len(source.encode()) <= HEAVIEST
    assert not re.search("&(?!(?:lt|gt|amp|quot);)", source)
    params = Params({"text": source, "parse_mode": "HTML"})
    message = read_text(params, too_long="message is too long")
    assert utf16_length(message.text) <= MAX_LENGTH
    return message


def covered(message: MessageText, kind: str) -> list[tuple[str, Entity]]:
    """The texts under the entities of a kind."""
    units = message.text.encode("utf-16-le")
    return [
        (units[2 * e.offset : 2 * e.end].decode("utf-16-le"), e)
        for e in message.entities
        if e.type == kind
    ]


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


# -- anything at all ------------------------------------------------------------------

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)
NASTY = st.sampled_from(
    [
        *(
            "<b>",
            "</a>",
            "&lt;",
            "&#0;",
            "[1]",
            "]",
            '"',
            "\x00",
            "\x1b[0m",
            "\ud83d",
            "\r",
            "\n\n",
        ),
        *("👩\u200d👩\u200d👧", "שלום", "\u202e", "\u2067", "e\u0301" * 50, "ﷺ", "\u2028"),
        *("x" * 700, "&" * 3000, "🚢" * 2500, "Wort " * 1200),
    ]
)
TEXTS = st.lists(ANY_TEXT | NASTY, max_size=5).map("".join)
URLS = (
    st.none() | ANY_TEXT | st.builds("https://example.org/{}?q={}#{}".format, TEXTS, TEXTS, TEXTS)
)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    citations = [
        citation(n, draw(TEXTS), title=draw(st.none() | TEXTS), url=draw(URLS), link=draw(URLS))
        for n in range(1, draw(st.integers(0, 20)) + 1)
    ]
    by_model = draw(st.booleans())
    said = {"text": draw(TEXTS) + "".join(f" [{c.number}]" for c in citations)} if by_model else {}
    near = [Nearest("n", draw(TEXTS), draw(URLS), 0.5)] if not citations else []
    return answer(
        *citations,
        **({"text": draw(TEXTS) + "."} if not citations else said),
        model="some" if by_model else None,
        nearest=tuple(near),
        language=draw(st.sampled_from(["de", "en"])),
    )


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(answers())
@example(answer(*(citation(n, "&" * 4000, title='"' * 300) for n in range(1, 21))))
def test_any_answer_is_taken_with_every_number_and_every_link(said: Answer) -> None:
    parts = [received(source) for source in answer_messages(said)]
    shown = "\n".join(part.text for part in parts)
    assert not FORBIDDEN.search(shown)
    links = [found for part in parts for found in covered(part, "text_link")]
    for cited in said.citations:
        assert shown.count(f"[{cited.number}]") >= 2  # in the answer and before its source
        href = good_link(cited.link) or good_link(cited.url)
        if href:
            labels = [e for text, e in links if e.url == checked_link(href)]
            assert len(labels) >= 2
    assert len(links) >= 2 * sum(
        bool(good_link(c.link) or good_link(c.url)) for c in said.citations
    )
