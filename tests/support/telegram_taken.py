"""What Telegram makes of what the bot would send, if it takes it, and texts to try it with."""

import re

from hypothesis import strategies as st

from bot.tg.buttons import Rows, parse
from bot.tg.markup import HEAVIEST
from tests.support.entity import Entity, utf16_length
from tests.support.inline_keyboard import read_inline_keyboard
from tests.support.message_text import MAX_LENGTH, MessageText, read_text
from tests.support.params import Params

FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

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


def taken(rows: Rows) -> Rows:
    """The rows, if Telegram takes them and the bot understands what a tap sends back."""
    keys = [
        [{"text": b.text} | ({"url": b.url} if b.url else {"callback_data": b.data}) for b in row]
        for row in rows
    ]
    params = Params.from_json({"reply_markup": {"inline_keyboard": keys}})
    kept = read_inline_keyboard(params, required_inline=True)
    assert (kept or {"inline_keyboard": []})["inline_keyboard"] == keys
    for button in (button for row in rows for button in row):
        assert (button.data is None) != (button.url is None)
        assert button.data is None or parse(button.data)
        assert not FORBIDDEN.search(button.text)
    return rows
