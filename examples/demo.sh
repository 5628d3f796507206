#!/bin/sh
# `make demo`: takes in the sample articles and asks four questions. Everything stays in .demo.
set -eu
export BELEG_HOME="${BELEG_DEMO_HOME:-.demo}"
cd "$(dirname "$0")/.."

say() { printf '\n\033[1m$ %s\033[0m\n' "$*"; }
ask() {
    say "beleg ask \"$1\""
    beleg ask "$1" || [ $? -eq 3 ]  # 3: the articles don't say, which is an answer too
}

say "beleg ingest examples/articles"
beleg ingest examples/articles
ask "Wie lange dauert es, die Akkus der neuen Fähre in Brunsby zu laden?"
ask "Ab wann sind die Silbermünzen aus Sankt Odwin im Museum zu sehen?"
ask "How many households will the river heat pump in Gerlingsau supply?"
ask "Was kostet eine Fahrkarte für die Fähre von Brunsby nach Lüttholm?"
printf '\nEvery sentence above is verbatim from an article; the last question has no answer in them.\n'
printf 'Your turn: BELEG_HOME=.demo .venv/bin/beleg chat\n'
