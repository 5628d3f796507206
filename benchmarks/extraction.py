"""Measures what is read from saved pages against their gold: title, day, authors, text.

    python benchmarks/extraction.py FOLDER [--show NAME] [--json]

FOLDER is in the format of Fundus' fixtures: pages `CC_Publisher_DATE.html.gz`, and for each
publisher `CC_Publisher.json` with several versions; a page is held against the one it is nearest
to. The baseline in the same run is trafilatura alone. Title: exact but for case and punctuation.
Day: exact. Authors: F1 of names. Text: F1 of word 4-grams over standfirst,
paragraphs and their headlines.
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ingest.files.formats import from_html
from vectorstore.errors import SourceError
from vectorstore.models import Article

MEASURES = ("title", "day", "authors", "text")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", help="print the differences of pages with this in their name")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = {}
    for name, reader in (("Beleg", from_html), ("trafilatura", trafilatura_alone)):
        found[name] = measured(asked.folder, reader, asked.show if name == "Beleg" else None)
    means = {name: means_of(rows) for name, rows in found.items()}
    if asked.json:
        print(json.dumps(means))
        return
    for page, row in found["Beleg"].items():
        print(f"{page:<44}", *(f"{m} {row[m]:.3f}" for m in MEASURES), row.get("error", ""))
    for name, mean in means.items():
        print(f"{name:<44}", *(f"{m} {mean[m]:.4f}" for m in MEASURES), f"of {mean['pages']} pages")


def measured(
    folder: Path, reader: Callable[[bytes, Path], Article], show: str | None
) -> dict[str, dict[str, Any]]:
    """For each page what each measure gives, from 0 to 1; an error is 0 everywhere."""
    rows = {}
    for path in sorted(folder.glob("*.html.gz")):
        publisher = re.sub(r"_\d{4}_\d\d_\d\d\.html\.gz$", "", path.name)
        versions = json.loads((folder / f"{publisher}.json").read_text("utf-8"))
        try:
            article = reader(gzip.decompress(path.read_bytes()), path)
        except SourceError as error:
            rows[path.name] = {**dict.fromkeys(MEASURES, 0.0), "error": str(error)}
            continue
        scores = [(score(article, gold), gold) for gold in versions.values()]
        rows[path.name], gold = max(scores, key=lambda s: s[0]["text"])
        if show and show in path.name:
            explain(article, gold)
    return rows


def means_of(rows: dict[str, dict[str, Any]]) -> dict[str, float]:
    """The mean of each measure over the pages."""
    means = {m: sum(row[m] for row in rows.values()) / max(1, len(rows)) for m in MEASURES}
    return {**means, "pages": len(rows)}


def score(article: Article, gold: dict[str, Any]) -> dict[str, Any]:
    """One page against one version of its gold."""
    date = gold.get("publishing_date")
    return {
        "title": float(folded(article.title or "") == folded(gold.get("title") or "")),
        "day": float((article.published or "")[:10] == (date or "")[:10]),
        "authors": f1(
            Counter(map(folded, article.authors)), Counter(map(folded, gold.get("authors") or []))
        ),
        "text": f1(grams(article.text), grams(gold_text(gold))),
    }


def counted(names: Iterable[str]) -> Counter[str]:
    return Counter(map(folded, names))


def gold_text(gold: dict[str, Any]) -> str:
    """Standfirst, headlines and paragraphs."""
    parts = list(gold["body"]["summary"])
    for section in gold["body"]["sections"]:
        parts += [*section["headline"], *section["paragraphs"]]
    return "\n\n".join(parts)


def folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower().replace("\xad", "")))


def grams(text: str) -> Counter[str]:
    words = folded(text).split()
    return Counter(" ".join(words[i : i + 4]) for i in range(max(1, len(words) - 3)))


def f1(found: Counter[str], gold: Counter[str]) -> float:
    if not found and not gold:
        return 1.0
    return 2 * sum((found & gold).values()) / (sum(found.values()) + sum(gold.values()))


def explain(article: Article, gold: dict[str, Any]) -> None:
    print("   title  ", repr(article.title), "|", repr(gold.get("title")))
    print("   date   ", article.published, "|", gold.get("publishing_date"))
    print("   authors", article.authors, "|", gold.get("authors"))
    mine, theirs = grams(article.text), grams(gold_text(gold))
    for mark, parts, others in (
        ("too much", article.text.split("\n"), theirs),
        ("missing", gold_text(gold).split("\n"), mine),
    ):
        for part in (p for p in parts if p.strip()):
            if sum((grams(part) & others).values()) < 0.5 * sum(grams(part).values()):
                print(f"   {mark}: {part[:160]}")


def trafilatura_alone(data: bytes, path: Path) -> Article:
    """The baseline: trafilatura with its own choice of everything."""
    import trafilatura

    page = trafilatura.bare_extraction(data, with_metadata=True, include_comments=False)
    if page is None or isinstance(page, dict) or not page.text:
        raise SourceError("No article was found in the page.")
    names: Iterable[str] = (page.author or "").split(";")
    return Article(
        id=path.name,
        url=page.url,
        title=page.title,
        text=page.text,
        published=page.date,
        updated=None,
        authors=tuple(name.strip() for name in names if name.strip()),
        source=page.sitename,
        language=None,
        content_hash="",
    )


if __name__ == "__main__":
    main()
