"""How well copies of articles are recognised: precision, recall and time.

    python benchmarks/copies.py [--json] [--scale N] [FOLDER]

30 invented events are reported by five articles each, German and English by turns, that share
names, figures and a quotation of two sentences, and nothing else but phrases and their paper's
footer. Each is edited in the ways of EDITS; a rewritten sentence has its words shuffled, which
leaves no run of them. Not copies: articles of one event, articles of different events, briefs
that quote one sentence of an article, and teasers with one footer of 36 words.

FOLDER holds an articles.jsonl: its articles are edited and quoted in the same ways, and what is
found among them unedited is listed. --scale inserts so many unrelated articles and gives the time
of the first and the last thousand. "proposed" is the share of pairs that a signature lets the exact
check see, next to what a usual MinHash of 126 permutations in 42 bands of 3 would.
"""

import argparse
import hashlib
import json
import random
import re
import sqlite3
import textwrap
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np

from vectorstore import copies, copy_groups

EVENTS, REPORTS = 30, 5
TEASERS = 40
BASE_TABLES = """
CREATE TABLE articles (seq INTEGER PRIMARY KEY AUTOINCREMENT, version INTEGER NOT NULL);
CREATE TABLE versions (article INTEGER, version INTEGER, text TEXT,
    PRIMARY KEY (article, version));
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """An article before it is set: paragraphs of sentences."""

    headline: str
    dateline: str
    paragraphs: tuple[tuple[str, ...], ...]
    caption: str = ""
    footer: str = ""

    def text(self) -> str:
        body = [" ".join(sentences) for sentences in self.paragraphs]
        body[0] = f"{self.dateline}{body[0]}"
        parts = [self.headline, self.caption, *body, self.footer]
        return "\n\n".join(part for part in parts if part)


# -- invented news -------------------------------------------------------------------------


def _list(text: str) -> list[str]:
    return [" ".join(item.split()) for item in text.split("|")]


PLACES = _list(
    """Brunsby|Gerlingsau|Finsterbrück|Sankt Odwin|Pellick Bay|Drosselgrund|Harrowmere|
    Oberkatzfeld|Tindlewick|Möwenhook|Raunau|Kestrel Ford|Wulfsdorf|Langenöd|Marrowgate"""
)
PEOPLE = _list(
    """Gesche Ludwig|Ivo Tasch|Jelka Rohde|Malte Brink|Ulrike Sommerfeld|Theo Quandt|Nora Ashdown|
    Piet Hallgren|Edda Vosskamp|Callum Wray|Bente Iversen|Rupert Onslow|Mira Dolezal"""
)
GERMAN = {
    "open": """Am Dienstagabend|Nach langer Debatte|In der Nacht zum Mittwoch|Trotz aller Warnungen|
    Wenige Stunden später|Zum dritten Mal in diesem Jahr|Ohne weitere Erklärung|Vor zwei Wochen|
    Gleich zu Beginn|Am Rande der Sitzung|Auf Nachfrage|Im Beisein zahlreicher Gäste|Seit Monaten|
    Mit knapper Mehrheit|Überraschend|Unter großem Beifall|Bei strömendem Regen|Am frühen Morgen|
    Zuvor|Kurz vor Mitternacht|Während der Ferien|Aus Sicherheitsgründen|Wie im Vorjahr|Dagegen""",
    "verb": """prüfte|verschob|lobte|kritisierte|beantragte|verlangte|begrüßte|erläuterte|
    unterschrieb|verteidigte|zeigte|besichtigte|bezahlte|übersah|vergaß|verhinderte|bestellte|verwarf|vertagte|
    eröffnete|meldete|widerrief|empfahl|bremste|unterstützte""",
    "who": """die Verwaltung|der Bürgermeister|die Feuerwehr|ein Gutachter aus der Landeshauptstadt|
    der Verein der Anlieger|die Leiterin des Hafens|eine junge Ingenieurin|das Ministerium|
    der Betreiber|die Opposition|ein Sprecher der Polizei|der Gemeinderat|die Stiftung|
    der zuständige Richter|die Gewerkschaft|ein Landwirt aus der Nachbarschaft|die Schulleitung|
    der frühere Pächter|die Versicherung|das Bauamt|der Chor der Kirchengemeinde""",
    "what": """den Bericht über die Brücke|die Pläne für den neuen Kai|das Angebot der Nachbarstadt|
    die Rechnung der Werkstatt|den Umbau der alten Mühle|ein zweites Gutachten|
    die Sperrung der Straße|den Vertrag mit dem Zulieferer|die Ausstellung im Rathaus|
    den Fahrplan der Fähre|neue Pumpen|
    das Dach der Turnhalle|die Wahl des Vorstands|den Verkauf der Grundstücke|die Messungen am Ufer|
    eine Umfrage unter den Gästen|das Konzept der Architekten|den Antrag auf Fördermittel|
    die Schleuse am Unterlauf|den Probebetrieb|die Suche nach Zeugen|das Wappen am Tor|
    die Frist für Einwände|den Zaun um das Gelände|die Beleuchtung des Parks|""",
    "tail": """, weil die Mittel sonst verfallen wären|, obwohl niemand damit gerechnet hatte|
    und sprach von einem guten Anfang|, ohne Namen zu nennen|, bevor die Arbeiten beginnen konnten|
    und bat um etwas Geduld|, wie aus einem Schreiben hervorgeht|, das bisher unter Verschluss war|
    zum Ärger vieler Pendler||||, damit der Betrieb im Herbst weitergeht|
    mit dem Hinweis auf das Wetter|, sobald das Eis getaut war|und nannte die Lage angespannt|
    auf Kosten der Rücklagen|
    , nachdem ein Rohr geplatzt war|gegen den Rat der Fachleute|, um Streit zu vermeiden|
    für die Dauer von drei Jahren|und erntete dafür Spott|, was im Ort für Gesprächsstoff sorgt""",
    "fact": """{person} rechnet in {place} mit {n} Betroffenen.|
    Insgesamt {n} Menschen sind nach Schätzung von {person} betroffen.|
    Die Kosten von {m} Millionen Euro trägt {place} allein.|
    {m} Millionen Euro sind dafür in {place} eingeplant.|
    Bis zum {day}. Mai will {person} die Sache klären.|
    Von {n} Haushalten in {place} ist inzwischen die Rede, {m} Millionen Euro wären fällig.|
    Am {day}. Mai trifft {person} die Nachbarn in {place} wieder.|
    Für {place} geht es um {m} Millionen Euro und um {n} Leute.""",
    "quote": """Wir haben das nicht kommen sehen|Jetzt zählt jeder Tag|Ich schlafe seither schlecht|
    So etwas vergisst man hier nicht|Das Wasser stand bis an die Fenster|Darüber reden wir im Juni|
    Keiner von uns ist dafür ausgebildet worden|Mit Geld allein ist es nicht getan|
    Meine Großmutter hätte darüber gelacht|Am Ende haben alle mit angepackt|
    Die Rechnung liegt seit gestern auf meinem Tisch|Wer das verspricht, der lügt""",
    "more": """und das sage ich nach dreißig Jahren in diesem Beruf|
    weil uns keiner gefragt hat, ob wir das überhaupt wollen|
    und daran ändert auch ein noch so schöner Prospekt nichts mehr|
    aber wir fangen trotzdem morgen früh um sechs wieder damit an|
    denn der nächste Winter kommt schneller, als die meisten glauben""",
}
ENGLISH = {
    "open": """On Tuesday evening|After a long debate|During the night|Despite every warning|
    A few hours later|For the third time this year|Without further comment|Two weeks ago|
    Right at the start|On the fringe of the meeting|When asked|In front of many guests|For months|
    By a narrow margin|To general surprise|To loud applause|In pouring rain|Early in the morning|
    Before that|Shortly before midnight|Over the holidays|For reasons of safety|By contrast""",
    "verb": """examined|postponed|praised|criticised|applied for|demanded|welcomed|explained|signed|
    defended|presented|visited|paid for|overlooked|forgot|prevented|ordered|rejected|adjourned|
    opened|reported|withdrew|recommended|slowed|backed""",
    "who": """the council|the mayor|the fire brigade|a surveyor from the capital|the harbour master|
    the residents' association|a young engineer|the ministry|the operator|the opposition|
    a police spokesman|the parish|the trust|the judge in charge|the union|a farmer next door|
    the head teacher|the former tenant|the insurer|the planning office|the church choir""",
    "what": """the report on the bridge|plans for the new quay|an offer from the next town|
    the workshop's bill|the rebuilding of the old mill|a second survey|the closure of the road|
    the contract with the supplier|an exhibition at the town hall|the ferry timetable|new pumps|
    the roof of the gym|the election of the board|the sale of the plots|readings from the shore|
    a poll among visitors|the architects' concept|a request for funds|the lock downstream|
    the trial run|the search for witnesses|the coat of arms above the gate|
    the deadline for objections|the fence around the site|lighting for the park""",
    "tail": """because the money would have lapsed|although nobody had expected it|
    and spoke of a good start|without giving names|before work could begin|and asked for patience|
    according to a letter seen by this paper|||much to the anger of commuters|
    so that service can resume in autumn|with a remark about the weather|once the ice had gone|
    and called the situation tense|at the expense of reserves|after a pipe had burst|
    against expert advice|to avoid a quarrel|for a period of three years|and was mocked for it|
    which has been the talk of the place since""",
    "fact": """{person} expects {n} people in {place} to be affected.|
    As many as {n} people are affected, {person} estimates.|
    The cost of {m} million pounds falls on {place} alone.|
    Some {m} million pounds have been set aside in {place}.|
    By {day} May {person} wants the matter settled.|
    There is talk of {n} households in {place} by now, and of {m} million pounds.|
    On {day} May {person} will meet neighbours in {place} again.|
    At stake for {place} are {m} million pounds and {n} livelihoods.""",
    "quote": """We did not see this coming|Every day counts now|I have slept badly ever since|
    You do not forget a thing like that here|The water came up to the windows|
    We shall talk about that in June|None of us was trained for it|Money alone will not do it|
    My grandmother would have laughed at it|In the end everybody lent a hand|
    The bill has been on my desk since yesterday|Whoever promises that is lying""",
    "more": """and I say so after thirty years in this trade|
    because nobody ever asked us whether we wanted it in the first place|
    and no brochure, however pretty, is going to change that any more|
    but we start again tomorrow morning at six all the same|
    for the next winter will be here sooner than most people think""",
}
VOCABULARY = {
    lang: {name: _list(text) for name, text in words.items()}
    for lang, words in (("de", GERMAN), ("en", ENGLISH))
}
FOOTERS = {
    "de": [
        "",
        "Mit Material von dpa",
        "Redaktion Brunsbyer Bote, Lokales. Alle Rechte vorbehalten.",
        """Dieser Text erschien zuerst in der gedruckten Ausgabe. Mehr Nachrichten aus der Region
        lesen Sie täglich in unserer App, die Sie kostenlos laden können. Anregungen und Hinweise
        nimmt die Redaktion unter der bekannten Adresse entgegen.""",
    ],
    "en": [
        "",
        "Additional reporting by Reuters",
        "The Harrowmere Post, local desk. All rights reserved.",
        """This story first appeared in our printed edition. For more news from around the bay
        sign up to our free morning letter, which reaches you before breakfast every day. Tips and
        corrections are always welcome at the usual address.""",
    ],
}


def sentence(lang: str, dice: random.Random) -> str:
    """One of some millions of sentences that mean little."""
    part = {name: dice.choice(items) for name, items in VOCABULARY[lang].items()}
    if lang == "de":
        words = f"{part['open']} {part['verb']} {part['who']} {part['what']} {part['tail']}."
    else:
        words = f"{part['open']} {part['who']} {part['verb']} {part['what']} {part['tail']}."
    return " ".join(words.split()).replace(" ,", ",").replace(" .", ".")


def paragraphs(sentences: Sequence[str], dice: random.Random) -> tuple[tuple[str, ...], ...]:
    found, rest = [], list(sentences)
    while rest:
        size = dice.randint(2, 4)
        found.append(tuple(rest[:size]))
        rest = rest[size:]
    return tuple(found)


def report(lang: str, event: random.Random, dice: random.Random, length: int) -> Piece:
    """An article of `length` words on an event, whose facts are the same for equal `event`s."""
    facts = {
        "place": event.choice(PLACES),
        "person": event.choice(PEOPLE),
        "n": event.randint(120, 9_800),
        "m": event.randint(2, 90),
        "day": event.randint(2, 30),
    }
    first, second = event.sample(VOCABULARY[lang]["quote"], 2)
    more = event.choice(VOCABULARY[lang]["more"])
    quoted = "„{}“" if lang == "de" else "“{}”"
    said = quoted.format(f"{first}, {more}. {second}.")
    chosen = dice.sample(VOCABULARY[lang]["fact"], 4)
    told = [said, *(fact.format(**facts) for fact in chosen)]
    while sum(len(s.split()) for s in told) < length:
        told.append(sentence(lang, dice))
    dice.shuffle(told)
    return Piece(
        headline=f"{facts['place']}: {' '.join(sentence(lang, dice).split()[2:8])}",
        dateline=f"{facts['place']} ({dice.choice(('dpa', 'AP', 'AFP', 'eig'))}) – ",
        paragraphs=paragraphs(told, dice),
        caption=sentence(lang, dice) + " Foto: Archiv",
        footer=" ".join(dice.choice(FOOTERS[lang]).split()),
    )


def invented(events: int = EVENTS) -> dict[int, list[Piece]]:
    """For each event its independent articles."""
    return {
        e: [
            report(("de", "en")[e % 2], random.Random(e), dice, dice.randint(200, 600))
            for dice in (random.Random(f"{e} {i}") for i in range(REPORTS))
        ]
        for e in range(events)
    }


# -- edits ---------------------------------------------------------------------------------

Edit = Callable[[Piece, random.Random], Piece]
WORDS_OF_TITLE = "Neues vom Tage aus aller Welt und was es heute bedeutet".split()


def cut(share: float) -> Edit:
    """Keeps the beginning, as an editor would."""

    def edited(piece: Piece, _: random.Random) -> Piece:
        left = share * sum(len(s.split()) for p in piece.paragraphs for s in p)
        kept: list[tuple[str, ...]] = []
        for paragraph in piece.paragraphs:
            inside = []
            for told in paragraph:
                if left > 0:
                    inside.append(told)
                    left -= len(told.split())
            if inside:
                kept.append(tuple(inside))
        return replace(piece, paragraphs=tuple(kept), footer="")

    return edited


def rewritten(share: float) -> Edit:
    """The share of sentences, chosen at random, loses its order of words."""

    def edited(piece: Piece, dice: random.Random) -> Piece:
        places = [(p, s) for p, told in enumerate(piece.paragraphs) for s in range(len(told))]
        chosen = set(dice.sample(places, round(share * len(places))))
        return replace(
            piece,
            paragraphs=tuple(
                tuple(shuffled(t, dice) if (p, s) in chosen else t for s, t in enumerate(told))
                for p, told in enumerate(piece.paragraphs)
            ),
        )

    return edited


def shuffled(told: str, dice: random.Random) -> str:
    words = told.split()
    return " ".join(dice.sample(words, len(words)))


def reordered(piece: Piece, dice: random.Random) -> Piece:
    order = dice.sample(piece.paragraphs, len(piece.paragraphs))
    return replace(piece, paragraphs=tuple(order))


def retitled(piece: Piece, dice: random.Random) -> Piece:
    title = " ".join(dice.sample(WORDS_OF_TITLE, 7))
    return replace(piece, headline=title, dateline="Von unserer Redaktion – ")


def in_turn(*edits: Edit) -> Edit:
    def edited(piece: Piece, dice: random.Random) -> Piece:
        for edit in edits:
            piece = edit(piece, dice)
        return piece

    return edited


def plain(piece: Piece) -> str:
    return piece.text()


def amp(piece: Piece) -> str:
    """The mobile page: other lines, no caption, no footer."""
    return "\n".join(textwrap.wrap(replace(piece, caption="", footer="").text(), 60))


def printed(piece: Piece) -> str:
    """A wire's letters in narrow columns."""
    letters = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "„": '"', "“": '"'})
    text = replace(piece, headline=piece.headline.upper()).text().translate(letters)
    return "\n".join(textwrap.wrap(text, 38))


