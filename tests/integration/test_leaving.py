"""Signals end a process in order, and more of them don't hurry it."""

import os
import signal
import subprocess
import sys

from tests.support.store import eventually, numbered, open_home, store

SLOW_TO_CLOSE = """
import time
from vectorstore.chroma import ChromaStore

close = ChromaStore.close

def slowly(self):
    print("closing", flush=True)
    time.sleep(0.3)
    close(self)

ChromaStore.close = slowly
from bot.cli.main import run
run()
"""


def test_a_second_signal_does_not_break_off_the_closing_of_chroma(tmp_path):
    database, catalogue, index = open_home(tmp_path)
    store(catalogue, numbered("a", 50))
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW_TO_CLOSE, "chat"],
        env={**os.environ, "BELEG_HOME": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert eventually(lambda: database.note("chroma_folder"))
        assert eventually(lambda: catalogue.counts().pending == 0)
        process.send_signal(signal.SIGINT)
        while "closing" not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGINT)
        told = process.stderr.read()
        process.stdin.close()
    assert process.returncode == 130
    assert told.count("Interrupted") == 1
    assert "Traceback" not in told
    assert index.own()
    assert index.store.open() is None
    index.close()
    database.close()
