"""Web pages as newspapers make them, written for these tests."""

import json
from typing import Any

PARAGRAPHS = tuple(
    """
Der Gemeinderat von Lindenau hat am Montag beschlossen, die alte Schleuse am Mühlkanal für 2,4 \
Millionen Euro zu sanieren. Die Arbeiten sollen im Frühjahr beginnen und gut ein Jahr dauern.
Bürgermeisterin Ines Vollrath sprach von einem guten Tag für die Stadt. „Wir haben lange auf das \
Geld des Landes gewartet“, sagte sie nach der Sitzung. Das Land übernimmt 60 Prozent.
Der Bootsverein hatte seit Jahren auf die Mängel hingewiesen. Im vergangenen Sommer musste die \
Schleuse dreimal gesperrt werden, weil ein Tor klemmte.
Kritik kam von den Anliegern der Kanalstraße, die mit Lärm und gesperrten Gehwegen rechnen. Die \
Verwaltung will sie im Januar zu einer Versammlung einladen.
""".strip().split("\n")
)
TITLE = "Lindenau saniert die Schleuse am Mühlkanal"


def article_page(
    *,
    title: str = TITLE,
    paragraphs: tuple[str, ...] = PARAGRAPHS,
    head: str = "",
    before: str = "",
    between: str = "",
    after: str = "",
    described: dict[str, Any] | None = None,
) -> bytes:
    """A page with one article; `described` is its JSON-LD beyond the type."""
    data = ""
    if described is not None:
        node = {"@context": "https://schema.org", "@type": "NewsArticle", **described}
        data = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    body = f"{between}\n".join(f"<p>{p}</p>" for p in paragraphs)
    return f"""<!DOCTYPE html><html lang="de"><head><meta charset="utf-8">
<title>{title} | Lindenauer Bote</title>{head}{data}</head><body>
<nav><ul><li><a href="/">Start</a></li><li><a href="/politik">Politik</a></li></ul></nav>
<main><article><h1>{title}</h1>{before}{body}{after}</article></main>
<footer><p>Lindenauer Bote, Impressum, Datenschutz, alle Rechte vorbehalten.</p></footer>
</body></html>""".encode()


def list_page(teasers: int = 12) -> bytes:
    """A section's front page: headings with links, each with a line or two below."""
    items = "".join(
        f'<div class="item"><h2><a href="/a/{i}">Meldung Nummer {i} aus Lindenau</a></h2>'
        f"<p>Worum es in der Meldung {i} geht, steht in zwei Zeilen, die auf den Artikel neugierig "
        f"machen sollen und danach abbrechen.</p></div>"
        for i in range(teasers)
    )
    return f"""<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>Lindenau</title>
<meta property="og:type" content="website"></head><body><main><h1>Lindenau</h1>{items}</main>
</body></html>""".encode()


CONSENT_PAGE = """<!DOCTYPE html><html lang="de"><head><meta charset="utf-8">
<title>Zustimmung</title></head><body><main><h1>Mit Werbung weiterlesen</h1>
<p>Besuchen Sie uns wie gewohnt mit Werbung und Tracking. Details zu Cookies finden Sie in der
Datenschutzerklärung. Ihre Einwilligung können Sie jederzeit widerrufen.</p>
<p>Wir und unsere Partner verarbeiten personalisierte Daten, zum Beispiel mit Cookies.</p>
<button>Alle akzeptieren</button></main></body></html>""".encode()
