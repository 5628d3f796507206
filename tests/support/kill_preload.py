"""What every forked process needs, imported and warmed up once. No home is opened here."""

import os
from importlib import import_module

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # a process with threads is not to be forked

for name in (
    "bot.bootstrap",
    "bot.doctor",
    "chromadb",
    "filelock",
    "ingest.pipeline",
    "pytest",  # else every process imports it, to have the main module that the parent has
    "sentencex",
    "tests.support.kill_inspection",
    "tests.support.kill_work",
):
    import_module(name)
import_module("vectorstore.language").detect("Wärmt die Spracherkennung auf.")
