"""The language identifier's model is laid out once, and says what the packed one says."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore import language, language_model

READ = language_model._model.__wrapped__  # each time anew


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """An identifier over the packed model and one over the laid out one."""
    models = tmp_path_factory.mktemp("cache") / "models"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language_model, "_places", [])
        patch.setattr(language_model, "_model", READ)
        packed = language_model.identifier()
        language_model.keep_under(models)
        laid_out = language_model.identifier()
        assert [path.name.startswith("py3langid") for path in models.iterdir()] == [True]
    return packed, laid_out


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_is_in_the_same_language_with_the_same_certainty(both, text):
    packed, laid_out = both
    assert laid_out.rank(text) == packed.rank(text)


def test_a_damaged_layout_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr(language_model, "_places", [tmp_path])
    monkeypatch.setattr(language_model, "_model", READ)
    language_model.identifier()
    for path in tmp_path.glob("*/moves.npy"):
        path.write_bytes(path.read_bytes()[:-1])
    assert language_model.identifier().classify("Der Rat der Stadt")[0] == "de"


def test_a_folder_that_cannot_be_written_is_no_obstacle(tmp_path, monkeypatch):
    (tmp_path / "models").write_text("a file")
    monkeypatch.setattr(language_model, "_places", [tmp_path / "models"])
    monkeypatch.setattr(language_model, "_model", READ)
    assert language_model.identifier().classify("The council of the town")[0] == "en"


def test_identifiers_for_other_languages_share_one_model():
    first, second = (language._identifier(frozenset(one)) for one in (["de"], ["fr"]))
    assert first is not second
    assert first.tk_nextmove is second.tk_nextmove


def test_a_single_question_loads_neither_langchain_nor_torch(tmp_path):
    code = (
        "import sys; from bot.bootstrap import app; from bot.settings import load_settings\n"
        "with app(load_settings()) as parts: parts.engine().search('Wer leitet den Fonds?', 3)\n"
        "heavy = ('torch', 'langchain_core', 'langsmith', 'chromadb', 'telegram', 'rich')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
