"""Fragments of HTML become text, and titles become plain."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.pages.plain import one_line, opens_as_html, plain_text


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("<p>Eins <b>zw</b>ei.</p><p>Drei.<br>Vier.</p>", "Eins zwei.\n\nDrei.\nVier."),
        ("<h2>Kopf</h2>Rumpf<ul><li>a</li><li>b</li></ul>", "Kopf\n\nRumpf\n\na\nb"),
        ("vor<script>alert(1)</script> nach<style>p{}</style>", "vor nach"),
        ("Nur Text &amp; &uuml;ber 3 &lt; 4", "Nur Text & über 3 < 4"),
        ("<p>Offen <i>bis zum", "Offen bis zum"),
        ("<!-- nichts -->", ""),
        ("", ""),
    ],
)
def test_paragraphs_of_a_fragment_stand_apart(fragment: str, text: str) -> None:
    assert plain_text(fragment) == text


TAGS = st.sampled_from(
    "<p> </p> <div> <br> <b> </i> <script> <!-- --> <![CDATA[ &lt; &#0; <".split()
)


@settings(database=None, max_examples=200)
@given(st.lists(TAGS | st.text(max_size=6), max_size=20))
def test_any_html_is_text(pieces: list[str]) -> None:
    fragment = "".join(pieces)
    text = plain_text(fragment)
    assert text == text.strip()
    title = one_line(fragment)
    assert title is None or (title == " ".join(title.split()) and title)
    opens_as_html(fragment)
