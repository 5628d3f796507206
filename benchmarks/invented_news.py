"""News that never happened: reports on events, German and English, the same in every run."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

EVENTS, REPORTS = 30, 5


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
