"""Articles that give orders to whoever answers from them, and sentences that lead away. Pure.

What an article orders to be said it doesn't say itself, though the words stand there. Whoever
writes such a thing is quoted as ever, but shown to no chat model. The patterns know the usual
orders in a dozen languages, not all there are: what a model says is verified all the same.
"""

import re
import unicodedata
from functools import lru_cache

from vectorstore.models import Article

_LEADS = re.compile(
    r"(?i)^#|#{2,}|https?:|www\.|\]\s*\(|!\[|[<>{}]|\bdata:|\bjavascript:|\b[\w-]+\.[a-z]{2,}/\S"
)
_ALIKE = str.maketrans("аеорсухіјѕԁ" + "οαενρτκι", "aeopcyxijsd" + "oaevptki")
_BEGINS = r"(?:^|[.!?:;,\"„“”»«>]\s*|\b(?:and|und|et|y|e|en|ve|i|и)\s+)"
_IMPERATIVE = (
    r"answer|reply|respond|output|antworte|erwidere|répond\w*|respond[ea]|rispondi|antwoord|"
    r"odpowiedz|yanıtla|cevapla|ответь\w*|svara?"
)
_MODEL = r"(?:language ?|sprach)?(?:model|modell|ai|ki|assistant|assistent|llm)\b"
_OF_RULES = (
    rf"{_BEGINS}(?:ignore|disregard|forget|override|bypass)\b[^.\n]{{0,40}}\b"
    r"(?:questions?|instructions?|rules|prompts?|above|passages|guidelines)\b|"
    rf"{_BEGINS}(?:ignorieren? (?:sie )?|vergiss |vergessen sie |missachte )[^.\n]{{0,40}}\b"
    r"(?:fragen?|(?:an)?weisung\w*|regeln|vorgaben|prompts?|passagen)\b|"
    r"\b(?:früheren|vorigen|bisherigen) (?:an)?weisungen (?:gelten|sind)\b|"
    r"\b(?:repeat|reveal|print|show|leak|output)\b[^.\n]{0,40}\b"
    r"(?:your (?:instructions?|prompt|rules)|system prompt|text above)\b|"
    rf"{_BEGINS}(?:wiederhole|zeige?|nenne|verrate?|gib|geben sie)\b[^.\n]{{0,40}}\b"
    r"(?:deine|ihre|die) (?:anweisung\w*|system\w*|prompt|regeln)\b|"
    r"\b(?:you are now|from now on you|du bist (?:jetzt|nun|ab sofort)|sie sind ab sofort)\b"
    rf"[^.\n]{{0,40}}\b(?:dan\b|without rules|keine regeln|{_MODEL})|\b(?:as|als) dan\b|"
    r"\b(?:note|message|notice|hinweis|nachricht|anweisung) (?:to|for|an|für) "
    rf"(?:the |any |das |die |den )?{_MODEL}"
)
_OF_ANSWERS = (
    r"\b(?:add|insert|append|include|replace|put)\b[^.\n]{0,60}\b(?:to|in|into) "
    r"(?:your|each|every) (?:answer|reply|response)|"
    r"\b(?:füge|ersetze|setze|hänge|schreibe)\b[^.\n]{0,40}\b"
    r"(?:deiner?|ihrer?|jede[rnm]?) antwort|"
    rf"{_BEGINS}(?:write|say|claim|schreibe|sage|behaupte)\b[^\n]{{0,300}}\b"
    r"(?:cite|the article \"|zitiere|nenne dafür|der artikel \")|"
    rf"{_BEGINS}(?:{_IMPERATIVE})(?:\s+(?:only|just|exactly|with|nur|mit|genau))*\s*:?\s*"
    r"(?:[\"„“«»]|no_answer)|"
    r"(?:回答|回复)\s*:?\s*[\"“「]|أجب\s*:?\s*[\"“«]|"
    r"\b(?:cite|zitiere)\b[^.\n]{0,30}\[\w{1,4}\]|\b(?:this|dieses|folgendes) json\b|"
    r"\b(?:obey|follow|befolge)\b[^.\n]{0,12}\b(?:this|it|das|es)\b\s*:"
)
_OF_FRAMES = (
    r"^\s*(?:system|assistant)\s*:|<\|\w+\|>|\[/?inst\]|<</?sys>>|^#+\s*system\b|no_answer|"
    r"\b(?:end of (?:the )?passages|ende der passagen)\b|the reader's question:|"
    r"^</?(?:[a-z0-9]{16}|passages?|documents?|context)>"
)
_ORDERS = re.compile(f"{_OF_RULES}|{_OF_ANSWERS}|{_OF_FRAMES}", re.M)


def leads_away(sentence: str) -> bool:
    """Whether a sentence holds a link, an image, a heading or markup: no answer needs them."""
    return bool(_LEADS.search(sentence))


@lru_cache(maxsize=256)
def gives_orders(article: Article) -> bool:
    """Whether an article, somewhere, talks to a chat model, plainly or in disguise."""
    told = (article.title, article.source, *article.authors, article.text)
    plain = _seen_through("\n".join(part for part in told if part))
    return bool(_ORDERS.search(plain) or _ORDERS.search(plain.translate(_ALIKE)))


def _seen_through(text: str) -> str:
    """The text in small letters without what is invisible; tag characters are letters again."""
    if not text.isascii():
        text = "".join(
            chr(ord(c) - 0xE0000) if "\U000e0020" <= c <= "\U000e007e" else c for c in text
        )
        text = unicodedata.normalize("NFKC", text)
        text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return text.casefold()
