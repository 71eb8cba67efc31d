"""Every documented error is raised as the class of its status, for every operation, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from contract_cases import CASES, asked
from contract_clients import MODES, in_turn
from contract_document import OPERATIONS, violations

from blooio_client import errors

if TYPE_CHECKING:
    from tests.contract.conftest import Service

ERRORS = [(name, status) for name in CASES for status in OPERATIONS[name].responses if status >= 400]
CLASSES = {
    400: errors.BadRequestError,
    401: errors.AuthenticationError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    429: errors.RateLimitError,
    410: errors.APIError,
    501: errors.ComingSoonError,
    502: errors.DeviceUnreachableError,
    503: errors.NoActiveNumberError,
}
# A rate limit of the gateway has no code, unlike Blooio's own limits.
WITH_CODE = {429: errors.QuotaExceededError}
# Errors whose outcome is unknown.
UNKNOWN = {409, 502, 503}


def body_of(status: int) -> dict[str, Any]:
    """An error body with every documented field, and an unknown one."""
    return {"error": "Refused", "status": status, "message": "In words", "code": "some_code", "unheard_of": [1]}


def raised(service: Service, operation: str, mode: str) -> errors.APIError:
    """Call an operation, and return the error that it raises after one request."""
    service.requests.clear()
    with pytest.raises(errors.APIError) as caught:
        MODES[mode](service.url, asked(operation, "minimal")[0])
    assert len(service.requests) == 1
    return caught.value


@pytest.mark.parametrize(("operation", "status", "mode"), in_turn(ERRORS, "sync", "async"))
def test_an_error_is_raised(service: Service, operation: str, status: int, mode: str) -> None:
    """The class matches the status; the error has the code, message, details and operation."""
    service.responses(status, body_of(status))

    error = raised(service, operation, mode)

    documented = OPERATIONS[operation]
    assert type(error) is WITH_CODE.get(status, CLASSES[status])
    assert (error.status, error.code, error.message) == (status, "some_code", "In words")
    assert error.details == {"unheard_of": [1]}
    assert (error.operation, error.method, error.path) == (operation, documented.method, documented.template)
    assert (error.attempts, error.sent) == (1, None if status in UNKNOWN else False)


@pytest.mark.parametrize(("operation", "status", "mode"), in_turn(ERRORS, "async", "sync"))
def test_an_empty_error_is_raised(service: Service, operation: str, status: int, mode: str) -> None:
    """An empty error body raises the class of its status, without code and message."""
    service.responses(status, {})

    error = raised(service, operation, mode)

    assert type(error) is CLASSES[status]
    assert (error.status, error.code, error.message, error.details) == (status, None, None, {})


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("status", sorted({status for _, status in ERRORS}))
def test_an_error_without_a_body_is_raised(service: Service, status: int, mode: str) -> None:
    """Without a body, 502 and 503 are ServerErrors, since they may come from a gateway."""
    service.responses(status, b"")

    error = raised(service, next(operation for operation, known in ERRORS if known == status), mode)

    assert type(error) is (errors.ServerError if status in (502, 503) else CLASSES[status])
    assert (error.status, error.code, error.message, error.details) == (status, None, None, {})


def test_the_errors_are_documented() -> None:
    """The error bodies of these tests are valid according to the document."""
    found = [
        (operation, status, problem)
        for operation, status in ERRORS
        for body in (body_of(status), {})
        for problem in violations(OPERATIONS[operation].responses[status] or {}, body)
    ]

    assert found == []
