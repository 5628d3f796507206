"""The language identifier's model, laid out once in the cache and mapped from there.

Its wheel has it compressed, which costs half a second in every process. One model serves all
identifiers, whichever languages they choose among.
"""

import importlib.metadata
import logging
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorstore.made_once import made, new_draft

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

log = logging.getLogger(__name__)

LAYOUT = 1  # raise when the folder's content changes
_PARTS = ("features", "priors", "labels", "moves", "rows", "outputs")
_places: list[Path] = []  # the folder of models, once somebody has named it


def keep_under(models: Path) -> None:
    """Names the folder in which the model is kept, laid out, from now on."""
    _places[:] = [models]


def identifier() -> "LanguageIdentifier":
    """A new identifier over the one model, that knows all languages."""
    from py3langid.langid import LanguageIdentifier

    features, priors, labels, moves, rows, outputs = _model()
    return LanguageIdentifier(
        features, priors, labels, moves, outputs, norm_probs=True, tk_row=rows
    )


@cache
def _model() -> tuple[Any, ...]:
    if not _places:
        return _packed()
    version = importlib.metadata.version("py3langid")
    folder = _places[0] / f"py3langid-{version}-{LAYOUT}"
    try:
        if not folder.is_dir():
            made(new_draft(_places[0]), folder, _lay_out)
        return _mapped(folder)
    except (OSError, ValueError, EOFError) as error:
        log.info("The language model is unpacked in every process: %s", error)
        return _packed()


def _packed() -> tuple[Any, ...]:
    """The model out of its wheel."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE
    from py3langid.modelio import load_model

    return tuple(load_model(MODEL_DIR / MODEL_FILE))


def _lay_out(folder: Path) -> None:
    for name, part in zip(_PARTS, _packed(), strict=True):
        np.save(folder / f"{name}.npy", np.asarray(part))


def _mapped(folder: Path) -> tuple[Any, ...]:
    """The same, read where it is looked at; single numbers come fastest out of memoryviews."""
    arrays: list[Any] = [np.load(folder / f"{name}.npy", mmap_mode="r") for name in _PARTS]
    features, priors, labels, *walked = map(np.asarray, arrays)
    return features, priors, labels.tolist(), *(array.data for array in walked)
