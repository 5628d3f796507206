"""Work for somebody that can be stopped, until what has come of it is on its way."""

import asyncio
from dataclasses import dataclass

ENDS_WITHIN = 10.0  # seconds


@dataclass(slots=True, eq=False, kw_only=True)
class Work:
    """What a task does. `dropped`: nobody waits for it any more. `final`: nothing can stop it."""

    task: "asyncio.Task[None] | None" = None
    dropped: bool = False
    final: bool = False

    def drop(self) -> bool:
        """Stops it; False if it is too late for that, or done already."""
        if self.final or self.dropped:  # a second cancelling would hit the last words
            return False
        self.dropped = True
        if self.task is not None:
            self.task.cancel()
        return True

    async def ended(self) -> None:
        """Until nobody works on it any more, but not for ever."""
        if self.task is not None:
            await asyncio.wait({self.task}, timeout=ENDS_WITHIN)
