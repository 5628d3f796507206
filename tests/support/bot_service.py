"""Answers Bot API calls and keeps a record of them."""

import asyncio
import time
from copy import deepcopy

from tests.support.api_error import ApiError
from tests.support.faults import Drop, Fault, Faults
from tests.support.method_table import canonical, method
from tests.support.params import Params
from tests.support.records import Call
from tests.support.world import Json, World


class BotService:
    """The server without HTTP: token, world, faults and record."""

    def __init__(self, token: str, *, privacy: bool) -> None:
        self.token = token
        self.world = World(int(token.partition(":")[0]), privacy=privacy)
        self.faults = Faults()
        self.calls: list[Call] = []

    async def answer(self, token: str, name: str, params: Params) -> Json | None:
        """The response to one call; None means: drop the connection."""
        started = time.monotonic()
        name = canonical(name)
        response: Json | None = None
        try:
            response = await self._respond(token, name, params)
        except ApiError as error:
            response = error.response()
        finally:  # also when the client has gone while it waited
            self.calls.append(Call(name, params.values, response, started))
            self.world.changed.fire()
        return response

    async def _respond(self, token: str, name: str, params: Params) -> Json | None:
        if token != self.token:
            raise ApiError(401, "Unauthorized")
        drop = await self._suffer(self.faults.take(name))
        if drop == "request":
            return None
        result = await method(name)(self.world, params)
        # A copy: the record shows what was answered, not what became of it later.
        return None if drop == "response" else {"ok": True, "result": deepcopy(result)}

    async def _suffer(self, fault: Fault | None) -> Drop | None:
        """Undergo a fault; says what of the connection is to be dropped."""
        if fault is None:
            return None
        await asyncio.sleep(fault.delay)
        if error := fault.error():
            raise error
        return fault.drop
