"""Sentences that can't be understood alone, because they point at the one before. Pure.

A quote that opens with "Er sagte" or "This was" says nothing without its antecedent: the sentence
before it. German and English; sentences of other languages are left alone.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from vectorstore.models import Span

FURTHEST = 2  # sentences that may be joined in front
LONGEST = 600  # characters of a joined quote

_QUOTED = re.compile(r"„[^“”\"]*[“”\"]|“[^”]*”|»[^«]*«|«[^»]*»|\"[^\"]*\"|‚[^‘]*‘")
_CLOSED_ONLY = re.compile(r"^[^„“»«\"”]*[“”«»\"](?=\s*[,.–-]?\s)")
_OPENING = re.compile(r"^[\s(\[–-]*[„“»«\"‚]")
_TOKEN = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*|[,;:–]")
_SAID = " Zitat "
_BREAKS = frozenset(",;:–")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")

_TIMES_DE = frozenset(
    """montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar märz
    april mai juni juli august september oktober november dezember jahr jahre jahres jahren monat
    monats monate monaten woche wochen tag tage tages tagen tagesende morgen vormittag mittag
    nachmittag abend nacht wochenende uhr frühjahr frühling sommer herbst winter mal stelle
    zeit anfang ende mitte jahrhundert jahrzehnt quartal saison legislaturperiode""".split()
)
_POINTING_DE = frozenset(
    """dort dorthin dazu dabei danach davor daraufhin darauf darin daran darunter dafür dagegen
    dadurch daher deshalb deswegen darum davon dahinter demnach demzufolge dessen deren
    jene jener jenes hierzu hierbei hierfür hierdurch hiermit hierauf hiervon letzterer letztere
    letzteres ersterer erstere ersteres ihm ihn ihnen sein seine seinen seinem seiner seines ihr
    ihre ihren ihrem ihrer ihres seitdem seither damals solche solcher solches derartige
    dies""".split()
)
_THIS_DE = frozenset("dieser diese dieses diesen diesem".split())
_FINITE_DE = frozenset(
    """ist sei war wäre sind seien waren wären wird werde würde werden wurde wurden würden hat habe
    hatte hätte haben hatten hätten soll solle sollte sollen sollten kann könne könnte können
    konnten konnte muss müsse müsste müssen mussten will wolle wollte wollen dürfe darf dürfte
    dürfen mag möge möchte sagte teilte teilten bestätigte berichtete berichten berichtet erklärte
    meldete meldet geht gehe ging zeigt zeigte zeigten bedeutet bedeute bedeutete heißt heiße hieß
    gilt gelte galt führte führt führe macht mache machte ergab ergibt entspricht entspreche
    entsprach betrifft betreffe gab gibt gaben liegt liege lag lässt ließ reicht kam komme kommt
    steht stehe stand bleibt bleibe blieb klingt schließt zeige forderte kritisierte begründete
    kündigte geschah geschieht passiert passierte löste sorgt sorge sorgte trifft treffe hält
    hielt wies lehnte nannte nennt verlangt freut""".split()
)
_AFTER_IT_DE = frozenset("hat hatte soll will kann besteht umfasst enthält liegt".split())
_NO_NOUN_DE = frozenset(
    """am im in an auf aus bei beim mit nach seit vor von vom zu zum zur für gegen ohne um unter
    über während wegen trotz laut zufolge bis ab durch zwischen neben hinter innerhalb außerhalb
    infolge aufgrund dank binnen zudem außerdem auch dann später zuvor zunächst zuletzt anschließend
    schließlich jetzt nun heute gestern derzeit aktuell bereits schon inzwischen mittlerweile
    allerdings jedoch dennoch trotzdem stattdessen so als wenn nachdem weil obwohl bevor da damit ob
    wie was nur erst noch dass aber doch und denn vielmehr ferner weiter weiterhin ebenso dabei
    gleichzeitig zugleich vorher danach einst früher ursprünglich offenbar angeblich vermutlich
    wahrscheinlich möglicherweise gemeinsam insgesamt besonders insbesondere zusammen lange kurz
    hier wo warum sollte sollten wäre hätte dadurch darüber hinaus immer oft nie einmal erstmals
    wiederum hingegen dagegen zwar sonst ansonsten anders andererseits einerseits nachts
    dort deswegen deshalb daher darum daraufhin seitdem seither damals demnach""".split()
)
_PRONOUNS_DE = frozenset("er sie ihn ihm ihnen".split())
_SUBJECTS_DE = frozenset(
    """der die das ein eine es er sie man wir ich sich auch alle jeder jede jedes kein keine beide
    diese dieser dieses mehr viele möglichst nicht niemand künftig""".split()
)
_LINKS_DE = frozenset(
    """und oder aber sondern denn dass als wie ob wenn weil bevor nachdem obwohl während da damit
    indem sodass falls bis seit in an auf für durch gegen ohne um über für nur dem den""".split()
)

_TIMES_EN = frozenset(
    """week month year morning afternoon evening summer autumn fall winter spring weekend time
    season century decade days monday tuesday wednesday thursday friday saturday sunday january
    february march april may june july august september october november december""".split()
)
_POINTING_EN = frozenset(
    """he she they him his her their its theirs this that these those therefore thus hence
    thereby thereafter""".split()
)
_THIS_EN = frozenset("this that these those".split())
_FRONTED_EN = frozenset(
    """in on at by from for with after before since until during about around under over between
    according as there then later earlier now today yesterday also however meanwhile moreover
    furthermore instead nevertheless still additionally afterwards eventually finally initially
    previously subsequently once when while although though because if despite following last
    next ultimately together recently currently asked to like without through throughout""".split()
)
_CLAUSE_EN = frozenset("when while although though because if once after before since as".split())
_NOT_POINTING_IT = re.compile(
    r"^It(?:['’]s|\s+(?:is|was|has been|had been|will be|would be|may be|might be|could be|remains|"
    r"became|seems|seemed|appears|appeared|takes|took|costs|makes|emerged|turned|follows|comes))"
    r"(?:\s+\S+){0,9}?\s+(?:that|whether|how|why|who|when|if|what|where)\b"
    r"|^It(?:['’]s|\s+(?:is|was|will be|would be|remains|became))\s+"
    r"(?:\w+ly\s+|not\s+|too\s+|very\s+)?(?!\w+ed\b)\w+(?:\s+for(?:\s+\S+){1,4}?)?\s+to\b"
    r"|^It\s+(?:will |would |can |could )?(?:takes?|took|costs?)\b.*\bto\b"
    r"|^It(?:['’]s|\s+(?:is|was|has|had|will|would))?\s+(?:been |be |started |began )?"
    r"(?:rain|snow|hail|thunder|drizzl|freez)\w*"
    r"|^It(?:['’]s|\s+(?:is|was|has been|will be))\s+(?:the \w+ time|time|\w+ o['’]clock|not clear|"
    r"unclear)\b"
)


def leans_back(sentence: str, language: str | None) -> bool:
    """Whether a sentence opens with something that points at the sentence before it.

    Without a language both are tried; of other languages than German and English nothing is known.
    """
    own = _own_words(" ".join(sentence.split()))
    code = (language or "").lower()[:2]
    ways = [leans for name, leans in _WAYS.items() if code in (name, "")]
    return bool(own) and any(leans(own) for leans in ways)


def joined(text: str, sentences: Sequence[Span], at: int, language: str | None) -> Span:
    """Sentence `at`, with the one before it if it leans back, and one more if that leans too.

    Never over a blank line and never beyond LONGEST characters.
    """
    span = sentences[at]
    for before in reversed(sentences[max(0, at - FURTHEST) : at]):
        first = text[span.start : sentences[at].end]
        if not leans_back(_first_sentence(first, span, sentences), language):
            break
        too_long = sentences[at].end - before.start > LONGEST
        if too_long or _BLANK_LINE.search(text, before.end, span.start):
            break
        span = Span(before.start, sentences[at].end)
    return span


def _first_sentence(piece: str, span: Span, sentences: Sequence[Span]) -> str:
    """The first of the sentences that a joined piece holds."""
    end = next(s.end for s in sentences if s.start == span.start)
    return piece[: end - span.start]


def _own_words(sentence: str) -> str:
    """The sentence with a word in the place of what others say; empty if that stays open."""
    rest = _CLOSED_ONLY.sub(_SAID, sentence)
    rest = _QUOTED.sub(_SAID, rest).strip(" ,;:–-—()[]")
    if _OPENING.match(rest) or not _TOKEN.search(rest):
        return ""
    return rest


def _german(sentence: str) -> bool:
    tokens = _TOKEN.findall(sentence)
    if tokens[0] == _SAID.strip():  # behind a quotation comes the verb, and who said it
        tokens = ["So", *(t for t in tokens[1:4] if t not in _BREAKS)]
    first, second = [*tokens, "", ""][:2]
    word = first.lower()
    if word in ("er", "sie"):
        return True
    if word == "es":
        return _means_a_thing(tokens)
    if word in _THIS_DE or (word in _NO_NOUN_DE and second.lower() in _THIS_DE):
        noun = next((t for t in tokens[1:6] if t[0].isupper()), "")
        return noun.lower() not in _TIMES_DE
    if word in ("das", "die", "der", "beide", "da", "darüber", "hier"):
        return second in _FINITE_DE or _lacks_subject_de(tokens)
    if word in _NO_NOUN_DE and second == "ihr":  # "An ihr nehmen", not "In ihr Haus"
        return len(tokens) > 2 and tokens[2].islower()
    if word == "damit":  # else it is a conjunction
        return second.islower() and second not in _SUBJECTS_DE
    if word in _POINTING_DE and not (word == "ihr" and second.islower() and second.endswith("t")):
        return not (second == "," or second.lower() == "hinaus")
    return _lacks_subject_de(tokens)


def _means_a_thing(tokens: Sequence[str]) -> bool:
    """Whether "Es" stands for something; mostly it only holds the place of the subject."""
    rest = [t.lower() for t in tokens[1:]]
    if rest[:1] and rest[0].startswith("handel") and "sich" in rest[:4]:
        return True
    announces = {"dass", "ob", "zu", "wenn", "wie", "geben", "gegeben", "kommen", "gekommen"}
    return bool(rest) and rest[0] in _AFTER_IT_DE and not announces & set(rest)


def _lacks_subject_de(tokens: Sequence[str]) -> bool:
    """Whether er, sie, ihn, ihm or ihnen comes before anything that it could stand for."""
    fronted = tokens[0].lower() in _NO_NOUN_DE or tokens[0][0].isdigit()
    named, broken = not fronted, False
    for before, token in pairwise(tokens):
        if token in _PRONOUNS_DE:
            if not broken and before.islower() and before not in _LINKS_DE:
                # Right behind the verb: what the phrase in front of that names is another.
                return token == "er" or fronted
            return not named
        broken = broken or token in _BREAKS
        named = named or (token[0].isupper() and token.lower() not in _TIMES_DE)
    return False


def _english(sentence: str) -> bool:
    tokens = [t.lower() for t in _TOKEN.findall(sentence)]
    if tokens[0] == _SAID.strip().lower():
        return any(t in ("he", "she", "they") for t in tokens[1:4])
    first, second = [*tokens, "", ""][:2]
    if first == "it" or first in ("it's", "it’s"):
        return not _NOT_POINTING_IT.search(sentence)
    if first in _THIS_EN or (first in _FRONTED_EN and second in _THIS_EN):
        following = tokens[1:3] if first in _THIS_EN else tokens[2:4]
        return not (following[:1] and following[0] in _TIMES_EN | {"who", "wishing", "interested"})
    if first in _POINTING_EN or (first == "there" and second == ","):
        return True
    return _lacks_subject_en(tokens)


def _lacks_subject_en(tokens: Sequence[str]) -> bool:
    """Whether he, she or they follows a fronted phrase that names nobody."""
    if not tokens or not (tokens[0] in _FRONTED_EN or tokens[0].endswith("ly")):
        return False
    place = next((i for i, t in enumerate(tokens) if t in ("he", "she", "they")), 0)
    if not 0 < place <= 12:
        return False
    before = tokens[:place]
    if before[0] in _CLAUSE_EN and len(before) > 1 and not _only_time(before[1:]):
        return False
    return before[-1] == "," or _only_time(before[1:])


def _only_time(tokens: Sequence[str]) -> bool:
    """Whether nothing but a date or a time of day is named."""
    small = {"the", "of", "a", "last", "that", "this", "then", "early", "late", ","}
    return all(t[0].isdigit() or t in _TIMES_EN or t in small for t in tokens)


_WAYS: dict[str, Callable[[str], bool]] = {"de": _german, "en": _english}
