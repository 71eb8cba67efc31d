"""Faults and disturbances on demand."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from blooio_sandbox.control.faults import Fault, Faults, failing_response
from blooio_sandbox.deliveries.disturbances import Disturbance, Disturbances

if TYPE_CHECKING:
    from collections.abc import Mapping


class OnDemand(ABC):
    """The methods of `Sandbox` that inject faults.

    Everywhere, `times` is how often it happens (None: until a reset), `operation` restricts it to one operation
    (`sendMessage`), and `probability` limits it to some requests: the same ones for the same `seed`.
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
        """Make the next requests fail.

        Args:
            status: The response status.
            times: The number of requests; None means all until a reset.
            operation: Only this operation, such as `sendMessage`.
            code: The error body's `code`, such as `outbound_limit_reached`.
            message: The error body's `message`.
            retry_after: The `Retry-After` header: seconds or a date.
            body: A body instead of the JSON error, such as HTML.
            headers: Additional headers, such as `location` for a redirect.
            after_processing: Carry out the request, then fail: the client cannot know the outcome.
            probability: The probability that a matching request fails.
            seed: The same seed selects the same requests.
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
        """Drop the connections of the next requests without a response."""
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
        """Delay the next requests before they are carried out."""
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
        """Disturb the next webhook deliveries.

        Args:
            times: The number of deliveries.
            event: Only this event, such as `message.received`.
            copies: How many times the event arrives.
            delay: Seconds of delay on the sandbox's clock; later events overtake it.
            stale_by: The age of the signature's timestamp in seconds; the signature is valid.
            wrong_signature: Sign with another secret.
            swapped: Hold the event until the next one was delivered to the same webhook.
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

    def remove_fault(self, fault: int) -> None:
        """Remove one pending fault, by its id."""
        self._faults.remove(fault)

    def stop_failing(self) -> None:
        """Remove all faults and disturbances."""
        self._faults.clear()
        self._disturbances.clear()
