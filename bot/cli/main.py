"""`beleg`: the commands, and what becomes of their errors.

Exit codes: 0 done, 1 something failed, 2 wrong usage, 3 no evidence (ask), 130 interrupted.
"""

import logging
import os
import secrets
import signal
import sys
from types import FrameType
from typing import NoReturn

import typer

from bot.cli import answering, evaluating, exchange, keeping, library, upkeep, watching
from bot.cli.start import SIGNALS, deaf
from vectorstore.errors import BelegError, QuestionError

FAILED, USAGE, TERMINATED, INTERRUPTED = 1, 2, 143, 130

app = typer.Typer(
    name="beleg",
    help="Cited answers from your articles: every sentence quoted, or an honest no.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

for group in (answering, library, watching, keeping, exchange, evaluating, upkeep):
    for command in group.COMMANDS:
        app.command(command.__name__.rstrip("_"))(command)  # `import_`: Python has the word too


def run() -> NoReturn:
    """The console script."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    # Progress bars and advisories of the libraries underneath are no talk of ours.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
    sys.exit(_code())


def _code() -> int:
    try:
        app(standalone_mode=True)
    except BelegError as error:
        _complain(str(error))
        return USAGE if isinstance(error, QuestionError) else FAILED
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(bool(leaving.code))
    except Exception:
        number = secrets.token_hex(4)
        logging.getLogger("beleg").exception("error %s", number)
        _complain(f"Something went wrong inside Beleg (error {number}, details above).")
        return FAILED
    return 0


def _complain(message: str) -> None:
    from bot.redaction import redacted

    print(redacted(message), file=sys.stderr)


def _leave(number: int, frame: FrameType | None) -> None:
    """Signals end like a normal exit, so that Chroma is closed cleanly.

    More of them change nothing: they would break off the very persist that is being waited for.
    """
    for other in SIGNALS:
        signal.signal(other, deaf)
    if number == signal.SIGINT:
        _complain("Interrupted. What was reported as done is stored.")
    raise SystemExit(INTERRUPTED if number == signal.SIGINT else TERMINATED)
