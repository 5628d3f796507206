"""Beleg's own words, in the language of the question: German, English for all others."""

import calendar
from collections.abc import Mapping
from datetime import date
from typing import Literal

Language = Literal["de", "en"]

WORDS: Mapping[Language, Mapping[str, str]] = {
    "de": {
        "no_evidence": "Dazu steht nichts in den Artikeln.",
        "no_evidence_then": "Dazu steht in den Artikeln {when} nichts.",
        "unclear": "Die Artikel sagen dazu nichts Genaues.",
        "unclear_then": "Die Artikel {when} sagen dazu nichts Genaues.",
        "comes_nearest": "Am nächsten kommt {named}.",
        "comes_nearest_saying": "Am nächsten kommt {named}: „{sentence}“",
        "titled": "„{title}“",
        "no_articles": "Es sind noch keine Artikel aufgenommen.",
        "quoted_instead": "Zusammengefasst werden konnte das gerade nicht; so steht es dort.",
        "differ": "Die Artikel sagen Verschiedenes:",
        "independent": "So steht es in {count} unabhängigen Artikeln.",
        "as_of": "Stand {day}: {said}",
        "on": "{day}: {said}",
        "one_day": "vom {since}",
        "from_to": "vom {since} bis {until}",
        "since": "seit dem {since}",
        "until": "bis zum {until}",
        "nearest": "Am nächsten kommen",
        "read_on": "Weiterlesen",
        "searched": "Gesucht: {question}",
        "confidence": "Sicherheit",
        "untitled": "Ohne Titel",
        "empty_question": "Bitte stellen Sie eine Frage.",
        "long_question": "Die Frage ist zu lang: höchstens {most} Zeichen, bitte.",
        "start": (
            "Guten Tag. Fragen Sie mich etwas zu den Artikeln, die ich kenne: "
            "Ich antworte mit Zitaten und sage, wo sie stehen. "
            "Steht dazu nichts in den Artikeln, sage ich auch das."
        ),
        "help": (
            "Stellen Sie Ihre Frage einfach als Nachricht, auf Deutsch oder Englisch. "
            "In Gruppen: /frage und dahinter die Frage, oder antworten Sie auf eine meiner "
            "Nachrichten. Nachfragen verstehe ich; /neu beginnt ein neues Gespräch.\n\n"
            "Jeder Satz einer Antwort ist belegt: Die Zahl in Klammern führt zur Quelle, und was "
            "dort zitiert ist, steht wörtlich im Artikel."
        ),
        "ask_how": "Schreiben Sie die Frage dahinter, zum Beispiel:\n/frage Wer sagte das?",
        "not_allowed": "Dieser Bot ist nur für eingeladene Personen da.",
        "only_text": "Ich kann nur geschriebene Fragen beantworten.",
        "failed": (
            "Da ist etwas schiefgegangen, das tut mir leid. "
            "Bitte versuchen Sie es noch einmal. (Fehler {id})"
        ),
        "interrupted": "Ich werde gerade neu gestartet. Bitte fragen Sie gleich noch einmal.",
        "forgotten": "Gut, etwas Neues. Was hier gefragt wurde, ist vergessen.",
        "command_new": "Ein neues Gespräch beginnen",
        "command_start": "Was ich kann",
        "command_help": "Wie man mich fragt",
        "command_ask": "Eine Frage zu den Artikeln stellen",
    },
    "en": {
        "no_evidence": "The articles don't say.",
        "no_evidence_then": "The articles {when} don't say.",
        "unclear": "The articles don't say exactly.",
        "unclear_then": "The articles {when} don't say exactly.",
        "comes_nearest": "The closest is {named}.",
        "comes_nearest_saying": "The closest is {named}: “{sentence}”",
        "titled": "“{title}”",
        "no_articles": "There are no articles yet.",
        "quoted_instead": "This could not be summed up just now; it is quoted as it stands there.",
        "differ": "The articles differ:",
        "independent": "{count} independent articles say so.",
        "as_of": "As of {day}: {said}",
        "on": "{day}: {said}",
        "one_day": "of {since}",
        "from_to": "from {since} to {until}",
        "since": "since {since}",
        "until": "until {until}",
        "nearest": "Closest articles",
        "read_on": "Read on",
        "searched": "Searched: {question}",
        "confidence": "Confidence",
        "untitled": "Untitled",
        "empty_question": "Please ask a question.",
        "long_question": "The question is too long: at most {most} characters, please.",
        "start": (
            "Hello. Ask me about the articles I know: I answer with quotations and say where "
            "they stand. If the articles don't say, I tell you that too."
        ),
        "help": (
            "Just send your question as a message, in English or German. In groups: /ask followed "
            "by the question, or reply to one of my messages. You may ask on; /new begins a new "
            "conversation.\n\nEvery sentence of an answer has its source: the number in brackets "
            "leads there, and what is quoted there stands verbatim in the article."
        ),
        "ask_how": "Write the question behind the command, for example:\n/ask Who said that?",
        "not_allowed": "This bot is for invited people only.",
        "only_text": "I can only answer written questions.",
        "failed": ("Something went wrong, I'm sorry. Please try again. (Error {id})"),
        "interrupted": "I am being restarted. Please ask again in a moment.",
        "forgotten": "A fresh start. What was asked here is forgotten.",
        "command_new": "Begin a new conversation",
        "command_start": "What I can do",
        "command_help": "How to ask me",
        "command_ask": "Ask about the articles",
    },
}


def language_of_words(code: str | None) -> Language:
    """The language that Beleg answers somebody in."""
    return "de" if (code or "").lower().startswith("de") else "en"


def say(key: str, language: str | None, **values: object) -> str:
    """One of Beleg's own sentences."""
    return WORDS[language_of_words(language)][key].format(**values)


def day(published: str | None, language: str | None) -> str | None:
    """A date as people write it in their language; what is no date is shown as it is."""
    if not published:
        return None
    try:
        found = date.fromisoformat(published[:10])
    except ValueError:
        return published
    if language_of_words(language) == "de":
        return f"{found.day:02}.{found.month:02}.{found.year}"
    return f"{found.day} {calendar.month_name[found.month]} {found.year}"


def stretch(since: date | None, until: date | None, language: str | None) -> str:
    """Days, both inclusive, as they follow "the articles": "vom 24.11.2026". One must be given."""
    first, last = (day(d.isoformat() if d else None, language) for d in (since, until))
    key = "from_to" if first and last else "since" if first else "until"
    return say("one_day" if since == until else key, language, since=first, until=last)
