"""The error that an outcome becomes, with a text that says what to do next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import attrs

from blooio_client.types import Call, Secret, without_identifiers

from .. import errors
from ..json_values import is_object
from .operations import Repeat
from .outcome import Failure, Outcome, Response, is_unknown
from .retries import is_own_first_attempt, retry_after

_BY_STATUS: Final[Mapping[int, type[errors.APIError]]] = MappingProxyType(
    {
        400: errors.BadRequestError,
        401: errors.AuthenticationError,
        402: errors.PaymentRequiredError,
        403: errors.PermissionDeniedError,
        404: errors.NotFoundError,
        409: errors.ConflictError,
        429: errors.RateLimitError,
        501: errors.ComingSoonError,
    }
)
_HINTS: Final[Mapping[type[errors.APIError], str]] = MappingProxyType(
    {
        errors.BadRequestError: "Correct the request; error.message says what the service objects to.",
        errors.AuthenticationError: "Check the API key (api_key=, or BLOOIO_API_KEY), and base_url.",
        errors.PaymentRequiredError: "The plan or trial does not cover this; see error.message.",
        errors.PermissionDeniedError: "This API key or plan may not do this; see error.code and error.message.",
        errors.NotFoundError: "Check the identifiers.",
        errors.ConflictError: "It exists already; see error.message and error.details.",
        errors.RateLimitError: "Wait, then try again.",
        errors.QuotaExceededError: "A limit is reached (error.code, error.details); trying again soon does not help.",
        errors.ComingSoonError: "The service does not offer this yet.",
        errors.RedirectError: "Redirects are not followed; check base_url.",
        errors.DeviceUnreachableError: "The sending device cannot be reached.",
        errors.NoActiveNumberError: "No number of this API key is active; its device may be offline.",
    }
)
# A code is shown only where it is a plain word: anything else may be private.
_PLAIN_CODE: Final = re.compile(r"[a-z][a-z_]{0,63}")
_REPEATED_KEY: Final = "**********"
SHORTEST_KEY: Final = 12
"""Characters that an API key has at least; what is shorter is a word, and may stand in a response by chance."""


@attrs.frozen(eq=False)
class Journey:
    """One logical call so far: what it is, and what is known of its attempts."""

    call: Call[Any]
    repeat: Repeat
    idempotency_key: str | None
    attempts: int = 1
    """How many there were, with the one that is under way."""
    uncertain: bool = False
    """Whether an attempt before the last one had an unknown outcome."""
    api_key: Secret | None = None
    """What the service may repeat, and no error shall hold."""

    def after(self, outcome: Outcome) -> Journey:
        """The journey with this outcome behind it, and one more attempt begun."""
        uncertain = self.uncertain or is_unknown(outcome)
        return attrs.evolve(self, attempts=self.attempts + 1, uncertain=uncertain)

    def sent(self, outcome: Outcome) -> bool | None:
        """What `error.sent` says: False only where every attempt provably came to nothing."""
        return None if self.uncertain or is_unknown(outcome) else False

    @property
    def name(self) -> str:
        """How texts and logs call it: without any identifier."""
        return f"{self.call.method} {without_identifiers(self.call.template)}"


def error_of(journey: Journey, outcome: Outcome, *, expired: bool) -> errors.BlooioError:
    """Return the error that a call ends with.

    Args:
        journey: The call.
        outcome: What came of its last attempt.
        expired: Whether there is no time left for another one.
    """
    if isinstance(outcome, Response):
        return _api_error(journey, outcome)
    late = outcome.timed_out and (expired or outcome.sent is None)
    kind = errors.DeadlineExceededError if late else errors.ConnectionFailedError
    text = f"{journey.name}: {outcome.reason}{_attempts(journey)}. {_advice(journey, outcome)}"
    return kind(
        text.rstrip(),
        sent=journey.sent(outcome),
        idempotency_key=journey.idempotency_key,
        operation=journey.call.operation or None,
        attempts=journey.attempts,
    )


def _without_key(journey: Journey, response: Response) -> Response:
    """Return a response without the API key, which pages for debugging and careless messages repeat."""
    key = "" if journey.api_key is None else journey.api_key.reveal()
    if len(key) < SHORTEST_KEY:
        return response
    headers = {name: value.replace(key, _REPEATED_KEY) for name, value in response.headers.items()}
    return Response(response.status, headers, response.body.replace(key.encode(), _REPEATED_KEY.encode()))


def _api_error(journey: Journey, came: Response) -> errors.APIError:
    response = _without_key(journey, came)
    kind = error_class(response)
    problem = response.problem
    code = f" ({problem.code})" if problem.code and _PLAIN_CODE.fullmatch(problem.code) else ""
    text = f"{journey.name} was answered {response.status}{code}{_attempts(journey)}. {_hint(kind, journey, response)}"
    return kind(
        text.rstrip(),
        status=response.status,
        code=problem.code,
        message=problem.message,
        details=problem.details,
        body=response.body,
        headers=response.headers,
        retry_after=retry_after(response.headers),
        method=journey.call.method,
        path=journey.call.template,
        sent=journey.sent(response),
        idempotency_key=journey.idempotency_key,
        operation=journey.call.operation or None,
        attempts=journey.attempts,
    )


def error_class(response: Response) -> type[errors.APIError]:
    """Return which error a response is."""
    status = response.status
    if status == 429 and response.problem.code:  # noqa: PLR2004 - a status
        return errors.QuotaExceededError
    if is_object(response.json) and status in (502, 503):
        return errors.DeviceUnreachableError if status == 502 else errors.NoActiveNumberError  # noqa: PLR2004 - a status
    if status < 400:  # noqa: PLR2004 - a status
        return errors.RedirectError
    return _BY_STATUS.get(status) or (errors.ServerError if status >= 500 else errors.APIError)  # noqa: PLR2004 - a status


def _attempts(journey: Journey) -> str:
    return f" after {journey.attempts} attempts" if journey.attempts > 1 else ""


def _hint(kind: type[errors.APIError], journey: Journey, response: Response) -> str:
    if is_own_first_attempt(response, uncertain=journey.uncertain) and journey.repeat is Repeat.KEYED:
        return (
            "An earlier attempt with this key was probably accepted: it must not be sent with another key. "
            "Try again with the same key (error.idempotency_key)."
        )
    if response.status == 404 and journey.call.method == "DELETE" and journey.uncertain:  # noqa: PLR2004 - a status
        return "An earlier attempt of this call may have deleted it: that it is gone now may be our own doing."
    hint, wait = _HINTS.get(kind, ""), retry_after(response.headers)
    if kind is errors.RateLimitError and wait is not None:
        hint = f"Wait {wait:g} seconds, then try again."
    return " ".join(part for part in (hint, _advice(journey, response)) if part)


def _advice(journey: Journey, outcome: Outcome) -> str:
    """What to do about an outcome that nobody can know."""
    if journey.sent(outcome) is False:
        return "Nothing was carried out." if isinstance(outcome, Failure) else ""
    if journey.repeat is Repeat.KEYED:
        return (
            "Whether it was sent is unknown: try again with the same key (error.idempotency_key), "
            "then there cannot be a second message."
        )
    if journey.repeat is Repeat.SAFE:
        return "It is safe to try again."
    return "Whether it was carried out is unknown: look before you try again, a repeat would do it twice."


_REPEATED: Final[Mapping[Repeat, str]] = MappingProxyType(
    {
        Repeat.SAFE: "It is safe to try again",
        Repeat.KEYED: "It was carried out: do not repeat it without its key",
        Repeat.VISIBLE: "It was carried out: do not repeat it",
        Repeat.ONCE: "It was carried out: do not repeat it",
    }
)


def unexpected_response(journey: Journey, came: Response, reason: str) -> errors.UnexpectedResponseError:
    """Return the error for a 2xx response that cannot be the result."""
    response = _without_key(journey, came)
    return errors.UnexpectedResponseError(
        f"{journey.name} was accepted ({response.status}), but {reason}. "
        f"{_REPEATED[journey.repeat]}; error.body holds the raw response.",
        status=response.status,
        headers=response.headers,
        body=response.body,
        idempotency_key=journey.idempotency_key,
        operation=journey.call.operation or None,
        attempts=journey.attempts,
    )
