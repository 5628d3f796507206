"""The JSON that commands print: a contract that programs rely on (README: "For programs")."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.answer import Answer
    from bot.difference import Difference
    from bot.doctor import Check
    from ingest.run import IngestReport
    from vectorstore.catalogue import Listed
    from vectorstore.models import Article, Hit

CITED = ("number", "article_id", "title", "url", "link", "published", "quote", "start", "end")


def print_json(record: Mapping[str, Any]) -> None:
    """One JSON object on one line of standard output."""
    try:
        sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # `beleg articles --json | head`: the reader has what it wanted
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None


def answer_record(answer: "Answer") -> dict[str, Any]:
    """An answer in the form of `ask --json`."""
    return {
        "question": answer.question,
        "status": answer.status.value,
        "text": answer.text,
        "confidence": answer.confidence,
        "citations": [{key: getattr(c, key) for key in CITED} for c in answer.citations],
        "nearest": [asdict(near) for near in answer.nearest],
        "model": answer.model,
        "seconds": answer.seconds,
    }


def hit_record(hit: "Hit") -> dict[str, Any]:
    """A passage in the form of `search --json`."""
    return {
        "article_id": hit.article.id,
        "chunk_id": hit.chunk.id,
        "title": hit.article.title,
        "url": hit.article.url,
        "published": hit.article.published,
        "start": hit.chunk.start,
        "end": hit.chunk.end,
        "text": hit.text,
        "score": round(hit.score, 4),
    }


def report_record(report: "IngestReport") -> dict[str, Any]:
    """What an ingest did, in the form of `ingest --json`."""
    found = asdict(report)
    for said_on_stderr in ("gone", "unpruned"):
        del found[said_on_stderr]
    return found


def listed_record(listed: "Listed") -> dict[str, Any]:
    """An article in the form of `articles --json`; `group` and `gone` only where there is any."""
    keys = ("id", "title", "url", "published", "source", "language", "version")
    found = {**{key: getattr(listed.article, key) for key in keys}, "chunks": listed.chunks}
    further = {"group": listed.group, "gone": listed.gone}
    return found | {key: value for key, value in further.items() if value is not None}


def check_record(check: "Check") -> dict[str, Any]:
    """One thing that was looked at, in the form of `doctor --json`."""
    return asdict(check)


def difference_record(old: "Article", new: "Article", found: "Difference") -> dict[str, Any]:
    """What changed between two versions of an article, in the form of `diff --json`."""
    return {
        "id": new.id,
        "from": old.version,
        "to": new.version,
        "fields": {name: {"old": before, "new": now} for name, before, now in found.fields},
        "text": [asdict(change) for change in found.text],
    }


def article_record(article: "Article") -> dict[str, Any]:
    """All fields of an article; `section` only where there is one."""
    found = asdict(article)
    return found if article.section is not None else {k: found[k] for k in found if k != "section"}
