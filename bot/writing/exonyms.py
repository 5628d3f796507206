"""Names that German and English spell differently, and the people of a country. Pure.

"Deutschland", "Germany", "deutsche", "Germans" are one name in two languages. Countries and the
big cities come from CLDR (Babel); here stand the words for their people, and what CLDR lacks.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from vectorstore import lexical

_PEOPLES = """deutschland germany deutsch deutsche german
frankreich france französisch franzose französin french frenchman
großbritannien britain britisch brite briten british britons königreich kingdom uk gb
england englisch engländer english
schottland scotland schottisch schotte schotten scottish scots
wales walisisch waliser welsh
irland ireland irisch ire iren irish
italien italy italienisch italiener italian
spanien spain spanisch spanier spanish spaniard
portugal portugiesisch portugiese portugiesen portuguese
niederlande netherlands niederländisch niederländer holland holländer dutch
belgien belgium belgisch belgier belgian
luxemburg luxembourg luxemburgisch luxemburger
österreich austria österreichisch österreicher austrian
schweiz switzerland schweizerisch schweizer swiss
polen poland polnisch pole polish
tschechien czechia tschechisch tscheche tschechen czech
slowakei slovakia slowakisch slowake slowaken slovak
ungarn hungary ungarisch ungar hungarian
rumänien romania rumänisch rumäne rumänen romanian
bulgarien bulgaria bulgarisch bulgare bulgaren bulgarian
griechenland greece griechisch grieche griechen greek
türkei turkey türkiye türkisch türke türken turkish turk ottoman osmanisch osmanen
russland russia russisch russe russen russian
ukraine ukrainisch ukrainer ukrainian
weißrussland belarus weißrussisch belarussisch belarussian belarusian
litauen lithuania litauisch litauer lithuanian
lettland latvia lettisch lette letten latvian
estland estonia estnisch este esten estonian
finnland finland finnisch finne finnen finnish finns
schweden sweden schwedisch schwede swedish swede
norwegen norway norwegisch norweger norwegian
dänemark denmark dänisch däne dänen danish dane
island iceland isländisch isländer icelandic icelander
serbien serbia serbisch serbe serben serbian serb
kroatien croatia kroatisch kroate kroaten croatian croat
slowenien slovenia slowenisch slowene slowenen slovenian
bosnien bosnia bosnisch bosnier bosnian
albanien albania albanisch albaner albanian
mazedonien macedonia mazedonisch mazedonier macedonian
amerika america amerikanisch amerikaner american usa us states united vereinigte vereinigten
un uno vereinte vereinten nationen nations united
ezb ecb
iwf imf
who weltgesundheitsorganisation
kanada canada kanadisch kanadier canadian
mexiko mexico mexikanisch mexikaner mexican
brasilien brazil brasilianisch brasilianer brazilian
argentinien argentina argentinisch argentinier argentinian argentine
chile chilenisch chilene chilenen chilean
kolumbien colombia kolumbianisch kolumbianer colombian
kuba cuba kubanisch kubaner cuban
venezuela venezolanisch venezolaner venezuelan
china chinesisch chinese chinesen
japan japanisch japaner japanese
korea koreanisch koreaner korean
indien india indisch inder indian
pakistan pakistanisch pakistaner pakistani
afghanistan afghanisch afghane afghanen afghan
iran iranisch iraner iranian
irak iraq irakisch iraker iraqi
israel israelisch israeli israelis
palästina palestine palästinensisch palästinenser palestinian
syrien syria syrisch syrer syrian
libanon lebanon libanesisch libanese libanesen lebanese
jordanien jordan jordanisch jordanier jordanian
saudi saudisch saudis
ägypten egypt ägyptisch ägypter egyptian
libyen libya libysch libyer libyan
tunesien tunisia tunesisch tunesier tunisian
algerien algeria algerisch algerier algerian
marokko morocco marokkanisch marokkaner moroccan
äthiopien ethiopia äthiopisch äthiopier ethiopian
südafrika südafrikanisch südafrikaner
kenia kenya kenianisch kenianer kenyan
nigeria nigerianisch nigerianer nigerian
australien australia australisch australier australian
neuseeland neuseeländisch neuseeländer
europa europe europäisch europäer european
afrika africa afrikanisch afrikaner african
asien asia asiatisch asiat asiaten asian
arabien arabia arabisch araber arab arabic arabian
jude jüdisch juden jewish jew jews
christ christlich christen christian christians
islam islamisch muslimisch muslim muslime islamic moslem
katholisch katholik katholiken catholic
protestantisch protestant protestanten
rom rome römisch römer roman
normandie normandy normannisch normanne normannen norman
mongolei mongolia mongolisch mongole mongolen mongol mongolian
persien persia persisch perser persian
bayern bavaria bayerisch bayrisch bavarian
sachsen saxony sächsisch saxon
hessen hesse hessisch hessian
thüringen thuringia thüringisch thuringian
preußen prussia preußisch prussian
schlesien silesia
pommern pomerania
elsass alsace
lothringen lorraine
rheinland rhineland
rhein rhine
donau danube
mosel moselle
weichsel vistula
wolga volga
themse thames
nil nile
alpen alps alpine
bodensee constance
ostsee baltic
mittelmeer mediterranean
atlantik atlantic
pazifik pacific
karibik caribbean
köln cologne
münchen munich
nürnberg nuremberg
hannover hanover
braunschweig brunswick
wien vienna
zürich zurich
genf geneva
basel basle
luzern lucerne
mailand milan
venedig venice
florenz florence
neapel naples
turin torino
genua genoa
warschau warsaw
krakau cracow krakow
breslau wroclaw
danzig gdansk
prag prague
moskau moscow
kiew kiev kyiv
odessa odesa
brüssel brussels
antwerpen antwerp
gent ghent
brügge bruges
haag hague
kopenhagen copenhagen
göteborg gothenburg
athen athens
lissabon lisbon
bukarest bucharest
belgrad belgrade
straßburg strasbourg
nizza nice
peking beijing
kairo cairo
tokio tokyo
teheran tehran
bagdad baghdad
damaskus damascus
singapur singapore
kalifornien california
pennsylvanien pennsylvania
viktoria victoria victorian viktorianisch
luther lutheran lutherisch lutheraner
hugenotten huguenot huguenots hugenottisch
kaukasus caucasus
balkan balkans
dortmund
eisenach
erlangen
heilbronn
karlsruhe
landshut
münster
niedersachsen
saarland
wiesbaden
wuppertal
zweibrücken"""


def same_named(root: str) -> frozenset[str]:
    """What a folded name without its endings stands for, in either language; empty if unknown."""
    return _names().get(root, frozenset())


@lru_cache(maxsize=1)
def _names() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for word, key in (*_peoples(), *_countries_and_cities()):
        found.setdefault(word, set()).add(key)
    return {word: frozenset(keys) for word, keys in found.items()}


def _peoples() -> Iterator[tuple[str, str]]:
    for row in _PEOPLES.splitlines():
        first, *others = map(_fold, row.split())
        yield from ((word, first) for word in (first, *others))


def _countries_and_cities() -> Iterator[tuple[str, str]]:
    """Those of one word: of others each word by itself is written alike, or it is a common one."""
    from babel import Locale

    german, english = Locale("de"), Locale("en")
    both = [
        (name, english.territories.get(code, name))
        for code, name in german.territories.items()
        if code.isalpha()
    ]
    both += [
        (there["city"], zone.rpartition("/")[2].replace("_", " "))
        for zone, there in german.time_zones.items()
        if "city" in there
    ]
    for name, other in both:
        if name.isalpha() and other.isalpha():
            yield _fold(name), _fold(name)
            yield _fold(other), _fold(name)


def _fold(word: str) -> str:
    return "".join(lexical.words(word))
