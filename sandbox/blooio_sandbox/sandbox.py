"""The sandbox, as tests and demos hold it in their hands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from blooio_sandbox.application import Application
from blooio_sandbox.clock import Clock, ClockKind
from blooio_sandbox.deliveries import DEFAULT_RETRY_SCHEDULE, Deliverer, is_idle
from blooio_sandbox.faults import Fault, failing_answer
from blooio_sandbox.history import SandboxMessage, as_message
from blooio_sandbox.ledger import RecordedRequest, duplicates
from blooio_sandbox.phone import Phone
from blooio_sandbox.routes import PREFIX
from blooio_sandbox.server import HOST, ServerThread
from blooio_sandbox.state import Account, State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType


class Sandbox:
    """A local Blooio on a free port of loopback.

    Args:
        port: Where to listen; 0 takes a free port.
        db: A file that keeps the state over restarts; without one it lives in memory.
        lenient_encoding: Read a raw `+` in a path as a plus; the default is a blank, as Blooio's documentation warns.
        clock: `real` runs by itself; `stepped` stands still until `advance`.
        status_delay: Seconds from queued to sent, and again from sent to delivered.
        retry_schedule: Seconds to wait after each failed delivery to a webhook, until the next attempt.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        db: str | Path | None = None,
        lenient_encoding: bool = False,
        clock: ClockKind = "real",
        status_delay: float = 1.0,
        retry_schedule: Sequence[float] = DEFAULT_RETRY_SCHEDULE,
    ) -> None:
        self._port = port
        self._db = db
        self._lenient_encoding = lenient_encoding
        self._clock: ClockKind = clock
        self._status_delay = status_delay
        self._retry_schedule = tuple(retry_schedule)
        self._account = Account()
        self._running: _Running | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url if self._running else 'not started'})"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start; `with` does it for you."""
        if self._running is not None:
            raise RuntimeError("the sandbox runs already")
        state = State(self._db, Clock(self._clock), self._account, self._status_delay)
        deliverer = Deliverer(state, self._retry_schedule)
        application = Application(state, deliverer, lenient_encoding=self._lenient_encoding)
        try:
            self._running = _Running(state, application, ServerThread(application, self._port))
        except BaseException:
            state.close()
            raise
        self._running.server.start()

    def stop(self) -> None:
        """Stop, and close everything; a file keeps the state."""
        if self._running is not None:
            running, self._running = self._running, None
            running.server.stop()
            running.state.close()

    @property
    def base_url(self) -> str:
        """What a client takes as its base URL."""
        return f"http://{HOST}:{self._now_running.server.port}{PREFIX}"

    @property
    def api_key(self) -> str:
        """The API key that this sandbox accepts."""
        return self._account.api_key

    @property
    def number(self) -> str:
        """The number that the API key sends from."""
        return self._account.numbers[0]

    @property
    def numbers(self) -> tuple[str, ...]:
        """All numbers of the API key."""
        return self._account.numbers

    def phone(self, identifier: str) -> Phone:
        """Return the phone with a number or an e-mail address: it plays the other side."""
        return Phone(self._state, identifier)

    @property
    def messages(self) -> list[SandboxMessage]:
        """Every message that was accepted for sending, oldest first."""
        rows = self._state.rows("SELECT * FROM messages WHERE direction = 'outbound' ORDER BY position")
        return [as_message(self._state, row) for row in rows]

    @property
    def requests(self) -> list[RecordedRequest]:
        """Every request as received, oldest first: the latest 50,000."""
        return self._now_running.application.ledger.all()

    def advance(self, seconds: float) -> None:
        """Move the sandbox's clock forward: statuses change and deliveries become due, and nobody waits."""
        self._state.advance(seconds)

    def wait_for_deliveries(self, timeout: float = 5.0) -> None:
        """Block until every event that is due has been delivered, or has failed and waits for its next attempt.

        Raises:
            TimeoutError: Something was still on its way when the time was over.
        """
        if not self._state.wait_until(lambda: is_idle(self._state), timeout):
            raise TimeoutError(f"deliveries were still on their way after {timeout} seconds")

    def fail_next(
        self,
        status: int = 503,
        *,
        times: int = 1,
        operation: str | None = None,
        code: str | None = None,
        message: str | None = None,
        retry_after: float | str | None = None,
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
        after_processing: bool = False,
    ) -> None:
        """Let the next requests fail.

        Args:
            status: What they are answered.
            times: How many of them.
            operation: Only requests of this operation (`sendMessage`).
            code: The error body's `code`, which says that a 429 is a quota.
            message: The error body's `message`.
            retry_after: The header's value: seconds, or a date.
            body: A body in place of the JSON error body, such as HTML.
            headers: More headers, such as the `location` of a redirect.
            after_processing: Do what was asked, and answer the failure still: the outcome is unknown to the client.
        """
        text, all_headers = failing_answer(
            status, code=code, message=message, retry_after=retry_after, body=body, headers=headers
        )
        self._add(Fault(times, operation, status, all_headers, text, after_processing=after_processing))

    def drop_next(self, *, times: int = 1, operation: str | None = None, after_processing: bool = False) -> None:
        """Let the connections of the next requests break before anything is answered."""
        self._add(Fault(times, operation, after_processing=after_processing, drops_connection=True))

    def delay_next(self, seconds: float, *, times: int = 1, operation: str | None = None) -> None:
        """Let the next requests wait before they are carried out and answered."""
        self._add(Fault(times, operation, delay=seconds))

    def assert_no_duplicates(self) -> None:
        """Fail if a message was accepted twice.

        That is: two sends under one idempotency key, or two sends of the same body to the same chat, unless each
        carried a key that its caller chose. A key that is a UUID counts as none: clients make such keys up.
        """
        found = duplicates(self._state)
        if found:
            raise AssertionError("\n".join(found))

    def assert_sent(self, text: str | None = None, *, to: str | None = None) -> SandboxMessage:
        """Fail unless a message with this text, or to this chat, was accepted; return the latest such message."""
        found = [each for each in self.messages if text in (None, each.text) and to in (None, each.chat_id)]
        if not found:
            raise AssertionError(f"no message {text!r} to {to or 'anybody'} among {len(self.messages)} accepted")
        return found[-1]

    def reset(self) -> None:
        """Forget everything: messages, requests, failures asked for, webhooks, and advances of the clock."""
        self._now_running.application.faults.clear()
        self._state.clear()
        self._now_running.application.ledger.clear()

    def _add(self, fault: Fault) -> None:
        if fault.times < 1:
            raise ValueError("times must be at least 1")
        self._now_running.application.faults.add(fault)

    @property
    def _state(self) -> State:
        return self._now_running.state

    @property
    def _now_running(self) -> _Running:
        if self._running is None:
            raise RuntimeError("the sandbox is not running: use it in a `with` block, or call start()")
        return self._running


class _Running:
    def __init__(self, state: State, application: Application, server: ServerThread) -> None:
        self.state = state
        self.application = application
        self.server = server
