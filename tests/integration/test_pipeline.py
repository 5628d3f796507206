"""Sources go into a real catalogue and out again, with an embedder that needs no model."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest import run
from ingest.embedding import contract
from ingest.pipeline import Pipeline
from ingest.run import IngestReport, Progress
from tests.support.embedding import DIMENSION, HashingEmbedder, embed
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.errors import ArticleNotFound, IndexMismatch

EXAMPLES = Path(__file__).parents[2] / "examples" / "articles"
FERRY = "Die Fähre fährt mit Strom. Sie fasst 220 Gäste.\n\nDie Überfahrt dauert 22 Minuten."
POOL = "Das Bad ist offen. Das Wasser ist warm."


class House:
    """A catalogue in a folder, an embedder and a place for sources."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.embedder = HashingEmbedder()
        self.catalogue = Catalogue(Database(folder / "home" / "catalogue.sqlite"))

    def ingest(self, *sources: Path | str, prune: bool = False, stdin: bytes = b"") -> IngestReport:
        runner = Pipeline(self.catalogue, self.embedder)
        return runner.ingest([str(s) for s in sources], prune, stdin=io.BytesIO(stdin))

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def lines(self, name: str, *records: dict[str, Any]) -> Path:
        return self.file(name, jsonl(*records))

    def ids(self) -> set[str]:
        return {listed.article.id for listed in self.catalogue.articles()}

    def passages(self) -> list[str]:
        """The text of every stored chunk, read through its stored offsets."""
        rows = self.catalogue.database.read().execute(
            "SELECT v.text, c.start, c.end FROM chunks c JOIN versions v "
            "ON v.article = c.article AND v.version = c.version ORDER BY c.seq"
        )
        return [text[start:end] for text, start, end in rows]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.catalogue.database.close()


def jsonl(*records: dict[str, Any]) -> bytes:
    return "\n".join(json.dumps(r, ensure_ascii=False) for r in records).encode()


def counts(report: IngestReport) -> tuple[int, int, int, int, int]:
    """Added, updated, unchanged, deleted, failed."""
    numbers = (report.added, report.updated, report.unchanged, report.deleted)
    return (*numbers, len(report.failed))


# -- what is stored ---------------------------------------------------------------


def test_an_article_is_stored_as_given_with_its_passages_and_vectors(house: House) -> None:
    text = f" \ufeff{FERRY}\r\n\0 Ende.\ud800\n"
    source = house.file("a.jsonl", json.dumps({"id": "f", "title": "T", "text": text}))
    report = house.ingest(source)
    assert counts(report) == (1, 0, 0, 0, 0)
    assert house.catalogue.article("f").text == f" \ufeff{FERRY}\n\0 Ende.\ufffd\n"
    assert report.chunks == len(house.passages()) == len(house.embedder.passages)
    assert house.embedder.passages == house.passages()
    rows = house.catalogue.database.read().execute("SELECT vector FROM vectors").fetchall()
    for (blob,), passage in zip(rows, house.passages(), strict=True):
        assert np.allclose(np.frombuffer(blob, "<f4"), embed(passage))


def test_stored_sentences_are_exact_quotes_with_vectors_of_their_own(house: House) -> None:
    house.ingest(house.lines("a.jsonl", {"id": "f", "title": "T", "text": f"\n\n{FERRY}"}))
    rows = house.catalogue.database.read().execute("SELECT spans, vectors FROM sentences")
    text = house.catalogue.article("f").text
    quotes = []
    for spans, vectors in rows.fetchall():
        rowed = np.frombuffer(vectors, "<f2").reshape(-1, DIMENSION)
        pairs = np.frombuffer(spans, "<i4").reshape(-1, 2)
        for (start, end), vector in zip(pairs, rowed, strict=True):
            quotes.append(text[start:end])
            assert np.allclose(vector, embed(quotes[-1]), atol=1e-3)
    assert quotes == [
        "Die Fähre fährt mit Strom.",
        "Sie fasst 220 Gäste.",
        "Die Überfahrt dauert 22 Minuten.",
    ]


