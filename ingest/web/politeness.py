"""What a host may ask of its guests: one at a time, with pauses, and its robots.txt obeyed."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vectorstore.errors import FetchError

if TYPE_CHECKING:
    from protego import Protego

AGENT = "Beleg"  # the name that a robots.txt may give rules for
PATIENCE = 60.0  # seconds that a fetch waits for a host; beyond them it says so and fails
LONGEST_HOLD = 24 * 3600.0  # seconds; a host that asks for more is asked again the next day
LONGEST_DELAY = 30.0  # seconds of a Crawl-delay that are respected
ROBOTS_SIZE = 500 * 1024  # bytes read of a robots.txt, the least that RFC 9309 demands
ROBOTS_LIFETIME = 24 * 3600.0  # seconds, the most that RFC 9309 suggests
ROBOTS_RETRY = 600.0  # seconds until a robots.txt that couldn't be read is asked for again
_MOST_SITES = 200  # whose robots.txt is remembered; a large one takes megabytes


@dataclass(slots=True)
class Turn:
    """The right to ask a host, which one thread has at a time."""

    _clock: Callable[[], float]
    lock: threading.Lock = field(default_factory=threading.Lock)
    asked: float = -math.inf
    held_until: float = -math.inf

    def hold(self, seconds: float) -> None:
        """Leave the host alone for so many seconds."""
        until = self._clock() + min(max(seconds, 0.0), LONGEST_HOLD)
        self.held_until = max(self.held_until, until)


@dataclass(frozen=True, slots=True)
class _Rules:
    """A site's robots.txt, or why it can't be read; good until a moment of the clock."""

    until: float
    robots: "Protego | None" = None
    trouble: str = ""


class Politeness:
    """Turns and rules for every host that is asked. Threads may share it, and should."""

    def __init__(
        self,
        pause: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`pause`: seconds between two requests to one host; this machine itself needs none."""
        self._pause = pause
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()  # for the dictionaries, never held while waiting
        self._turns: dict[str, Turn] = {}
        self._rules: dict[str, _Rules] = {}
        self._reading: dict[str, threading.Lock] = {}

    @contextmanager
    def turn(self, host: str, delay: float = 0.0) -> Iterator[Turn]:
        """Waits until the host may be asked; FetchError if that is longer than PATIENCE away.

        `delay`: seconds since the last request that the host's robots.txt wants.
        """
        with self._lock:
            turn = self._turns.setdefault(host, Turn(self._clock))
        with turn.lock:
            pause = max(0.0 if _is_this_machine(host) else self._pause, delay)
            wait = max(turn.asked + pause, turn.held_until) - self._clock()
            if wait > PATIENCE:
                minutes = math.ceil(wait / 60)
                raise FetchError(f"The site asks to be left alone for {minutes} more minutes.")
            if wait > 0:
                self._sleep(wait)
            try:
                yield turn
            finally:
                turn.asked = self._clock()

    def delay(self, url: str, read_robots: Callable[[str], bytes]) -> float:
        """Seconds that the site's robots.txt wants between requests, 0.0 if it doesn't say.

        FetchError if it refuses the address. `read_robots` gets the address of a robots.txt
        and gives its content, empty if the site has none; its FetchError closes the site for
        ROBOTS_RETRY seconds.
        """
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            reading = self._reading.setdefault(site, threading.Lock())
        with reading:
            rules = self._rules.get(site)
            if rules is None or rules.until <= self._clock():
                rules = self._read(f"{site}/robots.txt", read_robots)
                self._remember(site, rules)
        if rules.robots is None:
            raise FetchError(rules.trouble)
        if not rules.robots.can_fetch(url, AGENT):
            raise FetchError("The site's robots.txt asks not to fetch this page.")
        wanted = rules.robots.crawl_delay(AGENT) or 0.0
        return min(wanted, LONGEST_DELAY) if wanted > 0 else 0.0

    def _read(self, address: str, read_robots: Callable[[str], bytes]) -> _Rules:
        from protego import Protego

        try:
            content = read_robots(address)[:ROBOTS_SIZE].decode("utf-8-sig", errors="replace")
        except FetchError as error:
            return _Rules(self._clock() + ROBOTS_RETRY, trouble=str(error))
        return _Rules(self._clock() + ROBOTS_LIFETIME, robots=Protego.parse(content))

    def _remember(self, site: str, rules: _Rules) -> None:
        with self._lock:
            self._rules.pop(site, None)
            while len(self._rules) >= _MOST_SITES:
                self._rules.pop(next(iter(self._rules)))
            self._rules[site] = rules


def retry_after(value: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After asks for, given as such or as a date; None if it doesn't."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:10])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
