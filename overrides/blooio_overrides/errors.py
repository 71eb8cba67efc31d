"""Every error that the client raises.

    BlooioError
    ├── APIError                      the service answered with an error
    │   ├── BadRequestError 400       ├── AuthenticationError 401    ├── PaymentRequiredError 402
    │   ├── PermissionDeniedError 403 ├── NotFoundError 404          ├── ConflictError 409
    │   ├── ComingSoonError 501       ├── RedirectError 3xx
    │   ├── RateLimitError 429        ── QuotaExceededError 429 with a code
    │   └── ServerError 5xx           ── DeviceUnreachableError 502, NoActiveNumberError 503
    ├── UnexpectedResponseError         2xx, but not what was asked for
    ├── ConnectionFailedError
    ├── DeadlineExceededError
    ├── MessageFailedError
    ├── InvalidArgumentError          nothing was sent
    ├── ClientStateError              the client is closed, or belongs to another event loop or process
    └── WebhookVerificationError
        ├── SignatureMissingError     ├── SignatureMalformedError
        └── SignatureMismatchError    └── TimestampOutsideToleranceError

All can be pickled and copied. Their texts never hold what the service said or what was sent, which may be private.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
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
    """Return a response with stars, as many, for each letter of the secrets that are documented for it."""
    return _SECRETS.sub(_starred, body)


def _starred(found: re.Match[bytes]) -> bytes:
    name = found[1] or b""
    return name + b"*" * (len(found[0]) - len(name))


class Body(bytes):
    """The bytes of a response, whose secrets are in no repr, and in no pickle."""

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
    """Anything that this client raises on purpose."""

    def __init__(
        self,
        text: str = "",
        *,
        sent: bool | None = None,
        idempotency_key: str | None = None,
        operation: str | None = None,
        attempts: int = 0,
    ) -> None:
        super().__init__(text)
        self.sent = sent
        """Whether it was carried out: False if provably not, True if provably, None if nobody can know."""
        self.idempotency_key = idempotency_key
        """The key of the send; trying again with it cannot send a second message."""
        self.operation = operation
        """The operationId of the call."""
        self.attempts = attempts
        """How many requests were begun."""


class APIError(BlooioError):
    """The service answered with an error."""

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
    ) -> None:
        super().__init__(text, sent=sent, idempotency_key=idempotency_key, operation=operation, attempts=attempts)
        self.status = status
        """The HTTP status."""
        self.code = code
        """What went wrong, for programs: switch on this and not on the message."""
        self.message = message
        """What the service said went wrong; it may hold private data, so it is not in the error's text."""
        self.details: dict[str, Any] = dict(details or {})
        """What else the service said, such as the limit that was reached."""
        self.body: bytes = Body(body)
        """The raw response; a secret in it is not in its repr, and not in a pickle."""
        self.headers: dict[str, str] = dict(headers or {})
        """The headers of the response, their names in lower case."""
        self.retry_after = retry_after
        """Seconds after which the service asks to try again, if it says so."""
        self.method = method
        """The HTTP method of the call."""
        self.path = path
        """The path template of the call, without any identifier."""

    @property
    def request_id(self) -> str | None:
        """The id under which the service knows the request, if it gave one."""
        return self.headers.get("x-request-id") or self.headers.get("request-id")


class BadRequestError(APIError):
    """400: the service cannot read the request, or refuses what it asks."""


class AuthenticationError(APIError):
    """401: the API key is missing, wrong, or no longer valid."""


class PaymentRequiredError(APIError):
    """402: the plan, or the trial, does not cover this."""


class PermissionDeniedError(APIError):
    """403: the API key may not do this."""


class NotFoundError(APIError):
    """404: there is no such chat, message, contact, group, webhook or number."""


class ConflictError(APIError):
    """409: it exists already, or the idempotency key was used before."""


class RateLimitError(APIError):
    """429: too many requests; waiting helps."""


class QuotaExceededError(RateLimitError):
    """429 with a code: a limit of the plan or of the conversation; waiting a little does not help."""


class RedirectError(APIError):
    """3xx: the service points elsewhere; redirects are never followed, since they can repeat or lose a request."""


class ServerError(APIError):
    """5xx: the service failed."""


class DeviceUnreachableError(ServerError):
    """502: the service cannot reach the device that sends for this number."""


class NoActiveNumberError(ServerError):
    """503: no number of this API key is active."""


class ComingSoonError(APIError):
    """501: the service does not offer this yet."""


class UnexpectedResponseError(BlooioError):
    """The service accepted the request, but answered with something that cannot be its result."""

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
    ) -> None:
        super().__init__(text, sent=sent, idempotency_key=idempotency_key, operation=operation, attempts=attempts)
        self.status = status
        """The HTTP status."""
        self.headers: dict[str, str] = dict(headers or {})
        """The headers of the response, their names in lower case."""
        self.body: bytes = Body(body)
        """The raw response; a secret in it is not in its repr, and not in a pickle."""


class ConnectionFailedError(BlooioError):
    """The service could not be reached, or the connection broke."""


class DeadlineExceededError(BlooioError):
    """The call took longer than its timeout."""


class MessageFailedError(BlooioError):
    """A message that was waited for has failed or was cancelled."""

    def __init__(
        self,
        text: str = "",
        *,
        message_status: MessageStatus | None = None,
        sent: bool | None = None,
        idempotency_key: str | None = None,
        operation: str | None = None,
        attempts: int = 0,
    ) -> None:
        super().__init__(text, sent=sent, idempotency_key=idempotency_key, operation=operation, attempts=attempts)
        self.message_status = message_status
        """What the service said of the message; its `error` may hold private data, so it is not in the error's text."""


class InvalidArgumentError(BlooioError, ValueError):
    """An argument cannot be right; nothing was sent."""

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
    ) -> None:
        super().__init__(text, sent=sent, idempotency_key=idempotency_key, operation=operation, attempts=attempts)


class WebhookVerificationError(BlooioError):
    """A delivery cannot be trusted: refuse it, and do not read its body."""


class SignatureMissingError(WebhookVerificationError):
    """The delivery has no signature."""


class SignatureMalformedError(WebhookVerificationError):
    """The delivery's signature, or the delivery itself, is not of the form that Blooio sends."""


class SignatureMismatchError(WebhookVerificationError):
    """The delivery's signature does not fit its body and the secret."""


class TimestampOutsideToleranceError(WebhookVerificationError):
    """The delivery was signed too long ago, or in the future."""