EDITS: dict[str, tuple[Edit, Callable[[Piece], str]]] = {
    "cut to 80 %": (cut(0.8), plain),
    "cut to 60 %": (cut(0.6), plain),
    "cut to 40 %": (cut(0.4), plain),
    "paragraphs reordered": (reordered, plain),
    "retitled, other dateline": (retitled, plain),
    "30 % rewritten": (rewritten(0.3), plain),
    "AMP": (in_turn(), amp),
    "print": (in_turn(), printed),
    "retitled, cut 60 %, 15 %": (in_turn(retitled, cut(0.6), rewritten(0.15)), plain),
}


def edited(name: str, piece: Piece, key: object) -> str:
    edit, setting = EDITS[name]
    return setting(edit(piece, random.Random(f"{name} {key}")))


# -- measuring -----------------------------------------------------------------------------


def database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(BASE_TABLES + copy_groups.TABLES)
    return connection


def add(connection: sqlite3.Connection, text: str) -> tuple[int, float, float]:
    """The article's number, and the milliseconds of its signature and of its insertion."""
    began = time.perf_counter()
    prepared = copies.signature(text)
    signed = time.perf_counter()
    seq = connection.execute("INSERT INTO articles (version) VALUES (1)").lastrowid
    assert seq is not None
    connection.execute("INSERT INTO versions VALUES (?, 1, ?)", (seq, text))
    copy_groups.insert(connection, seq, text, prepared)
    return seq, 1e3 * (signed - began), 1e3 * (time.perf_counter() - signed)


