"""What is asked of a Chroma server, over its HTTP interface (/api/v2).

Chroma's own client waits for ever for an answer and takes .6 s to import, so that one question
at the terminal would pay for it. Errors say whether the server may have done what was asked.
"""

import base64
import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorstore.models import Vector
from vectorstore.server_address import ServerAddress

if TYPE_CHECKING:
    import httpx

ASKING, CONNECTING, WRITING = 1.0, 3.0, 60.0  # seconds to wait at most
PAGE = 10_000  # ids at a time
_COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections"


class ServerError(Exception):
    """A request failed; the message is a few words, without credentials."""


class Away(ServerError):
    """Nobody was there, or only a door-keeper who said no: nothing was done."""


class Slow(ServerError):
    """No answer in time: it may be done yet."""


class Broken(ServerError):
    """The server fell silent in the middle, or says that it can't: it may be done in part."""


class ChromaServer:
    """A server's collections, by name; what is in one, by its uuid. For any thread."""

    def __init__(self, address: ServerAddress) -> None:
        self.address = address
        self._client: httpx.Client | None = None
        self._making = threading.Lock()

    def find(self, name: str) -> str | None:
        """The uuid of the collection with this name, if there is one."""
        found = self._call("GET", f"/{name}", missing={})
        return str(found["id"]) if found else None

    def create(self, name: str, hnsw: dict[str, Any]) -> str:
        """Makes an empty collection and returns its uuid."""
        body = {"name": name, "configuration": {"hnsw": hnsw}}
        return str(self._call("POST", "", body, WRITING)["id"])

    def drop(self, name: str) -> None:
        """Removes a collection, if there is one."""
        self._call("DELETE", f"/{name}", patience=WRITING, missing={})

    def upsert(self, of: str, rows: list[tuple[str, bytes]]) -> None:
        """Puts ids and float32 vectors into a collection; kept on its disk when this returns."""
        vectors = [base64.b64encode(vector).decode() for _, vector in rows]
        body = {"ids": [chunk_id for chunk_id, _ in rows], "embeddings": vectors}
        self._call("POST", f"/{of}/upsert", body, WRITING)

    def delete(self, of: str, ids: list[str]) -> None:
        """Takes ids out of a collection; those that aren't there do no harm."""
        self._call("POST", f"/{of}/delete", {"ids": ids}, WRITING)

    def nearest(self, of: str, question: Vector, k: int, patience: float = ASKING) -> list[str]:
        """The ids of the k vectors nearest to a question, or of all if there are fewer."""
        vector = question.astype(np.float32).tolist()
        body = {"query_embeddings": [vector], "n_results": k, "include": []}
        return list(self._call("POST", f"/{of}/query", body, patience)["ids"][0])

    def count(self, of: str) -> int:
        """How many vectors a collection holds."""
        return int(self._call("GET", f"/{of}/count"))

    def ids(self, of: str) -> set[str]:
        """Every id in a collection."""
        held: set[str] = set()
        while True:
            body = {"limit": PAGE, "offset": len(held), "include": []}
            page = self._call("POST", f"/{of}/get", body, WRITING)["ids"]
            if not page:
                return held
            held.update(page)

    def close(self) -> None:
        """Lets the connections go."""
        if self._client is not None:
            self._client.close()

    def _call(
        self,
        method: str,
        path: str,
        body: object = None,
        patience: float = ASKING,
        missing: object = None,
    ) -> Any:
        """The answer to a request; `missing`, if given, stands for what isn't there."""
        import httpx

        try:
            response = self._connections().request(
                method,
                f"{self.address.url}{_COLLECTIONS}{path}",
                json=body,
                timeout=httpx.Timeout(patience, connect=min(patience, CONNECTING)),
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise Away(f"{self.address.url} can't be reached") from None
        except httpx.TimeoutException:
            raise Slow(f"{self.address.url} doesn't answer in time") from None
        except httpx.HTTPError as error:
            raise Broken(f"{self.address.url} broke off ({type(error).__name__})") from None
        if response.status_code == 404 and missing is not None:
            return missing
        if response.is_success:
            return _content(response, self.address)
        said = f"{response.status_code} {response.text[:200]!r}"
        raise _refusal(response.status_code)(f"{self.address.url} says {said}")

    def _connections(self) -> "httpx.Client":
        import ssl

        import httpx

        with self._making:
            if self._client is None:
                self._client = httpx.Client(
                    auth=self.address.credentials,
                    verify=ssl.create_default_context(),
                    trust_env=False,  # what a proxy is set for lies elsewhere
                )
            return self._client


def _refusal(status: int) -> type[ServerError]:
    """What an answer that is no success means; door-keepers answer for a server, too."""
    if status == 504:
        return Slow
    return Away if 300 <= status < 400 or status in (401, 403, 407, 408, 429, 502, 503) else Broken


def _content(response: "httpx.Response", address: ServerAddress) -> Any:
    try:
        return response.json()
    except ValueError:
        raise Broken(f"{address.url} doesn't speak like a Chroma server") from None
