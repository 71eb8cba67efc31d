"""Every error that the client raises.

    BlooioError
    ├── APIError                      the service returned an error
    │   ├── BadRequestError 400       ├── AuthenticationError 401    ├── PaymentRequiredError 402
    │   ├── PermissionDeniedError 403 ├── NotFoundError 404          ├── ConflictError 409
    │   ├── ComingSoonError 501       ├── RedirectError 3xx
    │   ├── RateLimitError 429        ── QuotaExceededError 429 with a code
    │   └── ServerError 5xx           ── DeviceUnreachableError 502, NoActiveNumberError 503
    ├── UnexpectedResponseError       2xx, but the response cannot be the result
    ├── ConnectionFailedError
    ├── DeadlineExceededError
    ├── MessageFailedError
    ├── InvalidArgumentError          nothing was sent
    ├── ClientStateError              the client is closed, or belongs to another event loop or process
    └── WebhookVerificationError
        ├── SignatureMissingError     ├── SignatureMalformedError
        └── SignatureMismatchError    └── TimestampOutsideToleranceError

All can be pickled and copied. The text of an error says what to do next and ends with the service's own code and
message, unless the message repeats something that was sent.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from blooio_client.models import MessageStatus

__all__ = [
    "APIError",
    "AuthenticationError",
    "BadRequestError",
    "BlooioError",
    "ClientStateError",
    "ComingSoonError",
    "ConflictError",
    "ConnectionFailedError",
    "DeadlineExceededError",
    "DeviceUnreachableError",
    "InvalidArgumentError",
    "MessageFailedError",
    "NoActiveNumberError",
    "NotFoundError",
    "PaymentRequiredError",
    "PermissionDeniedError",
    "QuotaExceededError",
    "RateLimitError",
    "RedirectError",
    "ServerError",
    "SignatureMalformedError",
    "SignatureMismatchError",
    "SignatureMissingError",
    "TimestampOutsideToleranceError",
    "UnexpectedResponseError",
    "WebhookVerificationError",
]


_SECRETS: Final = re.compile(rb'("(?:api_key|signing_secret)"\s*:\s*")(?:[^"\\]|\\.)*|whsec_[\w-]+')


def without_secrets(body: bytes) -> bytes:
    """Mask documented secrets with asterisks."""
    return _SECRETS.sub(_starred, body)


def _starred(found: re.Match[bytes]) -> bytes:
    name = found[1] or b""
    return name + b"*" * (len(found[0]) - len(name))


class Body(bytes):
    """The bytes of a response; its repr and its pickles do not contain secrets."""

    def __repr__(self) -> str:
        return repr(without_secrets(bytes(self)))

    def __str__(self) -> str:
        return repr(self)

    def __copy__(self) -> Body:
        return self

    def __deepcopy__(self, memo: object) -> Body:
        return self

    def __reduce_ex__(self, protocol: object) -> tuple[type[Body], tuple[bytes]]:
        return Body, (without_secrets(bytes(self)),)


class BlooioError(Exception):
    """The base class of every error that this client raises."""

    def __init__(
        self,
        text: str = "",
        *,
        sent: bool | None = None,
        idempotency_key: str | None = None,
        operation: str | None = None,
        attempts: int = 0,
        hint: str = "",
    ) -> None:
        super().__init__(text)
        self.sent = sent
        """Whether the request was carried out: False if provably not, True if it was, None if that is unknown."""
        self.idempotency_key = idempotency_key
        """The key of the send; retrying with it cannot send a second message."""
        self.operation = operation
        """The operationId of the call."""
        self.attempts = attempts
        """The number of requests that were started."""
        self.hint = hint
        """What to do next."""
        self.partial: Sequence[Any] = ()
        """The results before this error, for methods that send several requests, such as `lookup_many`."""


@contextmanager
def keeping(results: Sequence[Any]) -> Generator[None]:
    """Add the results so far to an error raised in this block."""
    try:
        yield
    except BlooioError as error:
        error.partial = tuple(results)
        raise


class APIError(BlooioError):
    """The service returned an error."""

    def __init__(
        self,
        text: str = "",
        *,
        status: int = 0,
        code: str | None = None,
        message: str | None = None,
        details: Mapping[str, Any] | None = None,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        retry_after: float | None = None,
        method: str = "",
        path: str = "",
        sent: bool | None = None,
        idempotency_key: str | None = None,
        operation: str | None = None,
        attempts: int = 0,
        hint: str = "",
    ) -> None:
        super().__init__(
            text, sent=sent, idempotency_key=idempotency_key, operation=operation, attempts=attempts, hint=hint
        )
        self.status = status
        """The HTTP status."""
        self.code = code
        """The machine-readable code, if there is one. Switch on this, not on the message."""
        self.message = message
        """The service's own message. It may contain private data; the text of the error leaves out what was sent."""
        self.details: dict[str, Any] = dict(details or {})
        """The other fields of the response, such as the limit that was reached."""
        self.body: bytes = Body(body)
        """The raw response body. Its repr and its pickles do not contain secrets."""
        self.headers: dict[str, str] = dict(headers or {})
        """The headers of the response, with names in lower case."""
        self.retry_after = retry_after
        """The seconds that Retry-After asks to wait, or None."""
        self.method = method
        """The HTTP method of the call."""
        self.path = path
        """The path template of the call, without any identifier."""

    @property
    def request_id(self) -> str | None:
        """The id that the service assigned to the request, if any."""
        return self.headers.get("x-request-id") or self.headers.get("request-id")


