"""An article with a quote in it, and what Telegram makes of a view of it."""

from dataclasses import replace
from typing import Any

from bot.tg.buttons import OpenSource, Tap, parse
from bot.tg.source_view import View
from tests.support.articles import article
from tests.support.message_text import MessageText
from tests.support.telegram_taken import covered, received, taken
from vectorstore.models import Article

NUMBERS = ("Eins", "Zwei", "Drei", "Vier", "Fünf", "Sechs", "Sieben", "Acht", "Neun")
TEXT = " ".join(f"Satz {number} steht hier." for number in NUMBERS)
QUOTE = "Satz Fünf steht hier."
URL = "https://blatt.example.org/1"


def told(text: str = TEXT, version: int = 1, **fields: Any) -> Article:
    """An article that says this."""
    return replace(article(text=text, url=URL), version=version, **fields)


def opened(of: Article, quote: str = QUOTE, **fields: int) -> OpenSource:
    """The button that opens a quote of an article."""
    start = of.text.index(quote)
    place = {"article": 5, "version": of.version, "start": start, "end": start + len(quote)}
    return OpenSource(**(place | {"turn": 7, "number": 2} | fields))


def shown(view: View) -> MessageText:
    """The message as it is shown."""
    taken(view.rows)
    return received(view.html)


def bold(view: View) -> list[str]:
    """What is marked."""
    return [text for text, _ in covered(shown(view), "bold")]


def taps(view: View) -> dict[str, Tap | None]:
    """What each button does."""
    buttons = [button for row in view.rows for button in row]
    return {button.text: parse(button.data) for button in buttons if button.data}


def texts(view: View) -> list[list[str]]:
    """What is written on the buttons."""
    return [[button.text for button in row] for row in view.rows]
