"""What a test asks for: requests that fail, and deliveries that go wrong."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from blooio_sandbox.control.faults import Fault, Faults, failing_response
from blooio_sandbox.deliveries.disturbances import Disturbance, Disturbances

if TYPE_CHECKING:
    from collections.abc import Mapping


class OnDemand(ABC):
    """The part of a sandbox that makes things go wrong.

    Everywhere, `times` is how often it happens (None: until a reset), `operation` restricts it to one operation
    (`sendMessage`), and `probability` lets it befall only some requests: the same ones for the same `seed`.
    """

    @property
    @abstractmethod
    def _faults(self) -> Faults: ...

    @property
    @abstractmethod
    def _disturbances(self) -> Disturbances: ...

    def fail_next(
        self,
        status: int = 503,
        *,
        times: int | None = 1,
        operation: str | None = None,
        code: str | None = None,
        message: str | None = None,
        retry_after: float | str | None = None,
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
        after_processing: bool = False,
        probability: float = 1.0,
        seed: int = 0,
    ) -> None:
        """Let the next requests fail.

        Args:
            status: What they are answered.
            times: How many of them; None: all, until a reset.
            operation: Only requests of this operation (`sendMessage`).
            code: The error body's `code`, which says that a 429 is a quota.
            message: The error body's `message`.
            retry_after: The header's value: seconds, or a date.
            body: A body in place of the JSON error body, such as HTML.
            headers: More headers, such as the `location` of a redirect.
            after_processing: Do what was asked, and answer the failure still: the outcome is unknown to the client.
            probability: How likely it is that a request fails.
            seed: Which requests that applies_to: the same seed brings the same ones.
        """
        text, all_headers = failing_response(
            status, code=code, message=message, retry_after=retry_after, body=body, headers=headers
        )
        self._faults.add(
            Fault(
                times,
                operation,
                status,
                all_headers,
                text,
                after_processing=after_processing,
                probability=probability,
                seed=seed,
            )
        )

    def drop_next(
        self,
        *,
        times: int | None = 1,
        operation: str | None = None,
        after_processing: bool = False,
        probability: float = 1.0,
        seed: int = 0,
    ) -> None:
        """Let the connections of the next requests break before anything is answered."""
        self._faults.add(
            Fault(
                times,
                operation,
                after_processing=after_processing,
                drops_connection=True,
                probability=probability,
                seed=seed,
            )
        )

    def delay_next(
        self,
        seconds: float,
        *,
        times: int | None = 1,
        operation: str | None = None,
        probability: float = 1.0,
        seed: int = 0,
    ) -> None:
        """Let the next requests wait before they are carried out and answered."""
        self._faults.add(Fault(times, operation, delay=seconds, probability=probability, seed=seed))

    def disturb_deliveries(
        self,
        *,
        times: int = 1,
        event: str | None = None,
        copies: int = 1,
        delay: float = 0.0,
        stale_by: float = 0.0,
        wrong_signature: bool = False,
        swapped: bool = False,
    ) -> None:
        """Let the next deliveries to webhooks go wrong.

        Args:
            times: How many of them.
            event: Only deliveries of this event (`message.received`).
            copies: How often the event arrives.
            delay: Seconds by which it is late, on the sandbox's clock; later events overtake it.
            stale_by: Seconds by which the signature's timestamp lies in the past; it is signed rightly.
            wrong_signature: Sign it with another secret.
            swapped: Hold it until the next event has been delivered to the same webhook.
        """
        self._disturbances.add(
            Disturbance(
                times,
                event,
                copies=copies,
                delay=delay,
                stale_by=stale_by,
                wrong_signature=wrong_signature,
                swapped=swapped,
            )
        )

    def stop_failing(self) -> None:
        """Ask for no failures and disturbances any more."""
        self._faults.clear()
        self._disturbances.clear()
