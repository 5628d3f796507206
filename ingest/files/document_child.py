"""The child process that opens a PDF or DOCX: a file on standard input, JSON on standard output.

Run by path, not as a module of Beleg's, and importing nothing of it: a parser that a file takes
over finds no settings, no catalogue and no token here. What it writes is data to the parent.
"""

import io
import json
import os
import sys
from collections.abc import Iterator
from typing import Any

MEMORY = 1 << 30  # bytes of address space; twice what a book of 1,000 pages takes
SECONDS = 60  # of processor time
MOST = 2_500_000  # characters of text; more than an article may have, so that the parent says so
ENCRYPTED = "encrypted"
_HYPHENS = (0x02, 0xFFFE)  # what pdfium makes of a hyphen at the end of a line


def main() -> None:
    """Reads one document of the kind named by the first argument."""
    _bound()
    data = sys.stdin.buffer.read()
    sys.stdin.close()
    found = {"pdf": _pdf, "docx": _docx}[sys.argv[1]](data)
    sys.stdout.write(json.dumps(found))
    sys.stdout.flush()
    os._exit(0)  # no clean-up: pdfium's can crash on broken files


def _bound() -> None:
    try:
        import resource
    except ImportError:  # Windows; the parent's clock still bounds it
        return
    limits = {"RLIMIT_AS": MEMORY, "RLIMIT_CPU": SECONDS, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0}
    for name, most in limits.items():
        try:
            resource.setrlimit(getattr(resource, name), (most, most))
        except (AttributeError, ValueError, OSError):
            continue  # a platform without this limit


# -- PDF ------------------------------------------------------------------------


def _pdf(data: bytes) -> dict[str, Any]:
    """Pages of lines of [text, left, bottom, right, top, font size], lengths in points."""
    import pypdfium2 as pdfium  # type: ignore[import-untyped]
    import pypdfium2.raw as raw  # type: ignore[import-untyped]

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        if raw.FPDF_GetLastError() in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            return {"error": ENCRYPTED}
        raise
    pages, characters = [], 0
    for number in range(len(document)):
        lines = _page(document, number)
        pages.append(lines)
        characters += sum(len(line[0]) for line in lines)
        if characters > MOST:
            break
    return {"pages": pages, "properties": document.get_metadata_dict()}


def _page(document: Any, number: int) -> list[list[Any]]:
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    try:
        page = document[number]
        text = page.get_textpage()
    except pdfium.PdfiumError:
        return []  # one damaged page of many
    lines = []
    for codes, indices in _lines(text, raw):
        boxes = [text.get_charbox(i) for i in (indices[0], indices[-1])]
        size = raw.FPDFText_GetFontSize(text, indices[0])
        content = "".join(map(chr, codes)).encode("utf-16", "surrogatepass")
        lines.append(
            [
                content.decode("utf-16", "replace"),
                min(box[0] for box in boxes),
                min(box[1] for box in boxes),
                max(box[2] for box in boxes),
                max(box[3] for box in boxes),
                size,
            ]
        )
    text.close()
    page.close()
    return lines


def _lines(text: Any, raw: Any) -> Iterator[tuple[list[int], list[int]]]:
    """Characters of each line, and the indices of those that are drawn."""
    codes: list[int] = []
    drawn: list[int] = []
    for index in range(min(text.count_chars(), MOST)):
        code = raw.FPDFText_GetUnicode(text, index)
        ends = code in (10, 13) or code in _HYPHENS
        if code in _HYPHENS:
            codes.append(ord("-"))
            drawn.append(index)
        elif code > 31 and not ends:
            codes.append(code)
            if code not in (32, 160):
                drawn.append(index)
        if ends:
            if drawn:
                yield codes, drawn
            codes, drawn = [], []
    if drawn:
        yield codes, drawn


# -- DOCX -----------------------------------------------------------------------


def _docx(data: bytes) -> dict[str, Any]:
    """Paragraphs as [style, text]; the cells of a table's row are one, a tab apart."""
    import docx

    document = docx.Document(io.BytesIO(data))
    core = document.core_properties
    blocks, characters = [], 0
    for style, content in _blocks(document):
        blocks.append([style, content])
        characters += len(content)
        if characters > MOST:
            break
    return {
        "blocks": blocks,
        "properties": {
            "title": core.title,
            "author": core.author,
            "created": core.created.isoformat() if core.created else "",
            "language": core.language,
        },
    }


def _blocks(document: Any) -> Iterator[tuple[str, str]]:
    from docx.table import Table

    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from (("table", row) for row in _rows(block))
        else:
            yield (block.style.name if block.style else None) or "", block.text


def _rows(table: Any) -> Iterator[str]:
    for row in table.rows:
        cells, seen = [], set()
        for cell in row.cells:  # a merged cell comes once for every place it takes
            if cell._tc not in seen:
                seen.add(cell._tc)
                cells.append(" ".join(cell.text.split()))
        yield "\t".join(cells).strip()


if __name__ == "__main__":
    main()
