"""Error classes."""

from __future__ import annotations

import copy
import inspect
import pickle
from typing import Any

import pytest

from blooio_overrides import errors
from blooio_overrides.errors import (
    APIError,
    BlooioError,
    ClientStateError,
    InvalidArgumentError,
    UnexpectedResponseError,
)

CLASSES: list[type[BlooioError]] = [getattr(errors, name) for name in errors.__all__]
PARENTS = {
    "BlooioError": "Exception",
    "APIError": "BlooioError",
    **dict.fromkeys(
        [
            "BadRequestError",
            "AuthenticationError",
            "PaymentRequiredError",
            "PermissionDeniedError",
            "NotFoundError",
            "ConflictError",
            "ComingSoonError",
            "RedirectError",
            "RateLimitError",
            "ServerError",
        ],
        "APIError",
    ),
    "QuotaExceededError": "RateLimitError",
    "DeviceUnreachableError": "ServerError",
    "NoActiveNumberError": "ServerError",
    **dict.fromkeys(
        [
            "UnexpectedResponseError",
            "ConnectionFailedError",
            "DeadlineExceededError",
            "MessageFailedError",
            "InvalidArgumentError",
            "ClientStateError",
            "WebhookVerificationError",
        ],
        "BlooioError",
    ),
    **dict.fromkeys(
        [
            "SignatureMissingError",
            "SignatureMalformedError",
            "SignatureMismatchError",
            "TimestampOutsideToleranceError",
        ],
        "WebhookVerificationError",
    ),
}


def pickled(protocol: int) -> Any:
    """Return a function that pickles and unpickles an error."""

    def copied(error: object) -> Any:
        return pickle.loads(pickle.dumps(error, protocol))  # noqa: S301 - our own

    return copied


COPIES: list[Any] = [copy.copy, copy.deepcopy, *map(pickled, range(6))]
SAMPLES: dict[str, Any] = {
    "sent": None,
    "idempotency_key": "order-42",
    "operation": "sendMessage",
    "attempts": 3,
    "status": 503,
    "code": "gone",
    "message": "it is gone",
    "details": {"limit": [20, {"since": None}]},
    "body": b'{"code":"gone"}\xff',
    "headers": {"x-request-id": "req-1"},
    "retry_after": 1.5,
    "method": "POST",
    "path": "/chats/{chatId}/messages",
}


def sample(kind: type[BlooioError]) -> BlooioError:
    """An error with every attribute of its class, and one that the user added."""
    names = inspect.signature(kind).parameters
    made = kind("do this next", **{name: value for name, value in SAMPLES.items() if name in names})
    made.__dict__["ours"] = "kept"
    return made


@pytest.mark.parametrize("kind", CLASSES)
def test_every_error_survives_copies_and_pickles(kind: type[BlooioError]) -> None:
    """A copied or pickled error keeps its class, text and attributes."""
    error = sample(kind)
    for copied in COPIES:
        other = copied(error)

        assert type(error) is type(other)
        assert str(error) == str(other) == "do this next"
        assert vars(error) == vars(other)


@pytest.mark.parametrize("kind", CLASSES)
def test_every_error_can_be_made_without_arguments(kind: type[BlooioError]) -> None:
    """An error without arguments, as test doubles create it, is complete."""
    made = kind()

    assert str(made) == ""
    assert (made.idempotency_key, made.operation, made.attempts) == (None, None, 0)


def test_the_tree() -> None:
    """The class hierarchy is as documented; an invalid argument is also a ValueError."""
    assert {kind.__name__: kind.__bases__[0].__name__ for kind in CLASSES} == PARENTS
    assert issubclass(InvalidArgumentError, ValueError)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"x-request-id": "a", "request-id": "b"}, "a"),
        ({"request-id": "b"}, "b"),
        ({}, None),
    ],
)
def test_request_id(headers: dict[str, str], expected: str | None) -> None:
    """request_id is the id that the service assigned, if any."""
    assert expected == APIError(headers=headers).request_id


def test_sent_by_default() -> None:
    """`sent` is False for an invalid argument and True for an unexpected response."""
    assert (InvalidArgumentError("x").sent, UnexpectedResponseError("x").sent, BlooioError("x").sent) == (
        False,
        True,
        None,
    )


def test_an_error_keeps_its_own_details_and_headers() -> None:
    """Changing the arguments of an error afterwards does not change the error."""
    details: dict[str, Any] = {"limit": 20}
    headers = {"a": "b"}
    error = APIError(details=details, headers=headers)
    details.clear()
    headers.clear()

    assert (error.details, error.headers) == ({"limit": 20}, {"a": "b"})


def test_a_body_hides_its_secrets_and_nothing_else() -> None:
    """The body and its copies keep their bytes; its repr and its pickles mask documented secrets."""
    body = b'{"signing_secret": "a\\"b", "api_key":"c", "note": "whsec_d", "text": "e"}'
    error = UnexpectedResponseError(body=body)
    hidden = b'{"signing_secret": "****", "api_key":"*", "note": "*******", "text": "e"}'

    assert [error.body, copy.copy(error).body, copy.deepcopy(error).body] == [body] * 3
    assert [copy.copy(error.body), copy.deepcopy(error.body)] == [body] * 2
    assert [pickled(protocol)(error).body for protocol in range(6)] == [hidden] * 6
    assert [str(error.body), repr(error.body), f"{error.body!s}"] == [repr(hidden)] * 3
    assert issubclass(ClientStateError, RuntimeError)


def test_sent_of_a_client_state_error() -> None:
    """`sent` is False by default, or None for a call that had started."""
    assert ClientStateError("closed").sent is False
    assert ClientStateError("closed", sent=None, idempotency_key="order-42").sent is None
