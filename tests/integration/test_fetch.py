"""Pages are fetched from a real site on this machine, as its owner would have it."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.web.fetch import Conditions, Fetched, Gone, NotModified
from ingest.web.politeness import ROBOTS_SIZE
from tests.support.site import HTML, STORY, Asked, Reply, Site
from tests.support.visitor import SMALL, Visitor
from vectorstore.errors import FetchError

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
