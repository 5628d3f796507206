"""Hosts are asked one request at a time, with the pauses and within the rules they want."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.web.politeness import ROBOTS_SIZE, Politeness, retry_after
from vectorstore.errors import FetchError

PAGE = "https://news.example/artikel?nr=1"
NOW = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)


class Time:
    """A clock that only sleeping moves; `slept` is what was asked for."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def politeness(time: Time) -> Politeness:
    return Politeness(clock=time.clock, sleep=time.sleep)


def says(robots: str) -> Callable[[str], bytes]:
    return lambda address: robots.encode()


def visit(politeness: Politeness, host: str, delay: float = 0.0) -> None:
    with politeness.turn(host, delay):
        pass


# -- turns -----------------------------------------------------------------------


def test_two_requests_to_a_host_are_a_second_apart(politeness: Politeness, time: Time) -> None:
    visit(politeness, "news.example")
    visit(politeness, "news.example")
    assert time.slept == [1.0]


def test_the_pause_begins_when_the_request_ends(politeness: Politeness, time: Time) -> None:
    with politeness.turn("news.example"):
        time.now += 30
    time.now += 0.75
    visit(politeness, "news.example")
    assert time.slept == [0.25]


def test_other_hosts_and_this_machine_need_not_wait(politeness: Politeness, time: Time) -> None:
    for host in ("a.example", "b.example", *["localhost", "127.0.0.1", "::1"] * 2):
        visit(politeness, host)
    assert time.slept == []


def test_a_host_that_wants_longer_pauses_gets_them(politeness: Politeness, time: Time) -> None:
    visit(politeness, "127.0.0.1", delay=5)
    visit(politeness, "127.0.0.1", delay=5)
    assert time.slept == [5.0]


def test_a_host_on_hold_is_waited_for(politeness: Politeness, time: Time) -> None:
    with politeness.turn("news.example") as turn:
        turn.hold(20)
        turn.hold(3)
    visit(politeness, "news.example")
    assert time.slept == [20.0]


def test_a_host_on_hold_for_long_is_left_alone(politeness: Politeness, time: Time) -> None:
    with politeness.turn("news.example") as turn:
        turn.hold(601)
    with pytest.raises(FetchError, match="left alone for 11 more minutes"):
        visit(politeness, "news.example")
    time.now += 601
    visit(politeness, "news.example")
    assert time.slept == []


def test_no_host_is_left_alone_for_longer_than_a_day(politeness: Politeness, time: Time) -> None:
    with politeness.turn("news.example") as turn:
        turn.hold(1e9)
    time.now += 24 * 3600
    visit(politeness, "news.example")


def test_a_failed_request_gives_the_turn_back(politeness: Politeness) -> None:
    with pytest.raises(FetchError, match="broken"), politeness.turn("news.example"):
        raise FetchError("broken")
    visit(politeness, "news.example")


def test_threads_ask_one_host_one_after_the_other() -> None:
    politeness = Politeness(pause=0)
    inside, most = 0, 0
    lock = threading.Lock()

    def ask() -> None:
        nonlocal inside, most
        for _ in range(20):
            with politeness.turn("news.example"):
                with lock:
                    inside += 1
                    most = max(most, inside)
                with lock:
                    inside -= 1

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


# -- robots.txt ------------------------------------------------------------------


@pytest.mark.parametrize(
    "robots",
    [
        "",
        "User-agent: *\nDisallow: /intern",
        "User-agent: *\nDisallow: /\n\nUser-agent: beleg\nDisallow:",
        "User-agent: *\nDisallow: /\nAllow: /artikel",
        "\ufeffUser-agent: other\nDisallow: /",
        "<!doctype html><p>Willkommen",
    ],
)
def test_a_page_that_robots_txt_does_not_name_is_fetched(
    politeness: Politeness, robots: str
) -> None:
    assert politeness.delay(PAGE, says(robots)) == 0.0


@pytest.mark.parametrize(
    "robots",
    [
        "User-agent: *\nDisallow: /",
        "\ufeffUser-agent: *\r\nDisallow: /artikel",
        "User-agent: Beleg\nDisallow: /*nr=\n\nUser-agent: *\nAllow: /",
    ],
)
def test_a_page_that_robots_txt_refuses_is_not_fetched(politeness: Politeness, robots: str) -> None:
    with pytest.raises(FetchError, match=r"robots\.txt asks not to fetch this page"):
        politeness.delay(PAGE, says(robots))


@pytest.mark.parametrize(
    ("wanted", "given"), [("7", 7), ("0.5", 0.5), ("9999", 30), ("-3", 0), ("nan", 0), ("x", 0)]
)
def test_a_crawl_delay_is_respected_within_reason(
    politeness: Politeness, wanted: str, given: float
) -> None:
    robots = f"User-agent: *\nCrawl-delay: {wanted}\n"
    assert politeness.delay(PAGE, says(robots)) == given


def test_each_site_is_asked_for_its_robots_txt_once_a_day(
    politeness: Politeness, time: Time
) -> None:
    asked: list[str] = []

    def read(address: str) -> bytes:
        asked.append(address)
        return b""

    sites = ("https://news.example", "http://news.example", "https://news.example:8443")
    for site in sites * 2:
        politeness.delay(f"{site}/artikel", read)
    assert asked == [f"{site}/robots.txt" for site in sites]
    time.now += 24 * 3600
    politeness.delay(PAGE, read)
    assert len(asked) == 4


def test_a_robots_txt_that_cannot_be_read_closes_the_site_for_a_while(
    politeness: Politeness, time: Time
) -> None:
    tries = 0

    def fail(address: str) -> bytes:
        nonlocal tries
        tries += 1
        raise FetchError("The site answered 503.")

    for _ in range(2):
        with pytest.raises(FetchError, match="answered 503"):
            politeness.delay(PAGE, fail)
    assert tries == 1
    time.now += 600
    assert politeness.delay(PAGE, says("")) == 0.0


def test_only_the_beginning_of_an_endless_robots_txt_counts(politeness: Politeness) -> None:
    endless = "User-agent: *\n" + "#" * ROBOTS_SIZE + "\nDisallow: /\n"
    assert politeness.delay(PAGE, says(endless)) == 0.0


def test_many_sites_are_not_all_remembered(politeness: Politeness) -> None:
    for number in range(250):
        politeness.delay(f"https://n{number}.example/", says(""))
    with pytest.raises(FetchError):
        politeness.delay("https://n0.example/", says("User-agent: *\nDisallow: /"))


@given(robots=st.binary(max_size=300), path=st.text(max_size=20))
def test_any_robots_txt_allows_or_refuses(robots: bytes, path: str) -> None:
    with suppress(FetchError):
        Politeness().delay(
            f"https://news.example/{path}", lambda address: b"User-agent: *\nDisallow: " + robots
        )


# -- Retry-After -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("9" * 5000, 9_999_999_999),
        ("Wed, 18 Mar 2026 12:05:00 GMT", 300),
        ("Wed, 18 Mar 2026 13:05:00 +0100", 300),
        ("Wed, 18 Mar 2026 12:05:00 -0000", 300),
        ("Wed, 18 Mar 2026 11:00:00 GMT", 0),
        (None, None),
        ("", None),
        ("-5", None),
        ("bald", None),
        ("²", None),
        ("Wed, 99 Mar 2026 12:05:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(value=st.text(max_size=40))
def test_any_retry_after_is_understood_or_ignored(value: str) -> None:
    seconds = retry_after(value, NOW)
    assert seconds is None or seconds >= 0
