"""Answers Bot API calls and keeps a record of them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from copy import deepcopy
from dataclasses import dataclass, replace

from tests.support.api_error import ApiError
from tests.support.faults import Drop, Fault, Faults
from tests.support.method_table import canonical, method
from tests.support.params import Params
from tests.support.rate_limit import Patience
from tests.support.records import Call
from tests.support.world import Json, World

DOWNLOAD = "download"  # how the record and the faults call the fetching of a file


@dataclass(slots=True)
class _Outcome:
    """What comes of a call: its response, or a dropped connection."""

    response: Json | None = None
    done_at: float | None = None


class BotService:
    """The server without HTTP: token, world, faults, delay and record."""

    def __init__(self, token: str, *, privacy: bool) -> None:
        self.token = token
        self.world = World(int(token.partition(":")[0]), privacy=privacy)
        self.faults = Faults()
        self.delay = 0.0
        self.calls: list[Call] = []
        self._patience = Patience()

    async def answer(self, token: str, name: str, params: Params) -> Json | None:
        """The response to one call; None means: drop the connection."""
        name = canonical(name)

        async def result() -> object:
            return await method(name)(self.world, params)

        return await self._answer(token, name, params, result)

    async def download(self, token: str, path: str) -> bytes | Json | None:
        """The data at a path that getFile told, or an error's response."""

        async def found() -> object:
            return len(self.world.files.at(path))

        params = Params({"file_path": path})
        response = await self._answer(token, DOWNLOAD, params, found)
        return self.world.files.at(path) if response and response["ok"] else response

    async def _answer(
        self, token: str, name: str, params: Params, work: Callable[[], Awaitable[object]]
    ) -> Json | None:
        call = Call(name, params.values, None, time.monotonic())
        call = replace(call, impatient=self._patience.is_tried(call.chat_id, call.at))
        outcome = _Outcome()
        response: Json | None = None
        try:
            await self._carry_out(token, call, work, outcome)
            await asyncio.sleep(0 if name == "getUpdates" else self.delay)
            response = outcome.response
        finally:  # also when the client has gone while it waited
            self._record(replace(call, response=response, done_at=outcome.done_at))
        return response

    async def _carry_out(
        self, token: str, call: Call, work: Callable[[], Awaitable[object]], outcome: _Outcome
    ) -> None:
        try:
            if token != self.token:
                raise ApiError(401, "Unauthorized")
            drop = await self._suffer(self.faults.take(call.method, call.chat_id))
            if drop == "request":
                return
            # A copy: the record shows what was answered, not what became of it later.
            result = deepcopy(await work())
            outcome.done_at = time.monotonic()
            if drop is None:
                outcome.response = {"ok": True, "result": result}
        except ApiError as error:
            outcome.response = error.response()

    def _record(self, call: Call) -> None:
        wait = (call.response or {}).get("parameters", {}).get("retry_after")
        if wait is not None:
            now = time.monotonic()
            self._patience.refused(call.chat_id, told_at=now, until=call.at + wait)
        self.calls.append(call)
        self.world.changed.fire()

    async def _suffer(self, fault: Fault | None) -> Drop | None:
        """Undergo a fault; says what of the connection is to be dropped."""
        if fault is None:
            return None
        await asyncio.sleep(fault.delay)
        if error := fault.error():
            raise error
        return fault.drop
