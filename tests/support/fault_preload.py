"""What forked commands need beyond `kill_preload`, so that each takes milliseconds, not seconds."""

from importlib import import_module

for name in (
    "bot.cli.display",
    "bot.cli.main",
    "bot.cli.records",
    "bot.engine",
    "dateparser",
    "ingest.rescue",
    "langsmith.run_helpers",
    "platformdirs.unix",
    "tests.support.fault_command",
    "tests.support.fault_kernel",
    "vectorstore.documents",
):
    import_module(name)
import_module("vectorstore.language").detect("Wärmt sie auf.", {"de", "en"})