def edits_found(pieces: Sequence[Piece]) -> dict[str, tuple[int, int]]:
    """For each edit how many pairs there are and how many are copies by the exact check."""
    found = {}
    for name in EDITS:
        hits = [copies.is_copy(p.text(), edited(name, p, i)) for i, p in enumerate(pieces)]
        found[name] = (len(hits), sum(hits))
    return found


def proposed(pieces: Sequence[Piece]) -> dict[str, tuple[int, int]]:
    """For each edit the pairs with a key in common, and those a MinHash of 42 bands of 3 finds."""
    found = {}
    for name in EDITS:
        keys = bands = 0
        for i, piece in enumerate(pieces):
            texts = piece.text(), edited(name, piece, i)
            one, other = (set(copies.signature(text).tolist()) for text in texts)
            keys += bool(one & other)
            a, b = (minhash_bands(text) for text in texts)
            bands += bool((a == b).all(axis=1).any())
        found[name] = (keys, bands)
    return found


def minhash_bands(text: str) -> np.ndarray:
    """The common alternative: 126 permutations of all runs, in (42, 3)."""
    dice = np.random.default_rng(1)
    a = dice.integers(0, 2**31, 126, np.uint64) * np.uint64(2) + np.uint64(1)
    b = dice.integers(0, 2**63, 126, np.uint64)
    digests = b"".join(hashlib.sha1(run.encode()).digest()[:8] for run in copies.runs(text))
    hashes = np.frombuffer(digests, "<u8")
    return ((hashes[:, None] * a + b) >> np.uint64(16)).min(axis=0).reshape(42, 3)


