# ruff: noqa: E501
"""What the sentences of varied.py are made of."""


def _list(text: str) -> list[str]:
    return [" ".join(item.split()) for item in text.split("|")]


SYLLABLES = {
    "de": (
        """al|an|ber|bram|bre|dil|dor|el|eich|fal|fin|gan|ger|gol|hal|har|hei|hol|il|jar|kal|kem|
        kir|kol|lan|lei|lin|lo|mal|mar|mei|mol|nei|nor|ol|os|pel|pin|ra|rei|ro|sal|schar|sei|sil|
        tal|tan|thal|ul|vel|vos|wal|wei|wil|zan|zel|bux|drö|flen|grün|hüt|kör|lüb|mün|röt|süd|wür""".replace(
            "\n", ""
        )
        .replace(" ", "")
        .split("|"),
        "a|e|en|er|in|is|ma|na|o|ra|ri|sa|ta|te|un|win|der|ker|len|men|nig|pel|ster|ten|zen".split(
            "|"
        ),
        {
            "place": "berg|burg|dorf|feld|hafen|hausen|heim|hof|ingen|itz|kirchen|rode|see|stadt|stedt|"
            "tal|wald|weiler|büttel|au".split("|"),
            "person": "mann|er|ing|ke|sen|ner|lich|ler|hardt|meier|bach|ow|sch|ing|eck|bauer".split(
                "|"
            ),
            "firm": "tec|werk|bau|ex|ia|on|plan|energie|bank|haus|trans|med".split("|"),
            "street": "straße|weg|platz|allee|gasse|ufer|damm|ring".split("|"),
        },
    ),
    "en": (
        """ald|ash|bar|bex|brad|bri|carl|chel|cor|dar|den|east|el|far|fen|gal|glen|grim|hal|har|
        hex|hol|ips|kel|ken|lan|ley|lin|mal|mar|mil|nor|oak|ox|pem|pres|rad|rich|ro|sal|sel|shel|
        stan|sud|tam|thorn|tor|up|wal|war|wel|wex|whit|win|wor|yar""".replace("\n", "")
        .replace(" ", "")
        .split("|"),
        "a|ber|bor|den|der|e|er|ford|ing|ley|ling|ma|mer|ning|o|ring|row|ster|ton|wick".split("|"),
        {
            "place": "borough|bridge|bury|by|chester|combe|field|ford|ham|haven|ley|mouth|pool|shire|"
            "stead|ton|wick|worth".split("|"),
            "person": "son|well|man|ton|er|ley|s|ford|wood|worth|ard|ington|shaw|low".split("|"),
            "firm": "tech|works|corp|line|ware|gen|co|bank|fields|mark".split("|"),
            "street": " Street| Road| Lane| Square| Avenue| Hill| Gardens".split("|"),
        },
    ),
}
for _starts, _middles, _ends in SYLLABLES.values():
    _starts[:] = [start.capitalize() for start in _starts]

