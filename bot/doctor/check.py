"""One thing that was looked at, and how something is looked at, mended and looked at again."""

from collections.abc import Callable
from dataclasses import dataclass

from vectorstore.errors import BelegError


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    `advice` says what a person has to do if it isn't ok, or had better do although it is.
    `repaired` says what was mended just now.
    """

    name: str
    ok: bool
    state: str
    advice: str | None = None
    repaired: str | None = None


@dataclass(frozen=True, slots=True)
class Mendable:
    """Something derived that can be wrong.

    `find` says what is wrong, if anything is; `sound` what to say if nothing is. `mend` repairs
    it and says what it did; `advice` says what it would do.
    """

    name: str
    find: Callable[[], str | None]
    sound: Callable[[], str]
    mend: Callable[[], str]
    advice: str

    def check(self, repair: bool) -> Check:
        """Looks, and if asked to, mends what is wrong and looks again."""
        wrong = self.find()
        if wrong is None:
            return Check(self.name, True, self.sound())
        if not repair:
            return Check(self.name, False, wrong, f"`beleg doctor --repair` {self.advice}.")
        try:
            done = self.mend()
        except BelegError as error:
            return Check(self.name, False, wrong, str(error))
        left = self.find()
        if left is None:
            return Check(self.name, True, self.sound(), repaired=done)
        advice = "That could not be repaired. `beleg restore` brings back the last backup."
        return Check(self.name, False, left, advice)
