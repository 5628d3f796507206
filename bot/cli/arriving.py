"""An answer printed while it is written: each sentence as soon as it is verified."""

from collections.abc import Iterable

from bot.answer import Answer
from bot.cli.display import print_answer, print_line, print_put_right, print_rest
from bot.events import Done, Event, Said


def print_arriving(steps: Iterable[Event]) -> Answer:
    """Prints what is said as it is said, then the rest; quoted answers come at once, whole."""
    said: list[str] = []
    for event in steps:
        if isinstance(event, Said):
            print_line(event.text)
            said.append(event.text)
        elif isinstance(event, Done):
            _print_rest(event.answer, said)
            return event.answer
    raise AssertionError("an engine's last step is Done")


def _print_rest(answer: Answer, said: list[str]) -> None:
    if not said:
        print_answer(answer)
    elif answer.text == "\n".join(said):
        print_put_right(answer, end="\n")
        print_rest(answer)
    else:  # what was said before doesn't stand: the whole answer takes its place
        print()
        print_answer(answer)
