"""The Bot API server of the tests reads texts and keyboards as Telegram does."""

import pytest

from tests.support.api_error import ApiError
from tests.support.entity import Entity
from tests.support.inline_keyboard import read_inline_keyboard
from tests.support.message_text import MessageText, read_text, user_text
from tests.support.params import Params
from tests.support.telegram_html import BadHtml, parse_html


def read(text: str, parse_mode: str = "HTML") -> MessageText:
    params = Params({"text": text, "parse_mode": parse_mode})
    return read_text(params, too_long="message is too long")


# -- the HTML parse mode --------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("🏟 🏟&lt;<abacaba", "Unclosed start tag at byte offset 13"),
        ("🏟 🏟&lt;<abac aba>", 'Unsupported start tag "abac" at byte offset 13'),
        ("a<br>", 'Unsupported start tag "br" at byte offset 1'),
        ("1 < 2 und 3 > 2", 'Unsupported start tag "" at byte offset 2'),
        ("🏟 🏟&lt;<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 13'),
        ("🏟 🏟&lt;<i    aba  =  ", 'Unclosed start tag "i" at byte offset 13'),
        (
            "🏟 🏟&lt;<i    aba  =  190azAz-.,",
            "Unexpected end of name token at byte offset 27",
        ),
        ('🏟 🏟&lt;<i aba="&lt;>', "Unclosed start tag at byte offset 13"),
        ("🏟 🏟&lt;</", "Unexpected end tag at byte offset 13"),
        ("🏟 🏟&lt;<i>a</i   ", "Unclosed end tag at byte offset 17"),
        (
            "🏟 🏟&lt;<i>a</em   >",
            'Unmatched end tag at byte offset 17, expected "</i>", found "</em>"',
        ),
        ("<b>offen", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        (
            "&#xDFDF;",
            (
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            ),
        ),
    ],
)
def test_malformed_html_is_refused_in_telegrams_words(source: str, reason: str) -> None:
    with pytest.raises(BadHtml) as refusal:
        parse_html(source)
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("&lt;&gt;&amp;&quot;&#8364;&#x20ac;", '<>&"€€'),
        ("&nbsp;&laquo;&apos;&#0;&#12345678;", "&nbsp;&laquo;&apos;&#0;&#12345678;"),
        ("a &lt b & c", "a < b & c"),
        ("&ltb", "&ltb"),
    ],
)
def test_only_four_named_and_numeric_references_exist(source: str, text: str) -> None:
    assert parse_html(source) == (text, [])


@pytest.mark.parametrize(
    ("source", "entities"),
    [
        ("🏟<i>🏟 &gt;<b aba = caba>&lt🏟</b></i>", [("italic", 2, 7), ("bold", 6, 3)]),
        ("<blockquote expandable>a</blockquote>", [("expandable_blockquote", 0, 1)]),
        ("<blockquote>a</>", [("blockquote", 0, 1)]),
        ("<b></b>", []),
        ("<pre><code class='language-py'>a</code></pre>", [("pre", 0, 1)]),
        ("<pre> <code class='language-py'>a</code></pre>", [("pre", 0, 2), ("code", 1, 1)]),
        ("<code><b>a</b></code>", [("code", 0, 1), ("bold", 0, 1)]),
        ('<span class="tg-spoiler">a</span>', [("spoiler", 0, 1)]),
    ],
)
def test_entities_are_measured_in_utf16_and_outer_ones_come_first(
    source: str, entities: list[tuple[str, int, int]]
) -> None:
    assert [(e.type, e.offset, e.length) for e in parse_html(source)[1]] == entities


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("<a href=telegram.org>t</a>", "http://telegram.org/"),
        ('<a href="https://a.de/x?b=1&amp;c=2#p">t</a>', "https://a.de/x?b=1&c=2#p"),
        ("<a>telegram.org</a>", "http://telegram.org/"),
        ('<a href="http://localhost/x">t</a>', None),
        ('<a href="javascript:alert(1)">t</a>', None),
        ("<a>t</a>", None),
    ],
)
def test_a_link_telegram_would_refuse_is_dropped_silently(source: str, url: str | None) -> None:
    assert [entity.url for entity in parse_html(source)[1]] == ([url] if url else [])


# -- what becomes of the parsed text -----------------------------------------------


def test_the_limit_is_4096_characters_after_parsing() -> None:
    assert len(read("&amp;" * 4096).text) == 4096
    with pytest.raises(ApiError, match="message is too long"):
        read("&amp;" * 4097)


def test_blanks_around_a_text_are_cut_and_its_entities_move_along() -> None:
    assert read("\n <b>ja </b>\n<i>\n</i>") == MessageText("ja", (Entity("bold", 0, 2),))
    assert read("\n<i> ja</i>") == MessageText(" ja", (Entity("italic", 0, 3),))


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "message text is empty"), ("<b> </b>", "text must be non-empty")],
)
def test_a_text_must_not_be_empty(text: str, reason: str) -> None:
    with pytest.raises(ApiError, match=reason):
        read(text)


def test_code_holds_no_other_entities() -> None:
    entities = read("<code><b>a</b></code> <b><code>b</code></b>").entities
    assert [(e.type, e.offset) for e in entities] == [("code", 0), ("code", 2)]


def test_an_unknown_parse_mode_is_refused_and_markdown_is_not_pretended() -> None:
    with pytest.raises(ApiError, match="unsupported parse_mode"):
        read("a", "BBCode")
    with pytest.raises(ApiError, match="HTML only"):
        read("*a*", "MarkdownV2")


def test_commands_mentions_and_links_of_a_user_are_found() -> None:
    found = user_text("/frage@beleg_bot 🏟 @jemand https://a.de/x").entities
    assert [(e.type, e.offset, e.length) for e in found] == [
        ("bot_command", 0, 16),
        ("mention", 20, 7),
        ("url", 28, 14),
    ]


# -- inline keyboards ----------------------------------------------------------------


def keyboard(button: dict[str, str]) -> Params:
    return Params.from_json({"reply_markup": {"inline_keyboard": [[button]]}})


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "a", "callback_data": "ä" * 32 + "b"}, "BUTTON_DATA_INVALID"),
        (
            {"text": "a", "callback_data": ""},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "a", "url": "http://localhost/"},
            "inline keyboard button URL 'http://localhost/' is invalid: Wrong HTTP URL",
        ),
        ({"url": "https://a.de"}, "can't parse inline keyboard button: Can't find field \"text\""),
    ],
)
def test_a_button_telegram_would_refuse_is_refused(button: dict[str, str], reason: str) -> None:
    with pytest.raises(ApiError) as refusal:
        read_inline_keyboard(keyboard(button), required_inline=False)
    assert refusal.value.description == f"Bad Request: {reason}"


def test_callback_data_has_room_for_64_bytes() -> None:
    button = {"text": "a", "callback_data": "ä" * 32}
    markup = read_inline_keyboard(keyboard(button), required_inline=True)
    assert markup == {"inline_keyboard": [[button]]}
