"""Sites that lead astray, send too much, too slowly or nonsense do no harm."""

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
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.web.addresses import AddressGuard
from ingest.web.fetch import shown_address
from tests.support.site import HTML, STORY, Asked, Reply, Site
from tests.support.visitor import SMALL, Visitor
from vectorstore.errors import FetchError

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
    for senseless in ("http://anna:geheim@[", "http://anna:geheim/x@h/", "anna:geheim@h/"):
        assert shown_address(senseless) == "an address that makes no sense"


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
    ids=range(8),  # not the bytes: what gzip packs holds the time of day
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
