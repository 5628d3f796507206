"""What ingest takes beside the embedding, and how fast unchanged articles are passed over.

    python benchmarks/taking_in.py [--json] [--articles N]

N invented articles (200 by default) of 500 words go from JSONL into an empty home, and once more
unchanged. The baseline in the same run is the embedding of the same passages alone, with the model
loaded; so "ratio" has in it all of reading, cutting, storing, postings and copies.
"""

import argparse
import json
import random
import tempfile
import time
from pathlib import Path

from invented_news import report
from reporting import show

from bot.settings import Settings
from ingest import chunking
from ingest.embedding import embedded
from ingest.files import formats
from ingest.layout import read_layout
from ingest.pipeline import Pipeline
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.embedder import SentenceEmbedder

WORDS = 500


def line(number: int) -> bytes:
    """An article in the input format."""
    language = ("de", "en")[number % 2]
    piece = report(language, random.Random(number), random.Random(f"{number}"), WORDS)
    record = {"id": str(number), "title": piece.headline, "text": piece.text()}
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    count = parser.parse_args().articles
    lines = [line(number) for number in range(count)]
    articles = [formats.from_json_line(one) for one in lines]
    cut = [(a, chunking.chunk_article(a, read_layout(a.text, a.title))) for a in articles]
    embedder = SentenceEmbedder(Settings().cache)
    embedded(embedder, cut[:4])
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "articles.jsonl")
        source.write_bytes(b"".join(lines))
        catalogue = Catalogue(Database(Path(folder, "catalogue.db")))
        first = Pipeline(catalogue, embedder).ingest([str(source)])
        again = Pipeline(catalogue, embedder).ingest([str(source)])
        catalogue.database.close()
    started = time.perf_counter()
    embedded(embedder, cut)
    alone = time.perf_counter() - started
    show(
        {
            "benchmark": "ingest",
            "articles": count,
            "passages": first.chunks,
            "articles/s": round(count / first.seconds, 1),
            "baseline": "embedding the same passages alone",
            "baseline articles/s": round(count / alone, 1),
            "ratio": round(first.seconds / alone, 3),
            "unchanged articles/s": round(count / again.seconds),
        }
    )


if __name__ == "__main__":
    main()