def test_the_examples_go_in_whole(house: House) -> None:
    report = house.ingest(EXAMPLES)
    assert report.failed == ()
    assert report.added == len(house.ids()) >= 10
    assert report.chunks == len(house.passages()) > report.added
    for passage in house.passages():
        assert passage == passage.strip()
    for listed in house.catalogue.articles():
        assert listed.chunks > 0
        assert listed.article.title
    headlines = {listed.article.title for listed in house.catalogue.articles()}
    assert headlines.isdisjoint(line for p in house.passages() for line in p.split("\n"))


def test_standard_input_is_a_source(house: House) -> None:
    report = house.ingest("-", stdin=jsonl({"id": 1, "text": FERRY}, {"id": 2, "text": POOL}))
    assert counts(report) == (2, 0, 0, 0, 0)
    assert house.ids() == {"1", "2"}


def test_an_article_without_a_word_is_stored_without_passages(house: House) -> None:
    report = house.ingest(house.lines("a.jsonl", {"id": "a", "text": "* * *"}))
    assert (report.added, report.chunks) == (1, 0)
    assert house.catalogue.article("a").text == "* * *"


def test_more_passages_than_a_batch_are_all_stored(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "BATCH", 3)
    records = [{"id": str(n), "text": f"Artikel {n} sagt etwas."} for n in range(10)]
    report = house.ingest(house.lines("a.jsonl", *records))
    assert counts(report) == (10, 0, 0, 0, 0)
    assert sorted(house.passages()) == sorted(str(r["text"]) for r in records)


# -- failures ---------------------------------------------------------------------


def test_a_broken_line_is_named_and_the_good_ones_are_stored(house: House) -> None:
    good = [jsonl({"id": str(n), "text": f"Artikel {n}."}) for n in range(2)]
    source = house.file("a.jsonl", b"\n".join([good[0], b'{"id": "x"', good[1]]))
    report = house.ingest(source)
    assert counts(report) == (2, 0, 0, 0, 1)
    assert report.failed[0].source == f"{source}:2"
    assert house.ids() == {"0", "1"}


def test_a_bad_source_does_not_stop_the_next(house: House) -> None:
    missing = house.folder / "missing.txt"
    report = house.ingest(missing, house.file("b.pdf", b"x"), house.file("c.txt", POOL))
    assert counts(report) == (1, 0, 0, 0, 2)
    assert [f.source for f in report.failed] == [str(missing), str(house.folder / "b.pdf")]


def test_a_source_named_twice_is_read_once(house: House) -> None:
    source = house.file("a.txt", POOL)
    assert counts(house.ingest(source, source)) == (1, 0, 0, 0, 0)


# -- again ------------------------------------------------------------------------


def test_an_unchanged_second_run_embeds_nothing_and_writes_nothing(house: House) -> None:
    source = house.lines("a.jsonl", {"id": "f", "text": FERRY}, {"id": "p", "text": POOL})
    house.ingest(source)
    house.embedder = HashingEmbedder("another model that is never asked")
    before = house.catalogue.database.generation
    report = house.ingest(source)
    assert counts(report) == (0, 0, 2, 0, 0)
    assert report.chunks == 0
    assert house.embedder.passages == []
    assert house.catalogue.database.generation == before


def test_a_changed_text_is_version_2_and_its_old_passages_are_gone(house: House) -> None:
    house.ingest(house.lines("a.jsonl", {"id": "f", "text": FERRY}, {"id": "p", "text": POOL}))
    new = FERRY.replace("220", "240")
    report = house.ingest(
        house.lines("a.jsonl", {"id": "f", "text": new}, {"id": "p", "text": POOL})
    )
    assert counts(report) == (0, 1, 1, 0, 0)
    assert (house.catalogue.article("f").version, house.catalogue.article("f").text) == (2, new)
    assert house.catalogue.article("f", 1).text == FERRY
    assert house.catalogue.article("p").version == 1
    assert sorted(house.passages()) == sorted([new, POOL])


def test_a_changed_date_is_a_new_version_too(house: House) -> None:
    house.ingest(house.lines("a.jsonl", {"id": "f", "text": POOL, "published": "2026-01-01"}))
    report = house.ingest(
        house.lines("a.jsonl", {"id": "f", "text": POOL, "published": "2026-01-02"})
    )
    assert counts(report) == (0, 1, 0, 0, 0)
    assert house.catalogue.article("f").published == "2026-01-02"


