"""Pages are fetched from a real site on this machine, which is not always well-behaved."""

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.addresses import AddressGuard
from ingest.fetch import Conditions, Fetched, Fetcher, Gone, NotModified, shown_address
from ingest.limits import Limits
from ingest.politeness import ROBOTS_SIZE, Politeness
from tests.support.site import Asked, Reply, Site
from vectorstore.errors import FetchError

STORY = "<p>Die Fähre fährt seit Montag mit Strom.</p>"
HTML = {"Content-Type": "text/html"}
SMALL = Limits(wire=20_000, body=50_000, connect=2, read=2, total=20)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


class Visitor:
    """A Fetcher that may ask this machine, and whose waiting is written down, not done."""

    def __init__(self, guard: AddressGuard | None = None, limits: Limits = SMALL) -> None:
        self.slept: list[float] = []
        self._clock = 0.0
        self.fetcher = Fetcher(
            guard or AddressGuard.parse("127.0.0.1"),
            Politeness(clock=lambda: self._clock, sleep=self._sleep),
            limits,
            now=lambda: datetime(2026, 3, 18, 12, 0, tzinfo=UTC),
        )

    def get(self, url: str, conditions: Conditions | None = None) -> Fetched:
        """The page, when nothing else is expected."""
        found = self.fetcher.get(url, conditions)
        assert isinstance(found, Fetched)
        return found

    def refused(self, url: str) -> str:
        """What the user is told when an address can't be fetched."""
        with pytest.raises(FetchError) as caught:
            self.fetcher.get(url)
        return str(caught.value)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._clock += seconds


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


# -- pages -----------------------------------------------------------------------


def test_a_page_comes_with_what_the_site_says_of_it(site: Site, visitor: Visitor) -> None:
    url = site.page(
        "/a?b=c",
        STORY,
        "Text/HTML; Charset='ISO-8859-15'",
        etag='W/"7"',
        last_modified="Tue, 17 Mar 2026 08:00:00 GMT",
    )
    assert visitor.get(f"{url}#top") == Fetched(
        url=url,
        requested=f"{url}#top",
        status=200,
        media_type="text/html",
        charset="iso8859-15",
        body=STORY.encode(),
        conditions=Conditions('W/"7"', "Tue, 17 Mar 2026 08:00:00 GMT"),
    )


def test_the_site_learns_who_asks_and_nothing_of_the_user(site: Site, visitor: Visitor) -> None:
    visitor.get(site.page("/", STORY))
    headers = site.asked[-1].headers
    assert headers["User-Agent"].startswith("Beleg/")
    assert set(headers) == {
        "Host",
        "Accept",
        "Accept-Encoding",
        "Connection",
        "User-Agent",
    }


