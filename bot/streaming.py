"""The engine's events for who awaits them: its steps run in a thread, each is told at once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Sequence
from contextlib import suppress
from typing import Any

from bot.conversation import Turn
from bot.engine import Engine
from bot.events import Event
from bot.listening import Left, Listener

_Told = Event | BaseException | None  # None comes last


async def events(
    engine: Engine, question: str, *, history: Sequence[Turn] = (), **how: Any
) -> AsyncIterator[Event]:
    """What happens on the way to an answer; `how` is what else `Engine.steps` takes.

    Who stops listening stops the work at once, the model's stream too. Raises what the engine
    raises.
    """
    listener = Listener()
    steps = engine.steps(question, history=history, listener=listener, **how)
    loop = asyncio.get_running_loop()
    told: asyncio.Queue[_Told] = asyncio.Queue()

    def tell(event: _Told) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            loop.call_soon_threadsafe(told.put_nowait, event)

    # One thread from beginning to end: a snapshot and a generator's close belong to it.
    work = loop.run_in_executor(None, _run, steps, listener, tell)
    try:
        while (event := await told.get()) is not None:
            if isinstance(event, BaseException):
                raise event
            yield event
    finally:
        listener.leave()
        if not work.done():
            work.add_done_callback(lambda done: done.cancelled() or done.exception())


def _run(steps: Generator[Event], listener: Listener, tell: Callable[[_Told], None]) -> None:
    """Tells every event, then None or what was raised, until nobody listens any more."""
    try:
        for event in steps:
            if listener.gone:
                break
            tell(event)
        tell(None)
    except Left:
        tell(None)
    except BaseException as error:
        tell(error)
    finally:
        steps.close()