def briefs(pieces: Sequence[tuple[str, Piece]]) -> list[tuple[str, str]]:
    """Articles, given with their language, and a brief that quotes a sentence of each."""
    pairs = []
    for i, (lang, piece) in enumerate(pieces):
        dice = random.Random(f"brief {i}")
        told = dice.choice([s for p in piece.paragraphs for s in p if len(s.split()) > 5])
        own = [sentence(lang, dice) for _ in range(2 + i % 2)]
        pairs.append((piece.text(), " ".join([own[0], f"„{told}“", *own[1:]])))
    return pairs


def teasers() -> list[str]:
    """Short items of one paper, each with its footer."""
    found = []
    for i in range(TEASERS):
        dice = random.Random(f"teaser {i}")
        own = [sentence("de", dice) for _ in range(1 + i % 4)]
        found.append(" ".join([*own, *FOOTERS["de"][3].split()]))
    return found


def false_pairs(events: dict[int, list[Piece]]) -> dict[str, tuple[int, int]]:
    """For each kind of pair that are no copies how many there are and how many are taken for it."""
    held = [(e, copies.runs(p.text())) for e, pieces in events.items() for p in pieces]
    kinds = {
        "one event": [(a, b) for (e, a), (f, b) in combinations(held, 2) if e == f],
        "other events": [(a, b) for (e, a), (f, b) in combinations(held, 2) if e != f],
        "teasers with a footer": list(combinations(map(copies.runs, teasers()), 2)),
    }
    return {
        name: (len(pairs), sum(copies.are_copies(a, b) for a, b in pairs))
        for name, pairs in kinds.items()
    }