def test_proxies_and_passwords_of_the_machine_are_not_used(
    site: Site, visitor: Visitor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login anna password geheim\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    visitor.get(site.page("/", STORY))
    assert "Authorization" not in site.asked[-1].headers


def test_addresses_with_umlauts_and_blanks_are_fetched(site: Site, visitor: Visitor) -> None:
    site.page("/f%C3%A4hre%20neu?q=%C3%BC", STORY)
    assert visitor.get(site.url("/fähre neu?q=ü")).body == STORY.encode()


def test_a_page_whose_type_is_not_given_is_fetched(site: Site, visitor: Visitor) -> None:
    site.routes["/"] = Reply(b"Text")
    assert visitor.get(site.url()).media_type is None


@pytest.mark.parametrize(
    "kind",
    "text/html application/xhtml+xml text/xml application/xml application/rss+xml text/csv "
    "application/atom+xml application/feed+json application/json application/ld+json text/plain "
    "application/pdf application/zip application/gzip application/octet-stream "
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document".split(),
)
def test_content_that_may_hold_articles_is_fetched(kind: str, site: Site, visitor: Visitor) -> None:
    assert visitor.get(site.page("/", STORY, kind)).media_type == kind


@pytest.mark.parametrize("kind", ["image/png", "image/svg+xml", "video/mp4", "text/css"])
def test_other_content_is_refused_before_it_is_read(
    kind: str, site: Site, visitor: Visitor
) -> None:
    url = site.page("/", b"x" * 100_000, kind)
    assert visitor.refused(url) == f"Content of the type {kind} is not read."


@pytest.mark.parametrize("charset", ["klingonisch", "hex", "idna", "undefined", '""', "\xfc"])
def test_a_charset_that_is_none_is_ignored(charset: str, site: Site, visitor: Visitor) -> None:
    assert visitor.get(site.page("/", STORY, f"text/html; charset={charset}")).charset is None


@pytest.mark.parametrize(("status", "name"), [(403, "forbidden"), (204, "no content")])
def test_a_page_that_is_refused_is_an_error(
    status: int, name: str, site: Site, visitor: Visitor
) -> None:
    site.routes["/"] = Reply(headers=HTML, status=status)
    assert visitor.refused(site.url()) == f"The page answered {status} ({name})."
    assert site.paths() == ["/"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_no_error(status: int, site: Site, visitor: Visitor) -> None:
    site.routes["/"] = Reply(status=status)
    assert visitor.fetcher.get(site.url()) == Gone(site.url(), status)


# -- conditions ------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [{"etag": '"äö"'}, {"last_modified": "Tue, 17 Mar 2026 08:00:00 GMT"}, {"etag": '"1"'}],
)
def test_an_unchanged_page_costs_one_request_and_no_body(
    headers: dict[str, str], site: Site, visitor: Visitor
) -> None:
    url = site.page("/", STORY, **headers)
    first = visitor.get(url)
    assert visitor.fetcher.get(url, first.conditions) == NotModified(url)
    assert site.paths() == ["/", "/"]
    site.page("/", "<p>Neu.</p>", etag='"2"')
    assert visitor.get(url, first.conditions).body == b"<p>Neu.</p>"


def test_an_overlong_etag_is_not_kept(site: Site, visitor: Visitor) -> None:
    assert visitor.get(site.page("/", STORY, etag=f'"{"x" * 2000}"')).conditions == Conditions()


def test_a_site_that_says_unchanged_unasked_is_not_believed(site: Site, visitor: Visitor) -> None:
    site.routes["/"] = Reply(status=304)
    assert "unchanged, but was not asked" in visitor.refused(site.url())


def test_conditions_that_could_add_headers_are_not_sent(site: Site, visitor: Visitor) -> None:
    with pytest.raises(FetchError, match="can't be asked for"):
        visitor.fetcher.get(site.page("/", STORY), Conditions(etag='"1"\r\nX-Evil: 1'))
    assert site.paths() == []


# -- addresses -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "Only http and https"),
        ("ftp://news.example/", "Only http and https"),
        ("news.example", "Only http and https"),
        ("", "Only http and https"),
        ("http://", "no sense"),
        ("http:///pfad", "no sense"),
        ("http://[::1", "no sense"),
        ("http://h:0/", "no sense"),
        ("http://h:65536/", "no sense"),
        ("http://h:x/", "no sense"),
        ("http://h/\n", "no sense"),
        ("http://h/\ud800", "no sense"),
        ("http://１２７.0.0.1/", "no sense"),
        ("http://h/" + "x" * 8000, "more than 8,000 characters"),
        ("http://anna:geheim@127.0.0.1/", "user name or a password"),
        ("http://127.0.0.1\\@news.example/", "user name or a password"),
        ("http://2130706433/", "number"),
        ("http://0x7f.1/", "number"),
        ("http://%31%32%37.0.0.1/", "no host"),
        ("http://10.0.0.1/", "FETCH_ALLOW can open it"),
        ("http://[::ffff:127.0.0.1]/", "FETCH_ALLOW can open it"),
        ("http://[fe80::1%25lo]/", "FETCH_ALLOW can open it"),
        ("http://169.254.169.254/latest/meta-data/", "FETCH_ALLOW can open it"),
        ("http://127。0。0。2/", "FETCH_ALLOW can open it"),
    ],
)
def test_an_address_that_must_not_be_asked_is_refused(
    url: str, reason: str, visitor: Visitor
) -> None:
    message = visitor.refused(url)
    assert reason in message
    assert "geheim" not in message


@given(url=st.one_of(st.text(max_size=40), st.text(max_size=30).map("http://".__add__)))
def test_any_text_is_an_address_or_refused(url: str) -> None:
    shown_address(url)
    nowhere = AddressGuard(resolve=lambda host, port: [])
    with pytest.raises(FetchError):
        Visitor(nowhere).fetcher.get(url)


