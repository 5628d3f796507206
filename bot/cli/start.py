"""How every command begins: settings, logging, the parts."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.bootstrap import App


@contextmanager
def started(owner: bool = False) -> "Iterator[App]":
    """The parts over the home that the settings name; an owner may take Chroma's lock."""
    from bot.bootstrap import app
    from bot.redaction import set_up_logging
    from bot.settings import load_settings

    settings = load_settings()
    set_up_logging(settings.log_level)
    with app(settings, owner, tell) as parts:
        yield parts


def tell(line: str) -> None:
    """Talk goes to standard error; standard output is the answer."""
    print(line, file=sys.stderr, flush=True)
