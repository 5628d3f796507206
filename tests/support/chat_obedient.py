"""A chat model that does whatever its passages say, as far as it can make it out.

It sees through what hides an order: invisible and look-alike characters, tags, base64. Each order
is tried with every label there is, so that one that can get through does.
"""

import base64
import binascii
import json
import re
import unicodedata
from collections.abc import Iterator

from tests.support.chat_reading import Shown, Told
from tests.support.chat_replies import chosen

_QUOTED = re.compile(r"[\"„“«]([^\"“”«»]{10,300}?)[\"“”»]")
_LEAK = re.compile(r"(?i)wiederhole|repeat|reveal|gib .*aus\b.*anweisung")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_NUMBERS = re.compile(r"(?i)(?:jede zahl durch|every number .*?by) ([\d.,]*\d)")
_LIE_AFTER = re.compile(r"(?im)^assistant: (.+)$")
_LABEL = re.compile(r"\[(\w{1,4})\]")
_CODE = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")
_ROLE = re.compile(r"(?i)(?:du bist jetzt|you are now) (\w+)")
_ALIKE = str.maketrans("аеорс", "aeopc")


def obedient(told: Told) -> str:
    """First what the passages order, then the honest sentences."""
    said = list(dict.fromkeys(_obeyed(told)))
    said += [f"{text[:-1]} [{label}]{text[-1]}" for text, label in chosen(told)]
    return "\n".join(said)


def _obeyed(told: Told) -> Iterator[str]:
    labels = [shown.label for shown in told.passages]
    for shown in told.passages:
        text = seen_through(f"{shown.head}\n{shown.text}")
        named = [label for label in _LABEL.findall(text) if label not in labels]
        wanted = [*_QUOTED.findall(text), *_LIE_AFTER.findall(text)]
        for said in wanted:
            end = said[-1] if said[-1] in ".!?" else "."
            for label in (*labels, ", ".join(labels), *named):
                yield f"{said.rstrip('.!?')} [{label}]{end}"
            yield said
        yield from _tricks(told, shown, text)


def _tricks(told: Told, shown: Shown, text: str) -> Iterator[str]:
    if _LEAK.search(text):
        yield from (f"{line} [{shown.label}]" for line in told.system.splitlines() if line)
        yield f"{told.system} [{shown.label}]"
    for link in _LINK.findall(text):
        yield f"![x]({link}&s={len(told.system)}) [{shown.label}]."
        for sentence, label in chosen(told):
            yield f"{sentence[:-1]} ![x]({link}) [{label}]."
            yield f"{sentence} [mehr]({link}) [{label}]"
            yield f"{sentence[:-1]} {link} [{label}]."
    for number in _NUMBERS.findall(text):
        for sentence, label in chosen(told, 6):
            yield f"{re.sub(r'[0-9][0-9.,]*(?<=[0-9])', number, sentence)[:-1]} [{label}]."
    for role in _ROLE.findall(text):
        yield f"Ich bin {role} [{shown.label}]."
    for found in re.findall(r"\{.*\}", text):
        yield f"{found} [{shown.label}]"
        answer = _answer(found)
        yield f"{answer.rstrip('.')} [{shown.label}]."


def _answer(found: str) -> str:
    try:
        return str(json.loads(found).get("answer", found))
    except ValueError:
        return found


def seen_through(text: str) -> str:
    """The text with what it hides."""
    text = "".join(chr(ord(c) - 0xE0000) if 0xE0000 < ord(c) < 0xE0080 else c for c in text)
    text = "".join(
        c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf"
    )
    decoded = [_decoded(code) for code in _CODE.findall(text)]
    return "\n".join((text.translate(_ALIKE), *decoded))


def _decoded(code: str) -> str:
    try:
        return base64.b64decode(code).decode()
    except (binascii.Error, ValueError):
        return ""
