#!/bin/sh
# `make demo`: takes in the sample articles and asks four questions. Everything stays in .demo.
set -eu
export BELEG_HOME="${BELEG_DEMO_HOME:-.demo}"
cd "$(dirname "$0")/.."

bold='' plain=''
if [ -t 1 ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m'); fi
say() { printf '\n%s$ %s%s\n' "$bold" "$*" "$plain"; }
ask() {
    say "beleg ask \"$1\""
    beleg ask "$1" || [ $? -eq 3 ]  # 3: the articles don't say, which is an answer too
}

say "beleg ingest examples/articles"
beleg ingest examples/articles
ask "Wie viele Menschen versorgt die Talsperre Drosselgrund mit Trinkwasser?"
ask "Warum wurde die Bahnstrecke zwischen Astervelde und Ketteln 1984 stillgelegt?"
ask "How much diesel will the ferry company save each year?"
ask "Wann wird der Flughafen in Gerlingsau eröffnet?"
printf '\nEvery quoted sentence above is verbatim from an article, so the English question got a German\n'
printf 'one; the last question has no answer in them.\n'
printf 'Your turn: BELEG_HOME=%s .venv/bin/beleg chat\n' "$BELEG_HOME"