def grouped(sources: Sequence[tuple[int, str]]) -> dict[str, object]:
    """Inserts texts in a random order and compares the groups with what they were made from."""
    connection = database()
    order = random.Random(7).sample(sources, len(sources))
    labels, milliseconds = {}, []
    for label, text in order:
        seq, signed, inserted = add(connection, text)
        labels[seq] = label
        milliseconds.append((signed, inserted))
    group = copy_groups.groups(connection)
    both = Counter((group.get(seq, -seq), label) for seq, label in labels.items())
    right = _pairs(both.values())
    said = _pairs(Counter(group.get(seq, -seq) for seq in labels).values())
    true = _pairs(Counter(labels.values()).values())
    signed, inserted = np.mean(milliseconds, axis=0)
    return {
        "articles": len(labels),
        "pairs": true,
        "precision": round(right / max(1, said), 4),
        "recall": round(right / max(1, true), 4),
        "ms signature": round(float(signed), 2),
        "ms insert": round(float(inserted), 2),
    }


def _pairs(sizes: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes)


def scaled(count: int) -> dict[str, float]:
    """Milliseconds to insert an article into none and into `count` unrelated ones."""
    connection = database()
    spent = []
    for i in range(count):
        dice = random.Random(f"scale {i}")
        text = report(("de", "en")[i % 2], dice, dice, dice.randint(200, 600)).text()
        spent.append(add(connection, text)[2])
    return {
        "first 1,000, ms": round(float(np.mean(spent[:1000])), 2),
        "last 1,000, ms": round(float(np.mean(spent[-1000:])), 2),
        "grouped": len(copy_groups.groups(connection)),
        "keys an article": round(
            connection.execute("SELECT count(*) FROM copy_keys").fetchone()[0] / count, 1
        ),
    }


