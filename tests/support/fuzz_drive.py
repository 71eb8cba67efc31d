"""Responses that a user's HTTP client returns to either client, up to the result or the error."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType, TracebackType
from typing import Any, Final, Self

import httpx
from contract_cases import API_KEY, asked
from fuzz_cases import Case
from fuzz_usable import use, use_error

from blooio_client import AsyncBlooio, Blooio, BlooioError
from blooio_client.types import Call
from blooio_overrides._rules.webhook_logs import signed_delivery

URL: Final = "http://127.0.0.1:1/v2/api"
MAX_PAGES: Final = 15
"""The number of pages after which the service ends a list."""
_KEY: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|(?<=idempotency_key=)·····[0-9a-f]{4}"
)
"""A generated key, or the end of one as a repr shows it."""
_BY_HAND: Final = Call.build("GET", "/anything")


class _Content(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body in two chunks."""

    def __init__(self, body: bytes) -> None:
        self._pieces = (body[: len(body) // 2], body[len(body) // 2 :])

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


class Drive:
    """Both clients, with a service that responds to every request with the current case."""

    def __init__(self) -> None:
        self._case = Case("getMe", 200, (), b"{}")
        self._requests = 0
        self._runner = asyncio.Runner()
        transport = httpx.MockTransport(self._response)
        self._own, self._awaiting_own = httpx.Client(transport=transport), httpx.AsyncClient(transport=transport)
        self._blocking = Blooio(API_KEY, base_url=URL, max_retries=0, http_client=self._own)
        self._awaiting = AsyncBlooio(API_KEY, base_url=URL, max_retries=0, http_client=self._awaiting_own)
        self.cases = 0
        self.outcomes: Counter[str] = Counter()
        """How often each outcome occurred: a result, or an error with this name."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._own.close()
        self._runner.run(self._awaiting_own.aclose())
        self._runner.close()

    def _response(self, request: httpx.Request) -> httpx.Response:
        del request
        self._requests += 1
        if self._requests > MAX_PAGES:
            return httpx.Response(410, stream=_Content(b""))
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self._case.headers]
        return httpx.Response(self._case.status, headers=headers, stream=_Content(self._case.body))

    def run(self, case: Case) -> None:
        """Let both clients read a case, as its operation and raw; exceptions that are not ours are raised."""
        self.cases += 1
        self._case = case
        ask = asked(case.operation, "minimal")[0]
        blocking = self._outcome(lambda: _taken(ask(self._blocking)))
        awaiting = self._outcome(lambda: self._runner.run(_awaited(ask(self._awaiting))))
        assert _shown(blocking) == _shown(awaiting)
        self._use(blocking)
        for further in (*_FURTHER.get(case.operation, ()), *_ALWAYS):
            self._use(self._outcome(partial(further, self._blocking)))

    def _outcome(self, ask: Callable[[], Any]) -> Any:
        self._requests = 0
        try:
            return ask()
        except BlooioError as error:
            return error

    def _use(self, came: Any) -> None:
        is_error = isinstance(came, BlooioError)
        self.outcomes[type(came).__name__ if is_error else "result"] += 1
        if is_error:
            use_error(came)
        else:
            use(came)


def _followed(client: Blooio) -> Any:
    """Return the first delivery that follows in a log, and the request that would be forwarded."""
    delivery = next(client.webhooks.logs.follow("wh_1", cursor="1:evt_1", poll=0))
    return [delivery, list(signed_delivery(delivery, "whsec_1"))]


_FURTHER: Final[Mapping[str, tuple[Callable[[Blooio], Any], ...]]] = MappingProxyType(
    {
        "getMessageStatus": (lambda client: client.chat("a@b.c").messages.wait("msg_1", timeout=0),),
        "listWebhookLogs": (_followed,),
        "listContacts": (lambda client: client.contacts.list().first(),),
        "listChatMessages": (lambda client: list(client.chat("a@b.c").messages.list(limit=3)),),
    }
)
"""The operations whose response is read by more than one method."""
_ALWAYS: Final[tuple[Callable[[Blooio], Any], ...]] = (
    lambda client: client.call(_BY_HAND),
    lambda client: client.call_raw(_BY_HAND),
)


def _shown(came: Any) -> str:
    """Return what sync and async must have in common: everything but generated keys and `retry_after`."""
    seen = {**vars(came), "retry_after": None} if isinstance(came, BlooioError) else came
    return _KEY.sub("", f"{type(came).__name__} {came!s} {seen!r}")


def _taken(came: Any) -> Any:
    return list(came.pages()) if hasattr(came, "pages") else came


async def _awaited(came: Any) -> Any:
    return [page async for page in came.pages()] if hasattr(came, "pages") else await came
