"""Two looks at the articles at once, and both at the same ones."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from vectorstore.database import Database

First = TypeVar("First")
Second = TypeVar("Second")


def both(
    database: Database, first: Callable[[], First], second: Callable[[], Second]
) -> tuple[First, Second]:
    """What two functions return that read the catalogue; called within a snapshot.

    The second one reads in a thread of its own, which sees a moment of its own. If that is another
    one, because somebody wrote meanwhile, it reads again here.
    """
    moment = database.generation

    def elsewhere() -> tuple[Second] | None:
        with database.snapshot():
            return (second(),) if database.generation == moment else None

    with ThreadPoolExecutor(1, "second-look") as pool:
        later = pool.submit(elsewhere)
        one = first()
        other = later.result()
    return one, other[0] if other else second()
