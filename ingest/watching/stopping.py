"""A stop that everybody at work hears: waits end at once, and work ends where it may."""

import threading


class Stopped(BaseException):
    """Work was ended on request; no error, so nothing that catches errors takes it for one."""


class Stop:
    """One request to stop, which can't be taken back. Threads share it."""

    def __init__(self) -> None:
        self._requested = threading.Event()

    def request(self) -> None:
        """Asks everybody to end."""
        self._requested.set()

    def is_set(self) -> bool:
        """Whether it was requested."""
        return self._requested.is_set()

    def wait(self, seconds: float) -> bool:
        """Waits so long, or until it is requested; says whether it was."""
        return self._requested.wait(seconds)

    def sleep(self, seconds: float) -> None:
        """Sleeps so long; Stopped as soon as it is requested."""
        if self._requested.wait(seconds):
            raise Stopped

    def check(self) -> None:
        """Stopped if it was requested."""
        if self._requested.is_set():
            raise Stopped