def test_an_address_is_shown_without_its_secrets() -> None:
    url = "https://anna:geheim@news.example:8443/a?token=geheim#geheim"
    assert shown_address(url) == "https://news.example:8443/a?…"
    assert shown_address("https://news.example/a") == "https://news.example/a"
    assert "geheim" not in shown_address("http://anna:geheim@[")


def test_this_machine_is_closed_unless_it_is_opened(site: Site) -> None:
    url = site.page("/", STORY)
    assert "private network" in Visitor(AddressGuard()).refused(url)
    assert "private network" in Visitor(AddressGuard.parse("127.0.0.1:9")).refused(url)
    assert site.asked == []


def changing(*answers: str) -> tuple[AddressGuard, list[str]]:
    """A guard whose resolver gives another answer each time, and the names it was asked for."""
    asked: list[str] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return [answers[min(len(asked), len(answers)) - 1]]

    return AddressGuard.parse("127.0.0.1", resolve), asked


def test_the_address_that_was_checked_is_the_one_connected_to(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that changes its mind after the check finds nobody asking."""
    looked_up: list[object] = []
    true_lookup = socket.getaddrinfo

    def lookup(host: str, *rest: object, **more: object) -> object:
        looked_up.append(host)
        return true_lookup(host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    site.page("/", STORY)
    guard, asked = changing("127.0.0.1", "127.0.0.1", "10.0.0.1")
    assert Visitor(guard).get(site.url(host="news.example")).body == STORY.encode()
    assert asked == ["news.example"] * 2  # for robots.txt and for the page
    assert set(looked_up) <= {"127.0.0.1"}
    assert site.asked[-1].headers["Host"] == f"news.example:{site.port}"


def test_a_name_that_turns_private_is_refused_at_the_next_request(site: Site) -> None:
    site.page("/", STORY)
    guard, _ = changing("127.0.0.1", "10.0.0.1")
    assert "private network" in Visitor(guard).refused(site.url(host="news.example"))
    assert site.paths() == []


def test_a_second_address_is_tried_if_the_first_kind_leads_nowhere(site: Site) -> None:
    site.page("/", STORY)
    guard = AddressGuard.parse("127.0.0.1 ::1", lambda host, port: ["::1", "127.0.0.1"])
    assert Visitor(guard).get(site.url(host="news.example")).body == STORY.encode()


@pytest.mark.parametrize(
    ("code", "reason", "tries"),
    [
        (socket.EAI_NONAME, "There is no host 'news.example'.", 1),
        (socket.EAI_AGAIN, "can't be looked up at the moment", 3),
    ],
)
def test_a_name_that_leads_nowhere_is_said_to(code: int, reason: str, tries: int) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        raise socket.gaierror(code, "as the system says")

    assert reason in Visitor(AddressGuard(resolve=resolve)).refused("http://news.example/")
    assert len(asked) == tries


# -- redirects -------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(status: int, site: Site, visitor: Visitor) -> None:
    site.page("/neu/", STORY)
    url = site.redirect("/alt", "neu/#mitte", status)
    found = visitor.get(url)
    assert (found.url, found.requested) == (site.url("/neu/"), url)


def test_five_redirects_are_followed_and_no_sixth(site: Site, visitor: Visitor) -> None:
    site.page("/0", STORY)
    for number in range(6):
        site.redirect(f"/{number + 1}", f"/{number}")
    assert visitor.get(site.url("/5")).url == site.url("/0")
    site.asked.clear()
    assert visitor.refused(site.url("/6")) == "The address redirects more than 5 times."
    assert len(site.paths()) == 6


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://127.0.0.2/", "private network"),
        ("//169.254.169.254/latest", "private network"),
        ("http://[::ffff:127.0.0.1]/", "private network"),
        ("http://0/", "number"),
        ("http://anna:geheim@127.0.0.1/", "password"),
        ("file:///etc/passwd", "Only http and https"),
        ("javascript:alert(1)", "Only http and https"),
        ("http://[", "names no host"),
        ("http://h:x/", "no sense"),
    ],
)
def test_a_redirect_to_where_nobody_may_go_is_refused(
    target: str, reason: str, site: Site, visitor: Visitor
) -> None:
    message = visitor.refused(site.redirect("/", target))
    assert reason in message
    assert "geheim" not in message


def test_a_redirect_without_a_target_is_an_error(site: Site, visitor: Visitor) -> None:
    site.routes["/"] = Reply(status=302)
    assert visitor.refused(site.url()) == "The page answered 302 (found)."


def test_a_redirect_may_be_written_with_umlauts(site: Site, visitor: Visitor) -> None:
    site.page("/f%C3%A4hre", STORY)
    assert visitor.get(site.redirect("/", "/fähre".encode().decode("latin-1"))).status == 200


def test_cookies_are_not_sent_back(site: Site, visitor: Visitor) -> None:
    cookie = {"Set-Cookie": "kennung=4711; Path=/"}
    site.routes["/alt"] = Reply(headers={"Location": "/", **cookie}, status=302)
    site.routes["/"] = Reply(STORY.encode(), {**HTML, **cookie})
    visitor.get(site.url("/alt"))
    visitor.get(site.url("/"))
    assert all("Cookie" not in asked.headers for asked in site.asked)


# -- limits ----------------------------------------------------------------------


def packed(content: bytes, bits: int) -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, bits)
    return stream.compress(content) + stream.flush()


@pytest.mark.parametrize(
    ("encoding", "bits"), [("gzip", 31), ("X-GZip", 31), ("deflate", 15), ("deflate", -15)]
)
def test_a_compressed_page_is_read(encoding: str, bits: int, site: Site, visitor: Visitor) -> None:
    body = STORY.encode() * 1_000
    limits = replace(SMALL, body=len(body))
    url = site.page("/", packed(body, bits), content_encoding=encoding)
    assert Visitor(limits=limits).get(url).body == body


@pytest.mark.parametrize("encoding", ["", "identity"])
def test_a_page_that_says_it_is_not_compressed_is_read(
    encoding: str, site: Site, visitor: Visitor
) -> None:
    assert visitor.get(site.page("/", STORY, content_encoding=encoding)).body == STORY.encode()


@pytest.mark.parametrize(("encoding", "bits"), [("gzip", 31), ("deflate", 15), ("deflate", -15)])
def test_a_bomb_does_not_go_off(encoding: str, bits: int, site: Site, visitor: Visitor) -> None:
    bomb = packed(bytes(15_000_000), bits)
    assert len(bomb) < SMALL.wire
    url = site.page("/", bomb, content_encoding=encoding)
    assert visitor.refused(url) == "The answer is larger than 50,000 bytes."


@pytest.mark.parametrize("headers", [{}, {"content_length": "30000"}])
def test_a_page_that_is_too_large_is_refused(
    headers: dict[str, str], site: Site, visitor: Visitor
) -> None:
    url = site.page("/", b"x" * 30_000, **headers)
    assert visitor.refused(url) == "The answer is larger than 20,000 bytes."


def test_a_page_without_end_is_refused(site: Site, visitor: Visitor) -> None:
    def forever() -> Iterator[bytes]:
        while True:
            yield b"x" * 5_000

    site.routes["/"] = Reply(forever(), HTML)
    assert visitor.refused(site.url()) == "The answer is larger than 20,000 bytes."


GOOD = gzip.compress(STORY.encode() * 100)


@pytest.mark.parametrize(
    ("encoding", "body", "reason"),
    [
        ("gzip", STORY.encode(), "damaged"),
        ("gzip", GOOD[:-30], "cut off"),
        ("gzip", GOOD[:-6] + b"\0" * 6, "damaged"),
        ("gzip", GOOD + GOOD, "several parts"),
        ("deflate", b"\x78\x9c" + b"\xff" * 40, "damaged"),
        ("br", STORY.encode(), "not asked for"),
        ("gzip, gzip", gzip.compress(GOOD), "not asked for"),
        ("\xfc; drop table", STORY.encode(), "not asked for"),
    ],
)
def test_a_page_whose_compression_is_wrong_is_refused(
    encoding: str, body: bytes, reason: str, site: Site, visitor: Visitor
) -> None:
    assert reason in visitor.refused(site.page("/", body, content_encoding=encoding))


def test_rubbish_behind_a_compressed_page_is_ignored(site: Site, visitor: Visitor) -> None:
    url = site.page("/", GOOD + b"\0" * 500, content_encoding="gzip")
    assert visitor.get(url).body == STORY.encode() * 100


def test_a_page_shorter_than_announced_is_incomplete(site: Site, visitor: Visitor) -> None:
    url = site.page("/", STORY, content_length="5000")
    assert "incomplete" in visitor.refused(url)


@pytest.mark.parametrize("length", ["-1", "zehn", "1, 2"])
def test_a_length_that_is_none_is_an_error(length: str, site: Site, visitor: Visitor) -> None:
    assert "no HTTP" in visitor.refused(site.page("/", STORY, content_length=length))


@pytest.fixture
def raw() -> Iterator[Callable[[bytes], str]]:
    """Serve bytes that are no HTTP, to every request, at the address that is given."""
    listener = socket.create_server(("127.0.0.1", 0))
    answer = [b""]

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(answer[0])

    thread = threading.Thread(target=serve)
    thread.start()

    def at(data: bytes) -> str:
        answer[0] = data
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

    yield at
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000,
        b"HTTP/1.1 999 \r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    ],
)
def test_an_answer_that_is_no_http_is_an_error(data: bytes, raw: Callable[[bytes], str]) -> None:
    assert Visitor().refused(raw(data)).startswith("The ")


# -- time ------------------------------------------------------------------------


def test_bytes_that_drip_in_do_not_hold_beleg_up(site: Site) -> None:
    hang_up = threading.Event()

    def drip() -> Iterator[bytes]:
        while not hang_up.wait(0.05):
            yield b"x"

    site.routes["/"] = Reply(drip(), HTML)
    slow = Visitor(limits=replace(SMALL, total=0.4))
    try:
        assert slow.refused(site.url()) == "The answer took longer than 0.4 seconds."
    finally:
        hang_up.set()
    assert site.paths() == ["/"]


def test_a_site_that_says_nothing_is_asked_again_and_given_up(site: Site) -> None:
    hang_up = threading.Event()

    def silence(asked: Asked) -> Reply:
        hang_up.wait(20)
        return Reply()

    site.routes["/"] = silence
    hasty = Visitor(limits=replace(SMALL, read=0.2))
    try:
        assert hasty.refused(site.url()) == "The site took too long to answer."
    finally:
        hang_up.set()
    assert site.paths() == ["/"] * 3
    assert hasty.slept == [2.0, 4.0]


def test_a_port_that_nobody_listens_on_is_tried_again_and_given_up(visitor: Visitor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert "can't be reached" in visitor.refused(f"http://127.0.0.1:{port}/")
    assert visitor.slept == [2.0, 4.0]


# -- politeness ------------------------------------------------------------------


def busy_first(times: int, status: int, **headers: str) -> Callable[[Asked], Reply]:
    """A page that is refused at first."""
    left = [times]

    def answer(asked: Asked) -> Reply:
        left[0] -= 1
        if left[0] >= 0:
            return Reply(
                headers={k.replace("_", "-"): v for k, v in headers.items()}, status=status
            )
        return Reply(STORY.encode(), HTML)

    return answer


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_site_is_asked_again_after_a_while(
    status: int, site: Site, visitor: Visitor
) -> None:
    site.routes["/"] = busy_first(2, status)
    assert visitor.get(site.url()).body == STORY.encode()
    assert visitor.slept == [2.0, 4.0]


@pytest.mark.parametrize("wanted", ["17", "Wed, 18 Mar 2026 12:00:17 GMT"])
def test_a_site_that_says_when_to_come_back_is_obeyed(
    wanted: str, site: Site, visitor: Visitor
) -> None:
    site.routes["/"] = busy_first(1, 429, Retry_After=wanted)
    assert visitor.get(site.url()).body == STORY.encode()
    assert visitor.slept == [17.0]


def test_a_site_that_wants_hours_of_rest_gets_them(site: Site, visitor: Visitor) -> None:
    site.routes["/"] = busy_first(1, 503, Retry_After="7200")
    other = site.page("/andere", STORY)
    for url in (site.url(), other):
        assert visitor.refused(url) == "The site asks to be left alone for 120 more minutes."
    assert site.paths() == ["/"]
    assert visitor.slept == []


def test_a_site_that_stays_busy_is_given_up(site: Site, visitor: Visitor) -> None:
    site.routes["/"] = Reply(status=503)
    assert visitor.refused(site.url()) == "The site answered 503 (service unavailable)."
    assert site.paths() == ["/"] * 3


def test_robots_txt_is_read_first_and_obeyed(site: Site, visitor: Visitor) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /intern\nCrawl-delay: 3", "text/plain")
    refused, allowed = site.page("/intern/a", STORY), site.page("/a", STORY)
    assert "robots.txt asks not to" in visitor.refused(refused)
    for _ in range(2):
        visitor.get(allowed)
    assert [asked.path for asked in site.asked] == ["/robots.txt", "/a", "/a"]
    assert visitor.slept == [3.0, 3.0]


def test_a_redirect_does_not_lead_past_robots_txt(site: Site, visitor: Visitor) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /intern", "text/plain")
    site.page("/intern", STORY)
    assert "robots.txt asks not to" in visitor.refused(site.redirect("/", "/intern"))


def test_a_robots_txt_behind_a_redirect_counts(site: Site, visitor: Visitor) -> None:
    site.redirect("/robots.txt", "/regeln")
    site.page("/regeln", "User-agent: *\nDisallow: /a", "image/png")
    assert "robots.txt asks not to" in visitor.refused(site.page("/a", STORY))


def test_a_huge_robots_txt_is_read_as_far_as_need_be(site: Site) -> None:
    rules = "User-agent: *\nDisallow: /a\n" + "#" * ROBOTS_SIZE * 3
    site.page("/robots.txt", gzip.compress(rules.encode()), content_encoding="gzip")
    roomy = Visitor(limits=replace(SMALL, body=ROBOTS_SIZE * 2))
    assert "robots.txt asks not to" in roomy.refused(site.page("/a", STORY))


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_site_without_robots_txt_forbids_nothing(
    status: int, site: Site, visitor: Visitor
) -> None:
    site.routes["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /", status=status)
    assert visitor.get(site.page("/", STORY)).status == 200


@pytest.mark.parametrize(("status", "tries"), [(503, 3), (501, 1)])
def test_a_site_whose_robots_txt_fails_is_left_alone(
    status: int, tries: int, site: Site, visitor: Visitor
) -> None:
    site.routes["/robots.txt"] = Reply(status=status)
    for _ in range(2):
        assert str(status) in visitor.refused(site.page("/", STORY))
    assert [asked.path for asked in site.asked] == ["/robots.txt"] * tries


# -- https -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate with its key, which news.example signed for itself."""
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl to make a certificate with")
    path = tmp_path_factory.mktemp("tls") / "site.pem"
    subprocess.run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
        f" -subj /CN=news.example -addext subjectAltName=DNS:news.example"
        f" -keyout {path} -out {path}.crt",
        shell=True,
        check=True,
        capture_output=True,
    )
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


@pytest.fixture
def secure_site(certificate: Path) -> Iterator[Site]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Site(tls=context) as running:
        running.page("/", STORY)
        yield running


def here(host: str, port: int) -> Sequence[str]:
    return ["127.0.0.1"]


def test_https_checks_the_name_although_it_connects_to_an_address(
    secure_site: Site, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    visitor = Visitor(AddressGuard.parse("127.0.0.1", here))
    assert visitor.get(secure_site.url(host="news.example")).body == STORY.encode()
    assert "certificate" in visitor.refused(secure_site.url(host="other.example"))


def test_https_with_a_certificate_that_nobody_vouches_for_is_refused(secure_site: Site) -> None:
    visitor = Visitor(AddressGuard.parse("127.0.0.1", here))
    assert "certificate" in visitor.refused(secure_site.url(host="news.example"))
    assert secure_site.asked == []


def test_https_may_redirect_to_http(
    site: Site, secure_site: Site, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    site.page("/", STORY)
    secure_site.redirect("/", site.url())
    visitor = Visitor(AddressGuard.parse("127.0.0.1", here))
    assert visitor.get(secure_site.url(host="news.example")).url == site.url()
