"""PDF and DOCX become articles; what is broken, locked or a bomb becomes a sentence."""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import docx
import fpdf
import pytest
from fpdf.encryption import AccessPermission
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.files import document_child, documents
from ingest.files.documents import read_docx, read_pdf
from ingest.files.formats import from_docx, from_pdf
from ingest.files.pdf_text import PdfLine, joined
from vectorstore.errors import SourceError

PROSE = (
    "Die neue Fähre von Brunsby fährt seit Montag mit Strom. Sie fasst 220 Gäste.\n\n"
    "„Sie ist leise“, sagte Kapitänin Gesche Ludwig nach der ersten Fahrt über den Sund."
)
TOPICS = ("Hafen", "Brücke", "Museum", "Bahnhof")


class Paper(fpdf.FPDF):
    """A4 pages with a running head and page numbers."""

    def header(self) -> None:
        self.set_font("Helvetica", size=8)
        self.cell(0, 8, f"Brunsbyer Bote, Ausgabe {self.page_no()}")
        self.ln(12)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Helvetica", size=8)
        self.cell(0, 8, f"Seite {self.page_no()} von 4", align="C")


def pdf(*pages: str, width: float = 0, paper: fpdf.FPDF | None = None, **about: object) -> bytes:
    made = paper or fpdf.FPDF()
    made.set_title(str(about.get("title", "")))
    made.set_author(str(about.get("author", "")))
    made.set_creation_date(datetime(2026, 3, 15, 10, 30, tzinfo=UTC))
    for page in pages:
        made.add_page()
        heading, _, body = page.rpartition("##")
        if heading:
            made.set_font("Helvetica", size=20)
            made.multi_cell(0, 10, heading, new_x="LMARGIN", new_y="NEXT")
            made.ln(4)
        made.set_font("Helvetica", size=11)
        made.multi_cell(width, 5, body.replace("„", '"').replace("“", '"'))
    return bytes(made.output())


def word(*blocks: str | Sequence[Sequence[str]], **about: object) -> bytes:
    made = docx.Document()
    for name, value in {"author": "", **about}.items():
        setattr(made.core_properties, name, value)
    for block in blocks:
        if not isinstance(block, str):
            table = made.add_table(len(block), len(block[0]))
            for cells, row in zip(block, table.rows, strict=True):
                for text, cell in zip(cells, row.cells, strict=True):
                    cell.text = text
        elif block.startswith("# "):
            made.add_heading(block[2:], 1)
        else:
            made.add_paragraph(block)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


# -- PDF ------------------------------------------------------------------------


def test_lines_of_a_pdf_become_paragraphs() -> None:
    assert read_pdf(pdf(PROSE, width=70)).text == PROSE.replace("„", '"').replace("“", '"')


def test_words_cut_at_line_ends_become_whole_and_compounds_keep_their_hyphen() -> None:
    text = "Der Bürger-\nmeister kam. Das Nord-\nSüd-Gefälle bleibt. Die Ein-\nund Ausfahrt ruht."
    assert read_pdf(pdf(text)).text == (
        "Der Bürgermeister kam. Das Nord-Süd-Gefälle bleibt. Die Ein- und Ausfahrt ruht."
    )


def test_running_heads_and_page_numbers_are_left_out() -> None:
    pages = [f"Über den Ort {t} wird gesprochen. Der {t} wird 2026 gebaut." for t in TOPICS]
    assert read_pdf(pdf(*pages, paper=Paper())).text.replace("\n\n", " ") == " ".join(pages)


def test_a_sentence_goes_on_over_a_page() -> None:
    found = read_pdf(pdf("Der Umbau am Hafen dauert", "noch vier Jahre.", paper=Paper()))
    assert found.text == "Der Umbau am Hafen dauert noch vier Jahre."


def test_a_pdf_says_title_author_and_date() -> None:
    found = from_pdf(pdf(PROSE, title="Fähre leise", author="J. Rohde; I. Tasch"), Path("/a/f.pdf"))
    assert (found.title, found.authors) == ("Fähre leise", ("J. Rohde", "I. Tasch"))
    assert (found.published, found.language) == ("2026-03-15T10:30:00Z", "de")


@pytest.mark.parametrize("junk", ["Microsoft Word - x.doc", "untitled", "faehre_v2.indd", "", "-"])
def test_a_title_that_a_program_wrote_gives_way_to_the_largest_print(junk: str) -> None:
    found = read_pdf(pdf(f"Die Fähre ist leise##{PROSE}", title=junk))
    assert found.title == "Die Fähre ist leise"
    assert found.text.startswith("Die Fähre ist leise\n\nDie neue Fähre")


def test_a_locked_pdf_is_refused_by_name() -> None:
    paper = fpdf.FPDF()
    paper.set_encryption("owner", "user", permissions=AccessPermission.none())
    with pytest.raises(SourceError, match="locked with a password"):
        read_pdf(pdf(PROSE, paper=paper))


def test_a_scanned_pdf_is_refused_by_name() -> None:
    with pytest.raises(SourceError, match="only pictures"):
        read_pdf(pdf("", ""))


@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_a_pdf_that_was_cut_off_is_read_as_far_as_it_goes_or_refused(share: float) -> None:
    data = pdf(PROSE)
    try:
        found = read_pdf(data[: int(share * len(data))])
    except SourceError:
        return
    assert found.text


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(SourceError, match="no PDF"):
        read_pdf(b"PK\x03\x04")
    with pytest.raises(SourceError, match="damaged"):
        read_pdf(b"%PDF-1.7\n" + bytes(range(256)))


