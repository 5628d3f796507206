"""What every forked process needs, imported and warmed up once. No home is opened here."""

from importlib import import_module

from vectorstore import language

for name in (
    "bot.bootstrap",
    "bot.doctor",
    "chromadb",
    "filelock",
    "ingest.pipeline",
    "sentencex",
    "tests.support.kill_inspection",
    "tests.support.kill_work",
):
    import_module(name)
language.detect("Wärmt die Spracherkennung auf.")
