"""The commands that answer: ask, search, chat."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from bot.cli.start import started, tell
from vectorstore.errors import BelegError, QuestionError

if TYPE_CHECKING:
    from bot.answer import Answer
    from bot.conversation import Turn
    from vectorstore.models import Filters

NO_EVIDENCE = 3

Question = Annotated[str | None, typer.Argument(help="What you want to know.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]
Batch = Annotated[
    str | None,
    typer.Option(help='JSONL of {"id", "question"}, a file or - for standard input; prints JSON.'),
]
FORMATS = ["%Y-%m-%d", "%d.%m.%Y"]
Since = Annotated[
    datetime | None,
    typer.Option(formats=FORMATS, metavar="DATE", help="Only articles dated from then on."),
]
Until = Annotated[
    datetime | None,
    typer.Option(formats=FORMATS, metavar="DATE", help="Only articles dated up to then."),
]
Source = Annotated[str | None, typer.Option(help="Only articles of this source.")]
Language = Annotated[str | None, typer.Option(help="Only articles in this language (de, en).")]


def ask(
    question: Question = None,
    most: Annotated[int, typer.Option("-k", min=1, max=10, help="Most quotes.")] = 3,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    language: Language = None,
    batch: Batch = None,
    context: Annotated[
        str | None,
        typer.Option(help='JSONL of earlier turns {"question", "answer"?}: for a follow-up.'),
    ] = None,
    json_: Json = False,
) -> None:
    """Answer a question with quoted, numbered sentences. Exits with 3 if the articles don't say."""
    from bot.answer import Status
    from bot.cli.records import answer_record, print_json

    filters = _filters(since, until, source, language)
    history = _context(context) if context is not None else ()
    with started() as app:
        engine = app.engine()

        def answered(text: str) -> "Answer":
            return engine.ask(text, filters, most, history=history)

        if batch is not None:
            _run_batch(batch, question, lambda text: answer_record(answered(text)))
            return
        if json_:
            answer = answered(_required(question))
            print_json(answer_record(answer))
        else:
            from bot.cli.arriving import print_arriving

            steps = engine.steps(_required(question), filters, most, history=history)
            answer = print_arriving(steps)
    if answer.status is Status.NO_EVIDENCE:
        raise typer.Exit(NO_EVIDENCE)


def search(
    question: Question = None,
    most: Annotated[int, typer.Option("-k", min=1, max=1000, help="Passages.")] = 10,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    language: Language = None,
    batch: Batch = None,
    json_: Json = False,
) -> None:
    """Show the passages nearest to a question, best first."""
    from bot.cli.display import print_hits
    from bot.cli.records import hit_record, print_json
    from bot.engine import cleaned

    filters = _filters(since, until, source, language)
    with started() as app:
        engine = app.engine()

        def found(text: str) -> dict[str, Any]:
            hits = engine.search(text, most, filters)
            return {"question": cleaned(text), "hits": [hit_record(hit) for hit in hits]}

        if batch is not None:
            _run_batch(batch, question, found)
        elif json_:
            print_json(found(_required(question)))
        else:
            print_hits(engine.search(_required(question), most, filters))


def chat() -> None:
    """Ask one question after the other; "new" or "/neu" begins anew. Ends with Ctrl-D."""
    from bot.cli.arriving import print_arriving
    from bot.conversation import Conversation

    with started(owner=True) as app:
        if app.index is not None:
            app.index.keep_in_step()
        engine, conversation = app.engine(), Conversation()
        print("Ask, or leave with Ctrl-D. / Fragen Sie; Strg-D beendet.", file=sys.stderr)
        for text in _typed():
            if text.strip().casefold().removeprefix("/") in ("neu", "new"):
                conversation.forget()
                print("Forgotten. / Vergessen.", file=sys.stderr)
                continue
            try:
                steps = engine.steps(text, history=conversation.turns)
                conversation.note(print_arriving(steps))
            except QuestionError as error:
                print(error, file=sys.stderr)


def _context(name: str) -> "tuple[Turn, ...]":
    """The earlier turns that a file holds; a usage error says what is wrong with it."""
    from bot.conversation import read_turns

    try:
        with _opened(name) as file:
            return read_turns(file.read())
    except BelegError as error:
        raise typer.BadParameter(str(error), param_hint="--context") from error


def _typed() -> Iterator[str]:
    """What is typed, line by line; without a terminal, the lines of standard input."""
    while True:
        try:
            line = input("\n> " if sys.stdin.isatty() else "")
        except EOFError:
            return
        if line.strip().casefold().removeprefix("/") in ("quit", "exit", "ende"):
            return
        if line.strip():
            yield line


def _filters(
    since: datetime | None, until: datetime | None, source: str | None, language: str | None
) -> "Filters":
    from vectorstore.models import Filters

    return Filters(since and since.date(), until and until.date(), source, language)


def _required(question: str | None) -> str:
    if question is None:
        raise typer.BadParameter("give a question, or --batch FILE", param_hint="QUESTION")
    return question


def _run_batch(name: str, question: str | None, answer: Callable[[str], dict[str, Any]]) -> None:
    """Answers every line; a bad one becomes an error line and exit code 1."""
    from bot.cli.records import print_json

    if question is not None:
        raise typer.BadParameter("give a question or --batch, not both", param_hint="QUESTION")
    failed = 0
    with _opened(name) as file:
        for line in file:
            if line.strip():
                record = _batch_record(line, answer)
                failed += "error" in record
                print_json(record)
    if failed:
        lines = (
            "1 line failed; its output line says"
            if failed == 1
            else f"{failed} lines failed; their output lines say"
        )
        tell(f"{lines} why.")
        raise typer.Exit(1)


def _batch_record(line: bytes, answer: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        return {"error": "The line is no JSON."}
    identity = {"id": asked["id"]} if isinstance(asked, dict) and "id" in asked else {}
    if not isinstance(asked, dict) or not isinstance(asked.get("question"), str):
        return {**identity, "error": 'The line has no "question".'}
    try:
        return {**identity, **answer(asked["question"])}
    except BelegError as error:
        return {**identity, "error": str(error)}


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        file = open(name, "rb")  # noqa: SIM115 - closed below; only opening it may fail so
    except OSError as error:
        raise BelegError(f"The file {name!r} can't be read ({error.strerror}).") from error
    with file:
        yield file


COMMANDS = (ask, search, chat)