class BadRequestError(APIError):
    """400: the request is invalid."""


class AuthenticationError(APIError):
    """401: the API key is missing, wrong or no longer valid."""


class PaymentRequiredError(APIError):
    """402: the plan or trial does not cover this."""


class PermissionDeniedError(APIError):
    """403: the API key, plan or number does not allow this."""


class NotFoundError(APIError):
    """404: the chat, message, contact, group, webhook or number does not exist."""


class ConflictError(APIError):
    """409: it already exists, can no longer be changed, or the idempotency key was used before."""


class RateLimitError(APIError):
    """429: too many requests; waiting helps."""


class QuotaExceededError(RateLimitError):
    """429 with a code: a limit of the plan or the conversation. Retrying soon does not help."""


class RedirectError(APIError):
    """3xx: a redirect. The client never follows one, since that can repeat or lose a request."""


class ServerError(APIError):
    """5xx: the service failed."""


class DeviceUnreachableError(ServerError):
    """502: the service cannot reach the device that sends for this number."""


class NoActiveNumberError(ServerError):
    """503: no number of this API key is active."""


class ComingSoonError(APIError):
    """501: the service does not offer this yet."""


class UnexpectedResponseError(BlooioError):
    """A success status with a response that cannot be the result.

    `sent` is None if the response is not JSON, since it may come from a proxy or another server; otherwise it is True.
    """

    def __init__(
        self,
        text: str = "",
        *,
        status: int = 0,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        sent: bool | None = True,
        idempotency_key: str | None = None,
        operation: str | None = None,
        attempts: int = 0,
        hint: str = "",
    ) -> None:
        super().__init__(
            text, sent=sent, idempotency_key=idempotency_key, operation=operation, attempts=attempts, hint=hint
        )
        self.status = status
        """The HTTP status."""
        self.headers: dict[str, str] = dict(headers or {})
        """The headers of the response, with names in lower case."""
        self.body: bytes = Body(body)
        """The raw response body. Its repr and its pickles do not contain secrets."""


class ConnectionFailedError(BlooioError):
    """The service could not be reached, or the connection broke."""


class DeadlineExceededError(BlooioError):
    """The call took longer than its timeout."""


class MessageFailedError(BlooioError):
    """The message that `messages.wait` waited for failed or was cancelled."""

    def __init__(
        self,
        text: str = "",
        *,
        message_status: MessageStatus | None = None,
        sent: bool | None = None,
        idempotency_key: str | None = None,
        operation: str | None = None,
        attempts: int = 0,
        hint: str = "",
    ) -> None:
        super().__init__(
            text, sent=sent, idempotency_key=idempotency_key, operation=operation, attempts=attempts, hint=hint
        )
        self.message_status = message_status
        """The status of the message. Its `error` may contain private data, so the text of this error leaves it out."""


class InvalidArgumentError(BlooioError, ValueError):
    """An argument is invalid; nothing was sent."""

    def __init__(self, text: str = "", *, operation: str | None = None) -> None:
        super().__init__(text, sent=False, operation=operation)


class ClientStateError(BlooioError, RuntimeError):
    """The client cannot be used here: it is closed, or belongs to another event loop or process."""

    def __init__(
        self,
        text: str = "",
        *,
        sent: bool | None = False,
        idempotency_key: str | None = None,
        operation: str | None = None,
        attempts: int = 0,
        hint: str = "",
    ) -> None:
        super().__init__(
            text, sent=sent, idempotency_key=idempotency_key, operation=operation, attempts=attempts, hint=hint
        )


class WebhookVerificationError(BlooioError):
    """A webhook delivery cannot be trusted: reject it without reading its body."""


class SignatureMissingError(WebhookVerificationError):
    """The webhook delivery has no signature."""


class SignatureMalformedError(WebhookVerificationError):
    """The signature, or the webhook delivery itself, does not have the form that Blooio sends."""


class SignatureMismatchError(WebhookVerificationError):
    """The signature does not match the body and the signing secret."""


class TimestampOutsideToleranceError(WebhookVerificationError):
    """The webhook delivery was signed too long ago, or in the future."""


for _name in __all__:  # so that tracebacks say `blooio_client.NotFoundError`
    globals()[_name].__module__ = "blooio_client"
