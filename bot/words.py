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
        "view_article": "Ansehen: {title}",
        "older_version": "‹ ältere Fassung",
        "newer_version": "neuere Fassung ›",
        "whole_article": "Artikel",
        "to_page": "Zur Seite",
        "ask_article": "Dazu fragen",
        "back_to_answer": "« Antwort",
        "back_to_quote": "« Zitat",
        "version_of": "Fassung {number} von {all}",
        "version_old": "Fassung {number} von {all}, nicht die neueste",
        "quote_gone": "So steht es in dieser Fassung nicht mehr.",
        "quote_not_yet": "So steht es in dieser Fassung noch nicht.",
        "searching": "Sucht in {count} Artikeln …",
        "reading": "Liest die passenden Artikel …",
        "one_ahead": "Gleich: Vor Ihrer ist noch eine andere Frage dran.",
        "many_ahead": "Gleich: Vor Ihrer sind noch {count} andere Fragen dran.",
        "in_line": "Eins nach dem anderen: Diese Frage ist die {place}. in Ihrer Reihe.",
        "too_many": "So viele Fragen auf einmal kann ich mir nicht merken. Bitte warten Sie ab.",
        "too_fast": "Das ist mir zu schnell. Bitte warten Sie eine Minute.",
        "enough_today": "Für heute haben Sie genug gefragt. Morgen geht es weiter.",
        "enough_here": "Für heute wurde hier genug gefragt. Morgen geht es weiter.",
        "cancelled": "Abgebrochen.",
        "stopped": "Gut, ich höre damit auf.",
        "nothing_to_stop": "Ich bin gerade mit nichts beschäftigt.",
        "nothing_before": "Hier haben Sie mich noch nichts gefragt.",
        "was_away": (
            "Ich war eine Weile nicht da, entschuldigen Sie. "
            "Wenn Sie es noch wissen möchten, fragen Sie bitte noch einmal."
        ),
        "maybe_lost": (
            "Ich wurde neu gestartet. Falls die Antwort hierauf fehlt, "
            "fragen Sie bitte noch einmal."
        ),
        "broken_off": (
            "Ich wurde mehrmals unterbrochen und konnte diese Frage nicht beantworten. "
            "Bitte fragen Sie noch einmal."
        ),
        "forgot_you": (
            "Alles, was ich von Ihnen wusste, ist gelöscht: Ihre Fragen, die Antworten darauf "
            "und was Sie beobachten. Die Nachrichten hier löschen Sie in Telegram."
        ),
        "help_admin": (
            "Fragen stellen Sie einfach als Nachricht.\n\n"
            "/ingest mit einer Adresse oder einem Text dahinter nimmt Artikel auf; eine Datei "
            "schicken Sie mir einfach.\n"
            "/artikel zeigt, was da ist, /loesche entfernt einen Artikel.\n"
            "/status sagt, wie es mir geht, /stats, was gefragt wird."
        ),
        "thanks": "Danke!",
        "sorry": "Danke. Schade, dass das nicht half.",
        "no_longer": "Das gibt es nicht mehr.",
        "only_article": "Nur aus „{title}“. /neu fragt wieder alle Artikel.",
        "asks_alone": "Jetzt geht es nur um diesen Artikel. /neu fragt wieder alle.",
        "inline_nothing": "Dazu steht nichts in den Artikeln",
        "inline_how": "Schreiben Sie eine Frage",
        "quoted": "„{quote}“",
        "description": (
            "Fragen Sie mich etwas zu den Artikeln, die ich kenne: Ich antworte mit Zitaten und "
            "sage, wo sie stehen. Steht dazu nichts darin, sage ich auch das."
        ),
        "short_description": "Antworten aus Artikeln, jeder Satz mit Beleg.",
        "command_again": "Die letzte Frage noch einmal",
        "command_cancel": "Die Suche abbrechen",
        "command_watch": "Ein Thema beobachten",
        "command_watches": "Was Sie beobachten",
        "command_status": "Wie frisch die Artikel sind",
        "command_forget_me": "Alles über mich löschen",
        "command_ingest": "Artikel aufnehmen",
        "command_articles": "Die Artikel, die da sind",
        "command_delete": "Einen Artikel löschen",
        "command_stats": "Was gefragt wird",
        "admins_only": (
            "Das können nur die Betreiber dieses Bots, und nur im privaten Chat mit mir."
        ),
        "take_how": (
            "So kommt ein Artikel dazu:\n• /ingest und dahinter ein Link oder mehrere\n• "
            "/ingest und dahinter ein Text, die Überschrift in der ersten Zeile\n• eine "
            "Datei schicken ({kinds}; bis {most} MB)\n• mit /ingest auf eine Nachricht "
            "antworten, in der so etwas steht"
        ),
        "take_waits": "Ich nehme gerade noch etwas anderes auf. Danach kommt das hier dran.",
        "take_fetches": "Holt die Datei …",
        "take_reads": "Liest …",
        "take_so_far": "Liest … {counted}",
        "one_article": "1 Artikel",
        "many_articles": "{count} Artikel",
        "one_paragraph": "1 Absatz",
        "many_paragraphs": "{count} Absätze",
        "one_question": "1 Frage",
        "many_questions": "{count} Fragen",
        "one_person": "1 Person",
        "many_persons": "{count} Personen",
        "one_topic": "1 Thema",
        "many_topics": "{count} Themen",
        "take_added": "Neu aufgenommen: {counted}.",
        "take_updated": "In neuer Fassung: {counted}.",
        "take_unchanged": "Schon da und unverändert: {counted}.",
        "take_failed": "Nicht aufgenommen: {counted}.",
        "take_nothing": "Darin war kein Artikel.",
        "take_more": "… und {count} weitere",
        "take_sample": "Fragen Sie zum Beispiel: {question}",
        "take_stopped": "Abgebrochen. Was bis dahin aufgenommen war, bleibt.",
        "take_resumes": "Ich werde gerade neu gestartet; danach nehme ich das hier auf.",
        "take_broken": (
            "Das ließ sich mehrmals nicht zu Ende aufnehmen. Ich versuche es nicht noch einmal."
        ),
        "take_maybe_lost": (
            "Ich wurde neu gestartet. Fehlt die Meldung, was hieraus geworden ist, senden Sie es "
            "bitte noch einmal."
        ),
        "file_large": "Diese Datei ist zu groß: höchstens {most} MB, bitte.",
        "file_empty": "Diese Datei ist leer.",
        "file_kind": "Solche Dateien kann ich nicht lesen, nur {kinds}.",
        "file_lost": "Die Datei ließ sich nicht holen. Bitte schicken Sie sie noch einmal.",
        "why_gone": "Das gibt es dort nicht oder nicht mehr.",
        "why_refused": "Die Seite lässt mich nicht herein.",
        "why_robots": "Die Seite möchte nicht von Programmen gelesen werden.",
        "why_later": "Die Seite bittet um Geduld. Versuchen Sie es später noch einmal.",
        "why_no_address": "Diese Adresse gibt es nicht.",
        "why_private": "Diese Adresse liegt in einem privaten Netz.",
        "why_slow": "Das hat zu lange gedauert.",
        "why_site": "Die Seite ist gerade nicht zu erreichen oder antwortet nicht, wie sie sollte.",
        "why_paywall": "Dort steht nur der Anfang des Artikels; der Rest ist nur für Abonnenten.",
        "why_consent": "Statt des Artikels kommt dort nur eine Frage nach Cookies.",
        "why_list": (
            "Das ist eine Übersicht und kein Artikel. Schicken Sie die Links der Artikel selbst."
        ),
        "why_pictures": "Darin sind nur Bilder von Text, kein Text.",
        "why_locked": "Das ist mit einem Passwort verschlossen.",
        "why_large": "Das ist zu groß.",
        "why_no_text": "Darin steht kein Artikel.",
        "why_damaged": "Das ist beschädigt oder nicht, was es dem Namen nach sein müsste.",
        "why_kind": "So etwas kann ich nicht lesen.",
        "list_head": "{counted}, die neuesten zuerst:",
        "list_head_words": "{counted} zu „{words}“, die neuesten zuerst:",
        "list_none": "Dazu gibt es keine Artikel.",
        "delete_how": (
            "Schreiben Sie die Nummer dahinter, zum Beispiel: /loesche #12\nDie Nummern "
            "zeigt /artikel."
        ),
        "delete_unknown": "Einen solchen Artikel gibt es nicht. Die Nummern zeigt /artikel.",
        "delete_sure": (
            "Soll dieser Artikel gelöscht werden, mit allen Fassungen? Das lässt sich nicht "
            "rückgängig machen."
        ),
        "delete_yes": "Löschen",
        "delete_no": "Nein",
        "delete_done": "Gelöscht: {title}",
        "delete_kept": "Nicht gelöscht: {title}",
        "status_newest": "Der neueste ist vom {day}.",
        "status_taken_in": "Zuletzt kam etwas dazu: {when}.",
        "status_passages": "Zum Suchen bereit: {counted}, dazu {waiting} noch in Arbeit",
        "status_model": "Suche: {model}, Chroma {where}",
        "chroma_here": "in diesem Programm",
        "chroma_elsewhere": "in einem anderen Programm oder nicht in Gebrauch",
        "chroma_trouble": "gestört: {trouble}",
        "status_writes": "Antworten schreibt: {models}",
        "status_quotes": "Antworten: nur Zitate",
        "status_watch": "Beobachtete Quellen: {count} ({state})",
        "watch_runs": "läuft",
        "watch_rests": "läuft nicht",
        "status_failing": "• {name}: seit {when} ohne Erfolg. {why}",
        "stats_today": "Heute",
        "stats_week": "7 Tage",
        "stats_asked": (
            "{questions} von {people}, {share} % beantwortet, 👍 {good} 👎 {bad}, im Mittel "
            "{median} s"
        ),
        "stats_nothing": "keine Fragen",
        "stats_topics": "Beobachtet: {topics} von {people}",
        "watch_how": (
            "Schreiben Sie das Thema dahinter, zum Beispiel:\n/beobachte Fährverkehr\n\n"
            "Bringen neue Artikel etwas dazu, melde ich mich."
        ),
        "watch_length": "Ein Thema hat {least} bis {most} Zeichen und mindestens ein Wort.",
        "watching": (
            "Gut. Bringen neue Artikel etwas zu „{topic}“, melde ich mich hier, höchstens "
            "{a_day}-mal am Tag. /beobachtungen zeigt, was Sie beobachten, und beendet es."
        ),
        "watching_already": "„{topic}“ wird hier schon beobachtet.",
        "watch_too_many": (
            "Mehr als {most} Themen gehen nicht. Beenden Sie erst eines: /beobachtungen"
        ),
        "watches": "Sie beobachten:",
        "watches_here": "Hier wird beobachtet:",
        "watches_none": "Beobachtet wird nichts. /beobachte und ein Thema dahinter beginnt es.",
        "topic_elsewhere": "{line} (in einem anderen Chat)",
        "topic_ended": "Gut, das ist beendet.",
        "topic_of_another": "Beenden kann das nur, wer es begonnen hat.",
        "topic_news": "Neues zu „{topic}“:",
        "topic_last": "Das war dazu die letzte Meldung für heute.",
        "topic_end": "Beenden: /beobachtungen",
        "incomplete": "Das Sprachmodell ist nicht fertig geworden: Hier fehlt vielleicht etwas.",
        "budget_spent": (
            "Das Sprachmodell ist für heute aufgebraucht; so steht es in den Artikeln."
        ),
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
        "view_article": "View: {title}",
        "older_version": "‹ older version",
        "newer_version": "newer version ›",
        "whole_article": "Article",
        "to_page": "To the page",
        "ask_article": "Ask about it",
        "back_to_answer": "« Answer",
        "back_to_quote": "« Quote",
        "version_of": "Version {number} of {all}",
        "version_old": "Version {number} of {all}, not the latest",
        "quote_gone": "This version no longer says it that way.",
        "quote_not_yet": "This version doesn't say it that way yet.",
        "searching": "Searching {count} articles …",
        "reading": "Reading the articles that fit …",
        "one_ahead": "In a moment: one other question comes before yours.",
        "many_ahead": "In a moment: {count} other questions come before yours.",
        "in_line": "One after the other: this question is number {place} in your line.",
        "too_many": "I can't keep so many questions in mind. Please wait for the answers.",
        "too_fast": "That is too fast for me. Please wait a minute.",
        "enough_today": "You have asked enough for today. Let's go on tomorrow.",
        "enough_here": "Enough was asked here today. Let's go on tomorrow.",
        "cancelled": "Cancelled.",
        "stopped": "All right, I have stopped.",
        "nothing_to_stop": "I am not doing anything just now.",
        "nothing_before": "You have not asked me anything here yet.",
        "was_away": (
            "I was away for a while, I'm sorry. If you still want to know, please ask again."
        ),
        "maybe_lost": ("I was restarted. If the answer to this is missing, please ask again."),
        "broken_off": (
            "I was interrupted several times and could not answer this question. Please ask again."
        ),
        "forgot_you": (
            "All that I knew of you is deleted: your questions, their answers, and what you "
            "watch. The messages here you delete in Telegram."
        ),
        "help_admin": (
            "Just send a question as a message.\n\n"
            "/ingest followed by an address or a text takes in articles; a file you can simply "
            "send to me.\n"
            "/articles shows what there is, /delete removes an article.\n"
            "/status says how I am, /stats what is asked."
        ),
        "thanks": "Thank you!",
        "sorry": "Thank you. A pity that this didn't help.",
        "no_longer": "This is no longer there.",
        "only_article": "Only from “{title}”. /new asks all articles again.",
        "asks_alone": "Now it is about this article only. /new asks all of them again.",
        "inline_nothing": "The articles don't say",
        "inline_how": "Write a question",
        "quoted": "“{quote}”",
        "description": (
            "Ask me about the articles I know: I answer with quotations and say where they "
            "stand. If the articles don't say, I tell you that too."
        ),
        "short_description": "Answers from articles, every sentence with its source.",
        "command_again": "The last question once more",
        "command_cancel": "Stop searching",
        "command_watch": "Watch a topic",
        "command_watches": "What you watch",
        "command_status": "How fresh the articles are",
        "command_forget_me": "Delete everything about me",
        "command_ingest": "Take in articles",
        "command_articles": "The articles there are",
        "command_delete": "Delete an article",
        "command_stats": "What is asked",
        "admins_only": (
            "Only those who run this bot can do that, and only in a private chat with me."
        ),
        "take_how": (
            "This is how an article comes in:\n• /ingest followed by a link or several\n• "
            "/ingest followed by a text, its headline in the first line\n• send a file "
            "({kinds}; up to {most} MB)\n• reply with /ingest to a message that holds any of "
            "these"
        ),
        "take_waits": "I am still taking in something else. This comes next.",
        "take_fetches": "Fetching the file …",
        "take_reads": "Reading …",
        "take_so_far": "Reading … {counted}",
        "one_article": "1 article",
        "many_articles": "{count} articles",
        "one_paragraph": "1 paragraph",
        "many_paragraphs": "{count} paragraphs",
        "one_question": "1 question",
        "many_questions": "{count} questions",
        "one_person": "1 person",
        "many_persons": "{count} people",
        "one_topic": "1 topic",
        "many_topics": "{count} topics",
        "take_added": "New: {counted}.",
        "take_updated": "In a new version: {counted}.",
        "take_unchanged": "Already there, unchanged: {counted}.",
        "take_failed": "Not taken in: {counted}.",
        "take_nothing": "There was no article in it.",
        "take_more": "… and {count} more",
        "take_sample": "You may ask, for example: {question}",
        "take_stopped": "Stopped. What had been taken in by then stays.",
        "take_resumes": "I am being restarted; I'll take this in afterwards.",
        "take_broken": "This could not be taken in to its end several times. I won't try again.",
        "take_maybe_lost": (
            "I was restarted. If you have not been told what became of this, please send it again."
        ),
        "file_large": "This file is too large: at most {most} MB, please.",
        "file_empty": "This file is empty.",
        "file_kind": "I can't read files like that, only {kinds}.",
        "file_lost": "The file could not be fetched. Please send it again.",
        "why_gone": "It isn't there, or not any more.",
        "why_refused": "The site doesn't let me in.",
        "why_robots": "The site doesn't want to be read by programs.",
        "why_later": "The site asks for patience. Please try again later.",
        "why_no_address": "There is no such address.",
        "why_private": "This address lies in a private network.",
        "why_slow": "It took too long.",
        "why_site": "The site can't be reached just now, or doesn't answer as it should.",
        "why_paywall": "Only the beginning of the article is there; the rest is for subscribers.",
        "why_consent": "Instead of the article there is only a question about cookies.",
        "why_list": (
            "That is an overview and no article. Send the links of the articles themselves."
        ),
        "why_pictures": "It holds only pictures of text, no text.",
        "why_locked": "It is locked with a password.",
        "why_large": "It is too large.",
        "why_no_text": "There is no article in it.",
        "why_damaged": "It is damaged, or not what its name says.",
        "why_kind": "I can't read things like that.",
        "list_head": "{counted}, the newest first:",
        "list_head_words": "{counted} for “{words}”, the newest first:",
        "list_none": "There are no articles like that.",
        "delete_how": (
            "Write the number behind it, for example: /delete #12\n/articles shows the numbers."
        ),
        "delete_unknown": "There is no such article. /articles shows the numbers.",
        "delete_sure": "Delete this article with all its versions? This can't be undone.",
        "delete_yes": "Delete",
        "delete_no": "No",
        "delete_done": "Deleted: {title}",
        "delete_kept": "Not deleted: {title}",
        "status_newest": "The newest is of {day}.",
        "status_taken_in": "Something came in last: {when}.",
        "status_passages": "Ready to be searched: {counted}, and {waiting} still in work",
        "status_model": "Search: {model}, Chroma {where}",
        "chroma_here": "in this program",
        "chroma_elsewhere": "in another program or not in use",
        "chroma_trouble": "out of order: {trouble}",
        "status_writes": "Answers are written by: {models}",
        "status_quotes": "Answers: quotations only",
        "status_watch": "Watched sources: {count} ({state})",
        "watch_runs": "running",
        "watch_rests": "not running",
        "status_failing": "• {name}: without success since {when}. {why}",
        "stats_today": "Today",
        "stats_week": "7 days",
        "stats_asked": (
            "{questions} by {people}, {share} % answered, 👍 {good} 👎 {bad}, {median} s in "
            "the middle"
        ),
        "stats_nothing": "no questions",
        "stats_topics": "Watched: {topics} by {people}",
        "watch_how": (
            "Write the topic behind the command, for example:\n/watch ferry services\n\n"
            "When new articles bring something on it, I tell you."
        ),
        "watch_length": "A topic has {least} to {most} characters and at least one word.",
        "watching": (
            "Good. When new articles bring something on “{topic}”, I tell you here, at most "
            "{a_day} times a day. /watches shows what you watch and ends it."
        ),
        "watching_already": "“{topic}” is already being watched here.",
        "watch_too_many": "There can't be more than {most} topics. End one of them first: /watches",
        "watches": "You are watching:",
        "watches_here": "Being watched here:",
        "watches_none": "Nothing is being watched. /watch followed by a topic begins.",
        "topic_elsewhere": "{line} (in another chat)",
        "topic_ended": "Good, that has ended.",
        "topic_of_another": "Only who began this can end it.",
        "topic_news": "New on “{topic}”:",
        "topic_last": "That was the last message on this for today.",
        "topic_end": "To end this: /watches",
        "incomplete": "The language model didn't finish: something may be missing here.",
        "budget_spent": "The language model is used up for today; it is quoted as it stands there.",
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


def number(count: int, language: str | None) -> str:
    """A whole number as people write it in their language: 1.240, 1,240."""
    return f"{count:,}".replace(",", "." if language_of_words(language) == "de" else ",")


def stretch(since: date | None, until: date | None, language: str | None) -> str:
    """Days, both inclusive, as they follow "the articles": "vom 24.11.2026". One must be given."""
    first, last = (day(d.isoformat() if d else None, language) for d in (since, until))
    key = "from_to" if first and last else "since" if first else "until"
    return say("one_day" if since == until else key, language, since=first, until=last)
