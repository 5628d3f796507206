"""Names to recognise in news and to lie with: first names, places, organisations."""

FIRST_NAMES = frozenset(
    """Angela Gerhard Joschka Wolfgang Helmut Horst Franz Frank Edmund Guido Oskar Peter Ulla Renate
    Heide Christian Annette Sigmar Franz Günther Johannes Klaus Kurt Roland Thomas Otto Jürgen
    Michael Matthias Andreas Stefan Stephan Martin Markus Dieter Hans Karl Heinz Ernst Walter Werner
    Rolf Ralf Uwe Bernd Jens Lars Sven Torsten Thorsten Oliver Alexander Sebastian Daniel David
    Julia Anna Maria Katharina Sabine Petra Monika Ursula Claudia Barbara Susanne Karin Eva Ute
    Hillary Barack George John Bill Donald Mitt Joe Dick Condoleezza Colin Tony Gordon James Robert
    William Richard Charles Jacques Nicolas François Silvio Romano José Vladimir Wladimir Dmitri
    Viktor Julija Mahmud Ariel Ehud Benjamin Saddam Osama Kofi Hugo Fidel Evo Luiz Álvaro Jan
    Paul Pius Benedikt Joseph Josef Bruce Steve Jimmy Mark Henry Edward Thomas Nikola Genghis Martin
    Lance Roger Rafael Serena Michael Felipe Kimi Fernando Lewis Nick Ralf Jenson""".split()
)
PLACES = frozenset(
    """Berlin Hamburg München Köln Frankfurt Stuttgart Düsseldorf Dortmund Essen Leipzig Bremen
    Dresden Hannover Nürnberg Duisburg Bochum Wuppertal Bonn Münster Karlsruhe Mannheim Augsburg
    Wiesbaden Mainz Kassel Potsdam Rostock Kiel Lübeck Magdeburg Erfurt Freiburg Heidelberg Wien
    Salzburg Graz Linz Zürich Bern Basel Genf Paris London Madrid Barcelona Rom Mailand Brüssel
    Amsterdam Kopenhagen Stockholm Oslo Helsinki Warschau Prag Budapest Moskau Kiew Istanbul Ankara
    Athen Lissabon Washington Chicago Boston Houston Miami Peking Tokio Bagdad Kabul Teheran Kairo
    Jerusalem Beirut Damaskus Islamabad Deutschland Frankreich Italien Spanien Portugal Polen
    Österreich Schweiz Belgien Niederlande Dänemark Schweden Norwegen Finnland Russland Ukraine
    Türkei Griechenland Ungarn Tschechien Rumänien Bulgarien Serbien Kroatien Israel Iran Irak
    Afghanistan Pakistan Indien China Japan Nordkorea Südkorea Australien Kanada Mexiko Brasilien
    Argentinien Chile Kuba Venezuela Ägypten Libyen Sudan Kenia Nigeria Südafrika Bayern Sachsen
    Hessen Thüringen Brandenburg Saarland Niedersachsen Schleswig Munich Cologne Vienna Geneva Rome
    Milan Brussels Copenhagen Warsaw Prague Moscow Athens Lisbon Beijing Tokyo Baghdad Cairo Germany
    France Italy Spain Poland Austria Switzerland Belgium Denmark Sweden Norway Finland Russia
    Turkey Greece Hungary Romania Serbia Croatia Iraq India Australia Canada Mexico Brazil Argentina
    Cuba Egypt Libya Kenya California Texas Florida Denver Carolina Jacksonville Fresno Victoria
    Melbourne Newcastle Southampton Virginia Pennsylvania Philadelphia""".split()
)
ORGANISATIONS = frozenset(
    """SPD CDU CSU FDP PDS NPD ADAC ARD ZDF RTL BBC CNN NATO UNO EU USA UN FBI CIA NASA ESA WHO IWF
    DGB IBM BMW VW AEG SAP GEZ GEMA BND BKA UEFA FIFA DFB NFL ABC NBC CBS IPCC ITV AFL Greenpeace
    Microsoft Google Apple Siemens Volkswagen Lufthansa Telekom Daimler Opel Ford Toyota Airbus
    Boeing Nokia Sony Intel Yahoo Wikipedia Wikimedia Bundestag Bundesrat Hamas Hisbollah Fatah
    Taliban Opec Interpol Amnesty Broncos Panthers Netflix Facebook Nestlé Bosch Bayer""".split()
)