# -- real articles -------------------------------------------------------------------------


def real(folder: Path) -> list[tuple[str, Piece]]:
    """Ids and articles of at least 100 words and six sentences."""
    found = []
    for line in (folder / "articles.jsonl").read_text("utf-8").split("\n"):
        if not line:
            continue
        row = json.loads(line)
        told = tuple(
            tuple(re.split(r"(?<=[.!?])\s+", part.strip()))
            for part in re.split(r"\n+", row["text"])
            if part.strip()
        )
        if len(row["text"].split()) >= 100 and sum(map(len, told)) >= 6:
            found.append((row["id"], Piece(row.get("title") or "", "", told)))
    return found


def found_among(articles: Sequence[tuple[str, Piece]]) -> list[list[str]]:
    """The groups among unedited articles, as ids."""
    connection = database()
    ids = {add(connection, piece.text())[0]: name for name, piece in articles}
    found: dict[int, list[str]] = {}
    for seq, group in copy_groups.groups(connection).items():
        found.setdefault(group, []).append(ids[seq])
    return list(found.values())


# -- showing -------------------------------------------------------------------------------


def measured(arguments: argparse.Namespace) -> dict[str, object]:
    events = invented()
    pieces = [(("de", "en")[e % 2], piece) for e, told in events.items() for piece in told]
    result: dict[str, object] = {"no copies: pairs, taken for copies": false_pairs(events)}
    result |= of_kind("invented", pieces, teasers())
    if arguments.folder:
        articles = real(arguments.folder)
        result |= of_kind("real", [("de", piece) for _, piece in articles], [])
        result["real: groups of the unedited"] = found_among(articles)
    if arguments.scale:
        result[f"{arguments.scale:,} unrelated articles"] = scaled(arguments.scale)
    return result


def of_kind(
    kind: str, articles: Sequence[tuple[str, Piece]], others: Sequence[str]
) -> dict[str, object]:
    """What is found of edits and briefs, pair by pair, and when all are in one catalogue."""
    pieces = [piece for _, piece in articles]
    exact, candidates = edits_found(pieces), proposed(pieces)
    result: dict[str, object] = {
        f"{kind}: {name}": {
            "pairs": pairs,
            "recall": round(hits / pairs, 4),
            "proposed": round(candidates[name][0] / pairs, 4),
            "by 42 bands of 3": round(candidates[name][1] / pairs, 4),
        }
        for name, (pairs, hits) in exact.items()
    }
    quoting = briefs(articles)
    wrong = sum(copies.is_copy(*pair) for pair in quoting)
    result[f"{kind}: briefs with a quotation"] = {"pairs": len(quoting), "taken for copies": wrong}
    sources = [(i, p.text()) for i, p in enumerate(pieces)]
    sources += [(i, edited(name, p, i)) for i, p in enumerate(pieces) for name in EDITS]
    extra = [*(text for _, text in quoting), *others]
    sources += [(-1 - i, text) for i, text in enumerate(extra)]
    result[f"{kind}: groups of all"] = grouped(sources)
    return result


def main() -> None:
    """Prints a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--scale", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    result = measured(arguments)
    if arguments.json:
        print(json.dumps(result, ensure_ascii=False))
        return
    for name, value in result.items():
        figures = value.items() if isinstance(value, dict) else ((name, value),)
        print(f"{name:<40} {', '.join(f'{key} {figure}' for key, figure in figures)}")


if __name__ == "__main__":
    main()
