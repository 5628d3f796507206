"""What a chat model makes of the prompt that it is sent: passages, their labels, the question."""

import re
from dataclasses import dataclass
from typing import Any

from ingest.sentences import sentences

_MARK = re.compile(r"between a line (<\w+>) \[LABEL\] and a line (</\w+>)")
_QUESTION = re.compile(r"The reader's question: (.*)\Z", re.S)


@dataclass(frozen=True, slots=True)
class Shown:
    """One passage as a model sees it; `head` is the line with title, source and date."""

    label: str
    head: str
    text: str

    @property
    def sentences(self) -> list[str]:
        """Its sentences, each on one line."""
        spans = sentences(self.text, 0, len(self.text), None)
        return [" ".join(self.text[s.start : s.end].split()) for s in spans]


@dataclass(frozen=True, slots=True)
class Told:
    """One request, read. `turns` counts what the reader's side has said so far."""

    system: str
    user: str
    passages: tuple[Shown, ...]
    question: str
    turns: int


def told(messages: list[dict[str, Any]]) -> Told:
    """Reads the messages of a request; without a prompt of Beleg's there are no passages."""
    system = "\n".join(str(m["content"]) for m in messages if m["role"] == "system")
    users = [str(m["content"]) for m in messages if m["role"] == "user"]
    user = users[0] if users else ""
    mark = _MARK.search(system)
    asked = _QUESTION.search(user)
    passages = _passages(user, mark[1], mark[2]) if mark else ()
    return Told(system, user, passages, asked[1] if asked else user, len(users))


def _passages(user: str, opened: str, closed: str) -> tuple[Shown, ...]:
    found = re.findall(rf"(?ms)^{re.escape(opened)} \[(\S+)\]\n(.*?)\n{re.escape(closed)}$", user)
    return tuple(_shown(label, inside) for label, inside in found)


def _shown(label: str, inside: str) -> Shown:
    head, _, text = inside.partition("\n")
    return Shown(label, head, text)