@pytest.mark.parametrize("batch", [1, 256], ids=["in two batches", "in one batch"])
def test_of_an_id_that_comes_twice_the_last_wins_run_after_run(
    house: House, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(run, "BATCH", batch)
    source = house.lines("a.jsonl", {"id": "f", "text": FERRY}, {"id": "f", "text": POOL})
    for _ in range(3):
        house.ingest(source)
        assert house.catalogue.article("f").text == POOL
        assert house.passages() == [POOL]


def test_an_id_that_comes_twice_counts_once_and_makes_no_versions(house: House) -> None:
    source = house.lines("a.jsonl", {"id": "f", "text": FERRY}, {"id": "f", "text": POOL})
    assert counts(house.ingest(source)) == (1, 0, 0, 0, 0)
    assert counts(house.ingest(source)) == (0, 0, 1, 0, 0)
    house.lines("a.jsonl", {"id": "f", "text": POOL}, {"id": "f", "text": FERRY})
    assert counts(house.ingest(source)) == (0, 1, 0, 0, 0)
    assert (house.catalogue.article("f").version, house.passages()) == (2, [FERRY])


# -- prune ------------------------------------------------------------------------


def test_prune_deletes_what_the_source_no_longer_has(house: House) -> None:
    house.ingest(house.lines("a.jsonl", {"id": "f", "text": FERRY}, {"id": "p", "text": POOL}))
    source = house.lines("a.jsonl", {"id": "p", "text": POOL})
    assert counts(house.ingest(source)) == (0, 0, 1, 0, 0)
    assert house.ids() == {"f", "p"}
    assert counts(house.ingest(source, prune=True)) == (0, 0, 1, 1, 0)
    assert (house.ids(), house.passages()) == ({"p"}, [POOL])
    with pytest.raises(ArticleNotFound):
        house.catalogue.article("f")


def test_prune_of_a_folder_deletes_the_articles_of_files_that_are_gone(house: House) -> None:
    gone = house.file("news/a.txt", FERRY)
    house.file("news/b.txt", POOL)
    house.ingest(house.folder / "news")
    gone.unlink()
    assert counts(house.ingest(f"{house.folder}/news/", prune=True)) == (0, 0, 1, 1, 0)
    assert house.passages() == [POOL]


def test_prune_leaves_alone_what_other_sources_brought(house: House) -> None:
    house.ingest(house.lines("a.jsonl", {"id": "f", "text": FERRY}))
    report = house.ingest(house.lines("b.jsonl", {"id": "p", "text": POOL}), prune=True)
    assert counts(report) == (1, 0, 0, 0, 0)
    assert house.ids() == {"f", "p"}


def test_prune_keeps_what_another_source_also_brought(house: House) -> None:
    both = [{"id": "f", "text": FERRY}, {"id": "p", "text": POOL}]
    house.ingest(house.lines("a.jsonl", *both), house.lines("b.jsonl", *both))
    one = house.lines("a.jsonl", both[1])
    assert counts(house.ingest(one, prune=True)) == (0, 0, 1, 0, 0)
    assert house.ids() == {"f", "p"}
    other = house.lines("b.jsonl", both[1])
    assert counts(house.ingest(other, prune=True)) == (0, 0, 1, 1, 0)
    assert house.ids() == {"p"}


@pytest.mark.parametrize("content", [b'{"id": "p", "text": "Neu."}\n{', b"", None])
def test_prune_deletes_nothing_if_the_source_failed(house: House, content: bytes | None) -> None:
    source = house.lines("a.jsonl", {"id": "f", "text": FERRY}, {"id": "p", "text": POOL})
    house.ingest(source)
    if content is None:
        source.unlink()
    else:
        source.write_bytes(content)
    report = house.ingest(source, prune=True)
    assert (report.deleted, len(report.failed)) == (0, 1)
    assert house.ids() == {"f", "p"}


def test_a_source_that_failed_does_not_keep_another_from_being_pruned(house: House) -> None:
    house.ingest(house.lines("a.jsonl", {"id": "f", "text": FERRY}, {"id": "p", "text": POOL}))
    source = house.lines("a.jsonl", {"id": "p", "text": POOL})
    report = house.ingest(house.folder / "missing", source, prune=True)
    assert counts(report) == (0, 0, 1, 1, 1)


# -- the index contract, progress ---------------------------------------------------


def test_vectors_of_another_model_are_never_mixed_in(house: House) -> None:
    house.ingest(house.file("a.txt", FERRY))
    assert house.catalogue.contract() == contract(house.embedder)
    house.embedder = HashingEmbedder("other")
    with pytest.raises(IndexMismatch, match="beleg reindex"):
        house.ingest(house.file("b.txt", POOL))
    assert house.passages() == [FERRY]


def test_reindexing_switches_to_another_model_and_keeps_every_passage(house: House) -> None:
    house.ingest(house.file("a.txt", FERRY), house.file("b.txt", POOL))
    before = house.passages()
    other = HashingEmbedder("other")
    assert Pipeline(house.catalogue, other).reindex(lambda line: None) == len(before)
    assert house.passages() == other.passages == before
    assert house.catalogue.contract() == contract(other)


def test_progress_counts_articles_and_passages(house: House) -> None:
    source = house.lines("a.jsonl", {"id": "f", "text": FERRY}, {"id": "p", "text": POOL})
    for embedded in (2, 0):
        seen: list[tuple[int, int]] = []
        progress = Progress(changed=lambda p: seen.append((p.articles, p.passages)))  # noqa: B023
        Pipeline(house.catalogue, house.embedder).ingest([str(source)], progress=progress)
        assert seen[-1] == (2, embedded)
        assert seen == sorted(seen)


def test_the_embedder_of_the_tests_finds_what_shares_words() -> None:
    near, far = embed("Die Fähre fährt mit Strom."), embed("Das Bad ist offen.")
    question = HashingEmbedder().encode_question("Fährt die Fähre mit Strom?").vector
    assert question.shape == (DIMENSION,)
    assert np.isclose(np.linalg.norm(question), 1)
    assert question @ near > 0.9 > 0.5 > question @ far


def test_prune_spares_what_another_process_brought_meanwhile(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "feed"
    folder.mkdir()
    (folder / "a.txt").write_text("Der Turm ist hoch.")

    class Meanwhile(HashingEmbedder):
        """Embeds while somebody else takes in a file that came after the folder was read."""

        def encode_passages(self, passages, advance=lambda done: None):
            if not self.passages:
                self.passages.append("once")
                (folder / "b.txt").write_text("Die Brücke ist lang.")
                Pipeline(house.catalogue, HashingEmbedder()).ingest([str(folder)])
            return super().encode_passages(passages, advance)

    report = Pipeline(house.catalogue, Meanwhile()).ingest([str(folder)], prune=True)
    assert report.deleted == 0
    assert len(list(house.catalogue.articles())) == 2


def test_vectors_of_two_models_are_never_mixed(house: House, tmp_path: Path) -> None:
    class Overtaken(HashingEmbedder):
        """Embeds while somebody else makes the index anew with another model."""

        def encode_passages(self, passages, advance=lambda done: None):
            found = super().encode_passages(passages, advance)
            Pipeline(house.catalogue, HashingEmbedder("other")).reindex(lambda line: None)
            return found

    text = tmp_path / "a.txt"
    text.write_text("Der Turm ist hoch.")
    with pytest.raises(IndexMismatch):
        Pipeline(house.catalogue, Overtaken()).ingest([str(text)])
    assert house.catalogue.counts().articles == 0


def test_a_parser_that_fails_costs_only_its_own_article(house: House, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    date = "1 Jan 2020 00:00:00 +99999999999999999"
    file.write_text(f'{{"id": "a", "text": "Eins.", "published": "{date}"}}\n')
    (tmp_path / "b.md").write_text("---\ndate: !!timestamp foo\n---\nZwei.\n")
    (tmp_path / "c.txt").write_text("Drei.")
    report = Pipeline(house.catalogue, HashingEmbedder()).ingest([str(tmp_path)])
    assert report.added == 2
    assert [Path(f.source).name for f in report.failed] == ["b.md"]
