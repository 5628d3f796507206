"""Chroma servers as they are and as they shouldn't be, each on a loopback port."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx

from tests.support.store import eventually
from vectorstore.server_address import ServerAddress


class RunningChroma:
    """`chroma run` over a folder, in a process that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.address = ServerAddress(f"http://127.0.0.1:{self._port}")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "RunningChroma":
        """Starts it and waits until it answers."""
        command = [Path(sys.executable).with_name("chroma"), "run", "--host", "127.0.0.1"]
        self._process = subprocess.Popen(
            [*command, "--port", str(self._port), "--path", self.folder],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert eventually(self._answers)
        return self

    def kill(self) -> None:
        """Kills it as `kill -9` does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def collections(self) -> dict[str, str]:
        """The uuid of each collection, by its name."""
        path = "/api/v2/tenants/default_tenant/databases/default_database/collections"
        found = httpx.get(f"{self.address.url}{path}", trust_env=False).json()
        return {each["name"]: each["id"] for each in found}

    def _answers(self) -> bool:
        try:
            url = f"{self.address.url}/api/v2/heartbeat"
            return httpx.get(url, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False


@contextmanager
def silent_server() -> Iterator[ServerAddress]:
    """A server that takes every request and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        yield ServerAddress(f"http://127.0.0.1:{listening.getsockname()[1]}")


@contextmanager
def refusing_server(status: int, heard: list[str]) -> Iterator[int]:
    """A port where every request is refused; what it was authorised by is put into `heard`."""

    class Refusal(BaseHTTPRequestHandler):
        def _refuse(self) -> None:
            heard.append(self.headers.get("Authorization", ""))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = do_DELETE = _refuse

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusal)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
