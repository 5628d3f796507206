"""How every command begins: settings, logging, the parts."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.bootstrap import App

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def started(owner: bool = False, jobs: int | None = None) -> "Iterator[App]":
    """The parts over the home that the settings name; an owner may take Chroma's lock."""
    from bot.bootstrap import app
    from bot.redaction import set_up_logging
    from bot.settings import load_settings

    settings = load_settings()
    set_up_logging(settings.log_level)
    with ExitStack() as leaving:  # from the last line to the first
        leaving.callback(_listen, {number: signal.getsignal(number) for number in SIGNALS})
        parts = leaving.enter_context(app(settings, owner, tell, jobs))
        leaving.callback(_listen, dict.fromkeys(SIGNALS, deaf))
        yield parts


def _listen(handlers: dict[int, Any]) -> None:
    """While the parts are closed nobody is heard: to break off a persist would break Chroma."""
    if threading.current_thread() is threading.main_thread():
        for number, handler in handlers.items():
            signal.signal(number, handler or signal.SIG_DFL)


def deaf(number: int, frame: FrameType | None) -> None:
    """Hears a signal and does nothing: with SIG_IGN, Python complains of one that came with it."""


def tell(line: str) -> None:
    """Talk goes to standard error; standard output is the answer."""
    print(line, file=sys.stderr, flush=True)