FIRMS = {
    "de": ["AG", "GmbH", "KG", "eG", "SE", "Stiftung", "Verkehrsbetriebe", "Stadtwerke"],
    "en": ["plc", "Ltd", "Group", "Trust", "Holdings", "Partners", "Brothers", "Council"],
}
NAMES = {
    "de": {
        "first": """Anna|Bernd|Clara|Detlef|Elif|Frank|Greta|Hakan|Ines|Jonas|Katrin|Lars|Miriam|
        Norbert|Olga|Peter|Rosa|Sven|Tanja|Uwe|Vera|Wolfgang|Yasmin|Zoran|Marta|Leon|Sabine|Emil""".replace(
            "\n", ""
        )
        .replace(" ", "")
        .split("|"),
        "months": """Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|
        Dezember""".replace("\n", "")
        .replace(" ", "")
        .split("|"),
        "verbs": """begrüßte|kritisierte|verteidigte|prüfte|verschob|beantragte|erläuterte|meldete|
        unterstützte|verwarf|bestellte|besichtigte|finanzierte|eröffnete|verhinderte|plante""".replace(
            "\n", ""
        )
        .replace(" ", "")
        .split("|"),
        "open": _list(
            """Am Dienstagabend|Nach langer Debatte|Trotz aller Warnungen|Auf Nachfrage|Zuvor|
            Wenige Stunden später|Überraschend|Am Rande der Sitzung|Seit Monaten|Im Frühjahr|
            Bei strömendem Regen|Mit knapper Mehrheit|Vor zwei Wochen|Kurz vor Mitternacht|Dagegen"""
        ),
    },
    "en": {
        "first": """Alice|Ben|Carol|David|Emma|Frank|Grace|Harold|Irene|Jack|Kate|Liam|Maya|Nigel|
        Olive|Paul|Quentin|Ruth|Simon|Tara|Umar|Violet|Walter|Yvonne|Zoe|Oscar|Priya|Leila""".replace(
            "\n", ""
        )
        .replace(" ", "")
        .split("|"),
        "months": """January|February|March|April|May|June|July|August|September|October|November|
        December""".replace("\n", "")
        .replace(" ", "")
        .split("|"),
        "verbs": """welcomed|criticised|defended|examined|postponed|requested|explained|reported|
        supported|rejected|ordered|visited|funded|opened|prevented|planned""".replace("\n", "")
        .replace(" ", "")
        .split("|"),
        "open": _list(
            """On Tuesday evening|After a long debate|Despite every warning|When asked|Before that|
            A few hours later|To general surprise|On the fringe of the meeting|For months|In spring|
            In pouring rain|By a narrow margin|Two weeks ago|Shortly before midnight|By contrast"""
        ),
    },
}
COMPOUND = {
    "de": (
        """Bahnhofs|Hafen|Schul|Kranken|Wasser|Wind|Solar|Abfall|Verkehrs|Fähr|Brücken|Museums|
        Theater|Sport|Hochwasser|Kohle|Stahl|Milch|Wein|Fischerei|Forst|Wohnungs|Straßenbahn|
        Radwege|Flughafen|Mülldeponie|Tunnel|Bibliotheks|Kirchen|Rathaus|Kläranlagen|Moor|Gletscher|
        Impfstoff|Glasfaser|Batterie|Wasserstoff|Archiv|Ernte|Lehrer|Pflege|Justiz|Polizei|Denkmal""".replace(
            "\n", ""
        )
        .replace(" ", "")
        .split("|"),
        """Sanierung|Erweiterung|Verwaltung|Prüfung|Reform|Förderung|Planung|Versorgung|Werkstatt|
        Gesellschaft|Genossenschaft|Ausstellung|Baustelle|Anlage|Messung|Kommission|Steuer|Abgabe|
        Zentrale|Strecke|Behörde|Forschung|Ordnung|Statistik|Initiative|Kooperation|Produktion""".replace(
            "\n", ""
        )
        .replace(" ", "")
        .split("|"),
        """Beton|Lärm|Regen|Strom|Geduld|Dachziegel|Pumpen|Anwohner|Zeugen|Gutachten|Rücklagen|
        Fledermäuse|Kräne|Fahrpläne|Spenden|Zinsen|Verträge|Rohre|Proben|Sensoren|Störche|Kabel|
        Leitungen|Parkplätze|Fördermittel|Lehrstellen|Überstunden|Bußgelder|Gerüste|Container""".replace(
            "\n", ""
        )
        .replace(" ", "")
        .split("|"),
    ),
    "en": (
        """station|harbour|school|hospital|water|wind|solar|waste|traffic|ferry|bridge|museum|
        theatre|sports|flood|coal|steel|dairy|wine|fishing|forest|housing|tram|cycling|airport|
        landfill|tunnel|library|church|town hall|sewage|peatland|glacier|vaccine|fibre|battery|
        hydrogen|archive|harvest|teacher|care|court|police|heritage""".replace(
            "\n        ", ""
        ).split("|"),
        """renovation|extension|administration|audit|reform|subsidy|scheme|supply|workshop|company|
        cooperative|exhibition|works|plant|survey|commission|tax|levy|centre|line|authority|
        research|code|census|initiative|partnership|production""".replace("\n        ", "").split(
            "|"
        ),
        """concrete|noise|rain|power|patience|roof tiles|pumps|residents|witnesses|reports|reserves|
        bats|cranes|timetables|donations|interest|contracts|pipes|samples|sensors|storks|cables|
        conduits|parking spaces|grants|apprenticeships|overtime|fines|scaffolding|containers""".replace(
            "\n        ", ""
        ).split("|"),
    ),
}
TITLES = {
    "de": _list(
        """{place}: Streit um die {project}|{person} stellt {project} in {place} vor|
        Die {project} in {place} kostet mehr als gedacht|{firm} zieht sich aus {place} zurück|
        Neue Hoffnung für die {project}|{place} beschließt {project}"""
    ),
    "en": _list(
        """{place}: row over {project}|{person} presents {project} in {place}|
        The {project} in {place} costs more than expected|{firm} pulls out of {place}|
        New hope for the {project}|{place} approves {project}"""
    ),
}
SENTENCES = {
    "de": _list(
        """Die {project} in {place} kostet {sum} Millionen Euro.|
        {person} leitet die {project} in {place} seit dem {day}.|
        Den Auftrag für die {project} bekam die {firm}.|
        Fertig werden soll die {project} in {place} im Jahr {year}.|
        {count} Menschen haben gegen die {project} unterschrieben, sagte {person2}.|
        {person2} von der {firm} sprach von {n} Euro, die für {noun} fehlen.|
        {open} {verb} {person} die Pläne der {firm} für {place2}.|
        {open} {verb} der Rat von {place} die {thing}, obwohl {noun} knapp sind.|
        In {place2} hatte eine {thing} vor Jahren {m} Prozent mehr gekostet als geplant.|
        Bis zum {day} müssen {n} {noun} geprüft werden, so steht es im Vertrag mit der {firm}.|
        „Wir haben zu lange gewartet“, sagte {person}, „jetzt zählt in {place} jeder Tag.“|
        „Ohne {noun} geht es nicht“, meinte {person3}, der in der {street} wohnt.|
        Die Anwohner der {street} klagen über {noun} und fürchten die {thing}.|
        {person3} hat als Sachverständige {m} Mängel an der {project} gefunden.|
        Das Gericht in {place2} wies am {day} eine Klage der {firm} ab.|
        Nach Angaben der {firm} arbeiten in {place} derzeit {n} Beschäftigte.|
        Im vergangenen Jahr waren es {m} Prozent weniger, teilte die {thing} mit.|
        {open} {verb} die Gewerkschaft in {place} den Vorschlag von {person2}.|
        Wie {person} erklärte, sollen {noun} künftig aus {place2} kommen.|
        Der Verein um {person3} sammelte {n} Euro für die {thing} an der {street}.|
        Ein Gutachten vom {day} nennt {m} Gründe, warum die {thing} scheitern könnte.|
        Für {place} geht es um {noun}, für die {firm} um {n} Euro.|
        Ob die {thing} in {place2} ein Vorbild sein kann, ist unter Fachleuten umstritten.|
        Die Opposition verlangt, dass {person} bis zum {day} alle Zahlen offenlegt.|
        Am {day} war in der {street} ein Rohr gebrochen, {m} Keller liefen voll.|
        {person2} und {person3} kennen sich seit der gemeinsamen Zeit bei der {firm}.|
        Zum Ärger vieler Pendler fuhren {m} Wochen lang keine Züge nach {place2}.|
        Gleichwohl sieht {person2} in der {thing} eine Chance für die ganze Region.|
        Beobachter rechnen nicht damit, dass sich daran vor dem Winter etwas ändert.|
        Weitere Gespräche sind für die kommende Woche angesetzt.|
        Das Land gibt einen Zuschuss von {m} Prozent, den Rest trägt {place} allein.|
        {open} {verb} ein Sprecher der {firm} auch die {thing} und nannte {noun} als Grund."""
    ),
    "en": _list(
        """The {project} in {place} costs {sum} million pounds.|
        {person} has been in charge of the {project} in {place} since {day}.|
        The contract for the {project} went to {firm}.|
        The {project} in {place} is due to be finished in {year}.|
        As many as {count} people have signed a petition against the {project}, {person2} said.|
        {person2} of {firm} spoke of {n} pounds that are lacking for {noun}.|
        {open} {person} {verb} the plans of {firm} for {place2}.|
        {open} the council of {place} {verb} the {thing}, although {noun} are scarce.|
        In {place2} a {thing} had cost {m} per cent more than planned some years ago.|
        By {day} some {n} {noun} have to be checked, says the contract with {firm}.|
        “We have waited for too long,” said {person}, “every day counts in {place} now.”|
        “It cannot be done without {noun},” said {person3}, who lives in {street}.|
        Residents of {street} complain of {noun} and fear the {thing}.|
        {person3}, an independent surveyor, found {m} faults in the {project}.|
        The court in {place2} dismissed a suit by {firm} on {day}.|
        According to {firm}, {n} people work in {place} at present.|
        Last year there were {m} per cent fewer, the {thing} reported.|
        {open} the union in {place} {verb} the proposal made by {person2}.|
        As {person} explained, {noun} are to come from {place2} in future.|
        The society around {person3} raised {n} pounds for the {thing} in {street}.|
        A report of {day} gives {m} reasons why the {thing} might fail.|
        At stake for {place} are {noun}, for {firm} it is {n} pounds.|
        Whether the {thing} in {place2} can be a model is disputed among experts.|
        The opposition demands that {person} publish all figures by {day}.|
        On {day} a pipe burst in {street}, and {m} cellars were flooded.|
        {person2} and {person3} have known each other since their time at {firm}.|
        Much to the anger of commuters no trains ran to {place2} for {m} weeks.|
        Even so {person2} sees a chance for the whole region in the {thing}.|
        Observers do not expect that to change before winter.|
        Further talks are set for next week.|
        The state pays a grant of {m} per cent, the rest falls on {place} alone.|
        {open} a spokesman for {firm} {verb} the {thing} as well and named {noun} as the reason."""
    ),
}