LINES = st.tuples(st.text(max_size=12), *[st.floats(0, 900)] * 4, st.floats(0, 40))


@settings(database=None, max_examples=100)
@given(st.lists(st.lists(LINES, max_size=6), max_size=4))
def test_any_lines_are_a_text(
    pages: list[list[tuple[str, float, float, float, float, float]]],
) -> None:
    found = joined([[PdfLine(*line) for line in page] for page in pages])
    assert found == found.strip()


# -- DOCX -----------------------------------------------------------------------


def test_a_docx_is_its_headings_paragraphs_and_tables() -> None:
    data = word("# Fähre leise", "Eins.", "", [["Gäste", "220"], ["Autos", "28"]], "Ende.")
    found = from_docx(data, Path("/a/f.docx"))
    assert found.text == "Fähre leise\n\nEins.\n\nGäste\t220\nAutos\t28\n\nEnde."
    assert found.title == "Fähre leise"


def test_a_docx_says_title_author_date_and_language() -> None:
    about = {"title": "T wie Titel", "author": "Jelka Rohde", "language": "de-DE"}
    found = from_docx(word(PROSE, created=datetime(2026, 3, 15, 10), **about), Path("/f.docx"))
    assert (found.title, found.authors) == ("T wie Titel", ("Jelka Rohde",))
    assert (found.published, (found.language or "")[:2]) == ("2026-03-15T10:00:00+00:00", "de")
    assert found.text == PROSE.replace("\r", "")


def test_the_day_of_a_template_is_no_date() -> None:
    made = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(PROSE)
    document.save(made)
    found = read_docx(made.getvalue())
    assert (found.title, found.authors, found.published) == (None, (), None)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"x" * 99, word("Text.")[:-60]])
def test_what_is_no_docx_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="damaged"):
        read_docx(data)


def test_a_docx_without_text_and_a_zip_that_is_no_docx_are_refused() -> None:
    with pytest.raises(SourceError, match="no text"):
        read_docx(word())
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(SourceError, match="damaged"):
        read_docx(file.getvalue())


def replaced(data: bytes, body: bytes) -> bytes:
    """The document with another main part."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, body if name == "word/document.xml" else old.read(name))
    return file.getvalue()


def test_a_docx_that_is_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(SourceError, match="far more than it could hold"):
        read_docx(replaced(word("x"), b" " * 60 * 2**20))


def test_entities_of_a_docx_are_neither_read_nor_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    laughs = '<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;">'
    ns = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = (
        f'<!DOCTYPE d [<!ENTITY s SYSTEM "file://{secret}">{laughs}]><w:document xmlns:w="{ns}">'
        "<w:body><w:p><w:r><w:t>Vor &s;&b; nach</w:t></w:r></w:p></w:body></w:document>"
    )
    try:
        text = read_docx(replaced(word("x"), body.encode())).text
    except SourceError:
        return
    assert "geheim" not in text
    assert "haha" not in text


# -- the child ------------------------------------------------------------------


def run_instead(monkeypatch: pytest.MonkeyPatch, folder: Path, program: str) -> None:
    """Lets the child run a program that does what a parser does when a file has taken it over."""
    path = folder / "child.py"
    path.write_text(program)
    monkeypatch.setattr(documents, "_CHILD", path)


def test_a_child_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run_instead(monkeypatch, tmp_path, "import time; time.sleep(600)")
    monkeypatch.setattr(documents, "SECONDS", 0.5)
    with pytest.raises(SourceError, match="takes longer"):
        read_pdf(b"%PDF-" + bytes(2**20))


@pytest.mark.parametrize(
    "program",
    [
        "import os; os.abort()",
        "import sys; sys.stdin.buffer.read(); sys.exit(3)",
        "print('[1]')",
        "print('{}')",
        'print(\'{"pages": [[3]], "properties": 3}\')',
        'print(\'{"pages": [[[NaN, NaN, NaN, NaN, NaN, NaN]]], "properties": {}}\')',
        "print('nonsense')",
        "while True: print('x' * 100_000)",
    ],
)
def test_a_child_that_crashes_or_raves_is_a_refusal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str
) -> None:
    run_instead(monkeypatch, tmp_path, program)
    monkeypatch.setattr(documents, "MOST", 1_000_000)
    with pytest.raises(SourceError, match="damaged or too large"):
        read_pdf(b"%PDF-" + bytes(2**20))


def test_a_child_cannot_take_more_memory_than_it_was_given(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("resource")
    source = Path(document_child.__file__).read_text()
    greedy = source.replace("sys.stdin.close()", "bytearray(MEMORY)")
    run_instead(monkeypatch, tmp_path, greedy)
    with pytest.raises(SourceError, match="damaged or too large"):
        read_pdf(pdf(PROSE))


def test_a_child_sees_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:geheim")
    program = (
        "import json, os\n"
        "print(json.dumps({'pages': [[[repr(dict(os.environ)), 0, 0, 1, 1, 1]]],"
        " 'properties': {}}))"
    )
    run_instead(monkeypatch, tmp_path, program)
    text = read_pdf(b"%PDF-").text
    assert "PATH" in text
    assert "geheim" not in text
