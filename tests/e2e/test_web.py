"""`beleg ingest URL` as a process, from a site on this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command import Beleg
from tests.support.pages import TITLE, article_page
from tests.support.site import Reply, Site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as found:
        yield found


@pytest.mark.timeout(400)  # eight processes, each of which loads the model
def test_a_page_is_taken_in_answered_from_changed_and_gone(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beleg = Beleg(tmp_path / "home")
    address = site.page("/schleuse", article_page(described={"headline": TITLE}), etag='"1"')
    refused = beleg("ingest", address, "--json")
    assert (refused.code, refused.records[0]["added"]) == (1, 0)
    assert "FETCH_ALLOW" in refused.records[0]["failed"][0]["error"]

    monkeypatch.setenv("FETCH_ALLOW", "127.0.0.1")
    assert beleg("ingest", address, "--json").records[0]["added"] == 1
    (answer,) = beleg("ask", "Wie viel kostet die Sanierung der Schleuse?", "--json").records
    assert "2,4 Millionen Euro" in answer["citations"][0]["quote"]
    assert answer["citations"][0]["url"] == address

    page = article_page(described={"headline": TITLE}).replace(b"2,4 Mill", b"2,9 Mill")
    site.page("/schleuse", page, etag='"2"')
    assert beleg("ingest", address, "--json").records[0]["updated"] == 1
    article_id = answer["citations"][0]["article_id"]
    (changed,) = beleg("diff", article_id, "--json").records
    assert (changed["from"], changed["to"]) == (1, 2)
    assert "2,9 Millionen" in changed["text"][0]["new"]
    assert "2,4 Millionen" in beleg("show", article_id, "--version", "1").out

    site.routes["/schleuse"] = Reply(status=410)
    gone = beleg("ingest", address)
    assert gone.code == 0
    assert article_id in gone.err
    assert "gone" in beleg("articles", "--json").records[0]
    beleg("ingest", address, "--prune")
    assert beleg("articles", "--json").records == []
