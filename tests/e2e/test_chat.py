"""`beleg chat` as a process: one conversation from its first question to the end of input."""

from pathlib import Path

import pytest

from tests.support.command import Beleg

EXAMPLES = Path(__file__).parents[2] / "examples" / "articles"
COST = "Was hat die Elektrofähre „Seeschwalbe“ gekostet?"
LEANS = "Wie viele Fahrgäste passen darauf?"
MEANT = f"  Gesucht: {LEANS} (Elektrofähre Seeschwalbe"


@pytest.mark.slow
def test_a_chat_understands_what_leans_on_the_question_before_until_it_forgets(
    tmp_path: Path,
) -> None:
    beleg = Beleg(tmp_path / "home")
    assert beleg("ingest", str(EXAMPLES / "faehre-brunsby.txt")).code == 0
    asked = [
        COST,
        "Wie viele Fahrgäste passen darauf?",
        "/neu",
        "Wie viele Fahrgäste passen darauf?",
        "NEW",
    ]
    done = beleg("chat", stdin="\n".join(asked))
    assert done.code == 0
    assert done.err.count("Vergessen.") == 2
    assert "16,2 Mio. Euro" in done.out
    assert "220 Fahrgäste" in " ".join(done.out.split())
    assert done.out.count(MEANT) == 1
