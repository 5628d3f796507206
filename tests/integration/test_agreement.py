"""Invented pairs of sentences, weighed with the packaged model's vectors."""

import os
import re

import pytest

from bot.agreement import Claim, weigh
from tests.support.store import real_embedder
from vectorstore.embedder import Passage
from vectorstore.models import Span

# "?" a question and the leader's passage; below it others: "=" agrees, "#" differs, "-" is about
# something else. A passage is "before|the sentence|after". The pairs from the English question on
# Gerlingsau on were written after NEAR, SAYS_IT and WORDS had been chosen; ACROSS and PART came
# from what failed among them.
PAIRS = """
? Wie viele Menschen wurden bei dem Busunfall in Gerlingsau verletzt?|Auf der Landstraße bei
  Gerlingsau sind am Montag zwei Busse zusammengestoßen.|Bei dem Busunfall wurden nach Angaben der
  Polizei fünf Menschen verletzt.|Die Straße war bis zum Abend gesperrt.
= Unfall bei Gerlingsau.|Bei dem Zusammenstoß zweier Busse in Gerlingsau sind fünf Personen verletzt
  worden.|Alle kamen ins Krankenhaus.
= Gerlingsau – Zwei Busse stießen zusammen.|Es gab fünf Verletzte bei dem Busunfall in Gerlingsau,
  sagte ein Sprecher der Polizei.|Die Fahrer blieben heil.
# Busse stoßen in Gerlingsau zusammen.|Bei dem Busunfall in Gerlingsau gab es drei Verletzte.|Ein
  Kran hob die Wracks.
# Schwerer Unfall in Gerlingsau.|Sieben Menschen wurden bei dem Busunfall nahe Gerlingsau
  verletzt.|Zwei Hubschrauber kamen.
# Schwerer Unfall in Gerlingsau.|Bei dem Busunfall wurde niemand verletzt, teilte die Polizei
  mit.|Die Busse sind Schrott.
- In Astervelde brannte es.|Bei dem Brand in einem Wohnhaus in Astervelde wurden drei Menschen
  verletzt.|Die Ursache ist offen.
- Auf der Bundesstraße in Ellernrode stießen zwei Busse zusammen.|Bei dem Busunfall in Ellernrode
  wurden drei Menschen verletzt.|Es war glatt.
- Busse stoßen in Gerlingsau zusammen.|Bei dem Busunfall in Gerlingsau starben zwei Menschen.|Ein
  Kran hob die Wracks.
- Busse stoßen in Gerlingsau zusammen.|Nach dem Busunfall in Gerlingsau war die Landstraße vier
  Stunden gesperrt.|Ein Kran kam.
- Busse stoßen in Gerlingsau zusammen.|Bei dem Busunfall in Gerlingsau wurden zwei Menschen schwer
  verletzt.|Ein Kran kam.
? Wann wird die Ilmedebrücke gesperrt?|In Ketteln wird gebaut.|Die Ilmedebrücke wird vom 18. März an
  gesperrt.|Umleitungen führen über Astervelde.
= Autofahrer müssen sich umstellen.|Vom 18. März an ist die Ilmedebrücke in Ketteln
  gesperrt.|Fußgänger dürfen hinüber.
# Ketteln bekommt Stau.|Die Ilmedebrücke wird vom 25. März an gesperrt.|Die Stadt hat den Plan
  geändert.
- Gerlingsau bekommt Stau.|Die Mühlenbrücke in Gerlingsau wird vom 25. März an gesperrt.|Die Stadt
  baut.
- Ketteln freut sich.|Die Ilmedebrücke ist seit 1911 ein Wahrzeichen.|Viele malen sie.
- Ketteln freut sich.|Die Sperrung der Ilmedebrücke endet am 30. November.|Dann rollen wieder Busse.
? Wie viele Menschen versorgt die Talsperre Drosselgrund mit Trinkwasser?|Die Talsperre Drosselgrund
  wird saniert.|Sie versorgt etwa 62.000 Menschen in elf Gemeinden mit Trinkwasser.|Die Arbeiten
  dauern zwei Jahre.
= Wasser wird teurer.|Rund 62.000 Menschen erhalten ihr Trinkwasser aus der Talsperre
  Drosselgrund.|Der Verband erhöht die Gebühr.
# Wasser wird teurer.|Etwa 48.000 Menschen versorgt die Talsperre Drosselgrund mit Trinkwasser.|Der
  Verband erhöht die Gebühr.
- Viel Regen.|Die Talsperre Drosselgrund fasst 21 Millionen Kubikmeter Wasser.|Sie ist voll.
- Streit um Wasser.|Das Wasserwerk Ilmetal versorgt 30.000 Menschen in vier Gemeinden mit
  Trinkwasser.|Es ist alt.
? Wie viel kostet die neue Schwimmhalle in Ellernrode?|Der Stadtrat von Ellernrode hat
  entschieden.|Die neue Schwimmhalle kostet 14,5 Millionen Euro.|Das Land übernimmt ein Drittel.
= Ellernrode baut.|Für die neue Schwimmhalle gibt die Stadt 14,5 Millionen Euro aus.|Eröffnet wird
  sie im Herbst.
= Ellernrode baut.|Die Kosten der neuen Schwimmhalle liegen bei rund 14,4 Millionen Euro.|Eröffnet
  wird sie im Herbst.
# Ellernrode baut.|Die neue Schwimmhalle wird 19 Millionen Euro kosten.|Das sagte der Bürgermeister.
- Gerlingsau baut.|Die neue Sporthalle in Gerlingsau kostet 9 Millionen Euro.|Sie hat drei Felder.
- Ellernrode baut.|Der Eintritt in die Schwimmhalle kostet künftig 5 Euro.|Kinder zahlen die Hälfte.
= Ellernrode plans.|The new swimming pool in Ellernrode will cost 14.5 million euros.|Work begins
  soon.
# Ellernrode plans.|The new swimming pool in Ellernrode will cost 18 million euros.|Work begins
  soon.
? Wird die Straßenbahn nach Brunsby gebaut?|Lange wurde gestritten.|Die Straßenbahn nach Brunsby
  wird gebaut, beschloss der Kreistag.|Der erste Zug soll 2029 fahren.
= Knappe Mehrheit.|Der Kreistag hat beschlossen, dass die Straßenbahn nach Brunsby gebaut
  wird.|Vierzig Abgeordnete stimmten zu.
# Überraschung im Kreistag.|Die Straßenbahn nach Brunsby wird nicht gebaut.|Die Mehrheit stimmte
  dagegen.
- Aus dem Kreistag.|Die Buslinie nach Ketteln wird nicht eingestellt.|Das beschloss der Kreistag.
? Wer leitet den Kulturfonds von Astervelde?|Das Geld ist knapp.|Den Kulturfonds von Astervelde
  leitet Anna Berger.|Sie ist Juristin.
= Neues aus Astervelde.|Anna Berger ist Leiterin des Kulturfonds von Astervelde.|Der Fonds fördert
  Chöre.
- Neues aus Astervelde.|Der Kulturfonds von Astervelde fördert vierzig Chöre.|Die Nachfrage ist
  groß.
- Neues aus Brunsby.|Den Sportverein von Brunsby leitet Jonas Falk.|Er war Ringer.
- Neues aus Astervelde.|Den Kulturfonds von Astervelde leitet Jonas Falk.|Er war Ringer.
? When will the maritime museum in Wrenfold open?|There is news from Wrenfold.|The maritime museum
  in Wrenfold will open on March 18.|Entry is free in the first week.
= The harbour changes.|Wrenfold's maritime museum opens its doors on 18 March.|Ships from three
  centuries are shown.
# The harbour changes.|The maritime museum in Wrenfold will open on April 2.|Ships are shown.
- The harbour changes.|The city library in Oxmoor will open on April 2.|Books are moved.
- The harbour changes.|The maritime museum in Wrenfold cost nine million pounds.|Ships are shown.
? How many people were injured in the fire in Hollin Vale?|A warehouse burned in Hollin Vale on
  Sunday.|Three people were injured in the fire at the Hollin Vale warehouse, police said.|The cause
  is not known.
= Fire crews were called at noon.|The warehouse fire in Hollin Vale left three people injured,
  according to police.|Smoke drifted over the valley.
= Hollin Vale.|Three people were injured in the fire at the Hollin Vale warehouse.|A neighbour
  called the fire brigade.
# Hollin Vale.|Five people were injured in the warehouse fire in Hollin Vale.|One is in hospital.
- Oxmoor.|Five people were injured in a train crash in Oxmoor, police said.|It was foggy.
- Hollin Vale.|Two people died in the fire at the Hollin Vale warehouse.|They were night guards.
- Hollin Vale.|Twenty firefighters fought the fire at the Hollin Vale warehouse.|They needed six
  hours.
? Who took over the Hollin Vale paper mill?|The owner had gone bankrupt.|Workers have taken over the
  Hollin Vale paper mill for 1.2 million pounds.|They start again in May.
= The mill runs again.|The paper mill in Hollin Vale was taken over by its workers for £1.2
  million.|Sixty people work there.
# The mill runs again.|Workers took over the Hollin Vale paper mill for 2.5 million pounds.|Sixty
  people work there.
- Old crafts.|The Hollin Vale paper mill was built in 1874.|It made wallpaper.
? Was wird mit der Ilmedebrücke?|In Ketteln wird gebaut.|Die Ilmedebrücke wird vom 18. März an
  gesperrt.|Umleitungen führen über Astervelde.
# Ketteln bekommt Stau.|Die Ilmedebrücke in Ketteln wird vom 2. April an gesperrt.|Die Stadt hat den
  Plan geändert.
? How many people were injured in the bus crash in Gerlingsau?|Auf der Landstraße bei Gerlingsau
  sind am Montag zwei Busse zusammengestoßen.|Bei dem Busunfall wurden nach Angaben der Polizei fünf
  Menschen verletzt.|Die Straße war bis zum Abend gesperrt.
# Two buses collided in Gerlingsau.|Three people were injured in the bus crash in Gerlingsau, police
  said.|The road was closed.
= Two buses collided in Gerlingsau.|Five people were injured in the bus crash in Gerlingsau, police
  said.|The road was closed.
? Wann eröffnet das Heimatmuseum in Oberlauen?|Oberlauen feiert.|Das Heimatmuseum in Oberlauen wird
  am 3. Mai eröffnet.|Der Eintritt ist frei.
# Oberlauen.|Am 10. Mai öffnet in Oberlauen das Heimatmuseum.|Es zeigt Trachten.
- Oberlauen.|Das Heimatmuseum Oberlauen zeigt bis zum 10. Mai Trachten.|Es ist klein.
? Wie hoch ist der Schaden beim Scheunenbrand in Lauental?|In Lauental hat eine Scheune
  gebrannt.|Den Schaden schätzt die Feuerwehr auf 200.000 Euro.|Verletzt wurde niemand.
# Scheunenbrand in Lauental.|Nach ersten Schätzungen entstand ein Schaden von 350.000 Euro.|Tiere
  wurden gerettet.
- Scheunenbrand in Lauental.|Die Feuerwehr sammelte Spenden von 35.000 Euro für die Familie.|Tiere
  wurden gerettet.
= Scheunenbrand in Lauental.|Der Schaden liegt bei rund 200.000 Euro.|Tiere wurden gerettet.
? Wie viele Einwohner hat Moorwede?|Moorwede wächst.|Moorwede hat 31.400 Einwohner.|Viele pendeln.
# Statistik.|In Moorwede leben 29.800 Einwohner.|Die Zahl sinkt.
? Wie viele Wohnungen entstehen am Hafen von Brunsby?|Brunsby baut.|Am Hafen von Brunsby entstehen
  120 Wohnungen.|Ein Drittel ist gefördert.
# Brunsby.|Die Stadt Brunsby baut am Hafen 150 neue Wohnungen.|Sie werden teuer.
- Brunsby.|Im Süden von Brunsby stehen 80 Wohnungen leer.|Sie sind alt.
- Brunsby.|40 der Wohnungen am Hafen von Brunsby werden gefördert.|Sie werden teuer.
? Will the ferry to Skarholm run in winter?|News from the coast.|The ferry to Skarholm will run in
  winter, the council said.|Fares rise.
# Island news.|The ferry to Skarholm will not run in winter.|Islanders protest.
- Island news.|The ferry to Skarholm does not carry cars.|Islanders protest.
? Wie viele Menschen demonstrierten in Moorwede?|Protest in Moorwede.|In Moorwede demonstrierten
  nach Angaben der Veranstalter 2.000 Menschen gegen die Deponie.|Es blieb ruhig.
# Moorwede.|Die Polizei zählte bei der Demonstration in Moorwede 1.200 Menschen.|Es regnete.
? Wie lang ist der neue Radweg nach Ketteln?|Radler freuen sich.|Der neue Radweg nach Ketteln ist
  6,5 Kilometer lang.|Er kostet 2 Millionen Euro.
# Ketteln.|Auf einer Länge von 8 Kilometern führt der neue Radweg nach Ketteln.|Er ist beleuchtet.
"""
RELATIONS = {"=": "agrees", "#": "differs", "-": "apart"}


def pairs():
    """Question, leader's passage, other passage and their relation."""
    question = leader = ""
    for mark, wrapped in re.findall(r"^([?=#-]) (.*(?:\n  .*)*)", PAIRS, re.M):
        text = " ".join(wrapped.split())
        if mark == "?":
            question, _, leader = text.partition("|")
        else:
            yield question, leader, text, RELATIONS[mark]


@pytest.fixture(scope="module")
def embedder():
    return real_embedder()


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    """Two threads spin at barriers on a busy machine (facts.md), and here every core is busy."""
    monkeypatch.setattr(os, "cpu_count", lambda: 1)


def claim(embedder, name, passage):
    before, sentence, after = passage.split("|")
    text = f"{before} {sentence} {after}"
    start = len(before) + 1
    passage = Passage(text, (Span(start, start + len(sentence)),))
    vectors = embedder.encode_passages([passage])[0].sentences
    language = "en" if re.search(r"\b(?:the|is|are|was|were)\b", text, re.I) else "de"
    return Claim(sentence, name, text, None, language, vectors[0], 1.0)


@pytest.mark.parametrize(("question", "leader", "other", "expected"), list(pairs()))
def test_invented_pairs_are_told_apart(embedder, question, leader, other, expected):
    weighed = weigh(question, [claim(embedder, "a", leader), claim(embedder, "b", other)])
    found = "agrees" if weighed.agreeing else "differs" if weighed.differing else "apart"
    assert found == expected
