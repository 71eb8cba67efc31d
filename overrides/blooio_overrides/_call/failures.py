"""The error for an outcome, with a text that says what to do next."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

import attrs

from blooio_client.call import without_identifiers
from blooio_client.types import Call, Secret

from .. import errors
from ..idempotency import RETRY_WINDOW
from ..json_values import is_object
from .echoes import showable
from .known_errors import KEY_REUSED, KnownError, known_error
from .operations import Repeat
from .outcome import UNREADABLE, Failure, Outcome, Problem, Response, is_unknown
from .retries import is_own_first_attempt, retry_after

# A code is only shown if it is a plain word: anything else may be private.
_PLAIN_CODE: Final = re.compile(r"[a-z][a-z_]{0,63}")
_REPEATED_KEY: Final = "**********"
_NO_MESSAGE: Final = "ApiError"
"""What the service writes in place of a message."""
wall_clock: Callable[[], float] = time.time
"""The system's clock, the only one that continues everywhere while a machine sleeps."""
MIN_MASKED_KEY: Final = 12
"""The shortest API key that is masked in responses; a shorter one could be an ordinary word."""


@attrs.frozen(eq=False)
class CallState:
    """The state of a call: what is known about its attempts so far."""

    call: Call[Any]
    repeat: Repeat
    idempotency_key: str | None
    has_own_key: bool = False
    """Whether the key was created for this call, so it cannot have been used before."""
    attempts: int = 1
    """The number of attempts, including the current one."""
    uncertain: bool = False
    """Whether an attempt before the last one had an unknown outcome."""
    api_key: Secret | None = None
    """The API key, which the service may repeat and which no error may contain."""
    headers: Callable[[], Mapping[str, str]] = attrs.field(default=dict[str, str], repr=False)
    """Returns the headers of the request, which the service may repeat, too."""
    began: float = attrs.field(factory=time.time)
    """When the call began, as Unix time."""

    def after(self, outcome: Outcome) -> CallState:
        """Return the state after this outcome, with one more attempt started."""
        uncertain = self.uncertain or is_unknown(outcome)
        return attrs.evolve(self, attempts=self.attempts + 1, uncertain=uncertain)

    def sent(self, outcome: Outcome) -> bool | None:
        """Return `error.sent`: False only if every attempt provably did nothing."""
        return None if self.uncertain or is_unknown(outcome) else False

    @property
    def is_protected(self) -> bool:
        """Whether a repeat sends nothing twice: it has an idempotency key that the service still remembers."""
        return self.repeat is Repeat.KEYED and wall_clock() - self.began < RETRY_WINDOW.total_seconds()

    @property
    def name(self) -> str:
        """The name of the call in texts and logs, without any identifier."""
        return f"{self.call.method} {without_identifiers(self.call.template)}"


def error_of(state: CallState, outcome: Outcome, *, expired: bool) -> errors.BlooioError:
    """Return the error that a call ends with.

    Args:
        state: The call.
        outcome: The outcome of its last attempt.
        expired: Whether no time is left for another attempt.
    """
    if isinstance(outcome, Response):
        return _api_error(state, outcome)
    late = outcome.timed_out and (expired or outcome.sent is None)
    kind = errors.DeadlineExceededError if late else errors.ConnectionFailedError
    cause = "" if late or outcome.cause is None else f" ({type(outcome.cause).__name__})"
    hint = _advice(state, outcome)
    return kind(
        f"{state.name}: {outcome.reason}{cause}{_attempts(state)}. {hint}",
        sent=state.sent(outcome),
        idempotency_key=state.idempotency_key,
        operation=state.call.operation or None,
        attempts=state.attempts,
        hint=hint,
    )


def _without_keys(state: CallState, response: Response) -> Response:
    """Mask the API key, and a token that `headers=` sends in its place: debug pages and messages may echo them."""
    keys = {state.headers().get("authorization", "").partition(" ")[2]}
    if state.api_key is not None:
        keys.add(state.api_key.reveal())
    for key in keys:
        if len(key) >= MIN_MASKED_KEY:
            response = _masked(response, key)
    return response


def _masked(response: Response, key: str) -> Response:
    """Mask a key in a response, plain or escaped."""
    headers, body = dict(response.headers), response.body
    in_json = json.dumps(key)[1:-1]
    escaped = [quote(key, safe=safe) for safe in ("/", "", "/+")]
    forms = {key, in_json, in_json.replace("/", r"\/"), *escaped, *map(_with_lower_hex, escaped)}
    for form in sorted(forms, key=len, reverse=True):  # an escaped form may contain the plain one
        headers = {name: value.replace(form, _REPEATED_KEY) for name, value in headers.items()}
        body = body.replace(form.encode(), _REPEATED_KEY.encode())
    return Response(response.status, headers, body)


def _with_lower_hex(quoted: str) -> str:
    return re.sub("%..", lambda found: found[0].lower(), quoted)


def _api_error(state: CallState, received: Response) -> errors.APIError:
    response = _without_keys(state, received)
    # The body keeps a signing secret, but hides it; nothing that is read from it would.
    problem = attrs.evolve(response, body=errors.without_secrets(response.body)).problem
    known = known_error(response.status, problem.code, state.call.operation)
    hint = _hint(known, state, response)
    text = f"{state.name} failed with status {response.status}{_attempts(state)}. {hint}{_detail(state, problem)}"
    return error_class(response)(
        text.rstrip(),
        status=response.status,
        code=problem.code,
        message=problem.message,
        details=problem.details,
        body=response.body,
        headers=response.headers,
        retry_after=retry_after(response.headers),
        method=state.call.method,
        path=without_identifiers(state.call.template),
        sent=state.sent(response),
        idempotency_key=state.idempotency_key,
        operation=state.call.operation or None,
        attempts=state.attempts,
        hint=hint,
    )


def _detail(state: CallState, problem: Problem) -> str:
    """Return the service's own code and message, without what may be private."""
    code = problem.code if problem.code and _PLAIN_CODE.fullmatch(problem.code) else None
    message = None if problem.message == _NO_MESSAGE else problem.message
    shown = [showable(each, state.call, state.headers()) for each in (code, message)]
    return " Blooio says: " + ": ".join(filter(None, shown)) if any(shown) else ""


def error_class(response: Response) -> type[errors.APIError]:
    """Return the class of the error for a response."""
    kind = known_error(response.status, response.problem.code).kind
    # Only Blooio itself responds with JSON: a gateway's 502 or 503 says nothing about devices and numbers.
    return kind if response.status not in (502, 503) or is_object(response.json) else errors.ServerError


def _attempts(state: CallState) -> str:
    return f" after {state.attempts} attempts" if state.attempts > 1 else ""


def _hint(known: KnownError, state: CallState, response: Response) -> str:
    if is_own_first_attempt(response, uncertain=state.uncertain) and state.repeat is Repeat.KEYED:
        return (
            "An earlier attempt was probably accepted, so do not send the message with another key. "
            "Retry with the same key (error.idempotency_key)."
        )
    if known.code == KEY_REUSED and state.uncertain:
        return "The key was used for another message. Check the conversation before you send with another key."
    if response.status == 404 and state.call.method == "DELETE" and state.uncertain:  # noqa: PLR2004 - a status
        return "An earlier attempt of this call may have deleted it."
    if response.status == 404 and "{" not in state.call.template:  # noqa: PLR2004 - a status
        return "Check base_url."  # the path contains no ids
    advice, wait = known.advice, retry_after(response.headers)
    if known.kind is errors.RateLimitError and wait is not None:
        advice = f"Wait {wait:g} seconds, then try again."
    if not is_object(response.json) and response.status in (502, 503):
        advice = ""
    return " ".join(part for part in (advice, _advice(state, response)) if part)


def _advice(state: CallState, outcome: Outcome) -> str:
    """Return the advice for an unknown outcome."""
    if state.sent(outcome) is False:
        return "Nothing was sent." if isinstance(outcome, Failure) else ""
    return _if_unknown(state)


def _if_unknown(state: CallState) -> str:
    if state.is_protected:
        return (
            "The message may have been sent. Retry with the same key (error.idempotency_key): "
            "that cannot send a second message."
        )
    if state.repeat is Repeat.SAFE:
        return "It is safe to retry."
    return "It may have been carried out. Check before you retry: a retry would do it twice."


_REPEATED: Final[Mapping[Repeat, str]] = MappingProxyType(
    {
        Repeat.SAFE: "It is safe to retry",
        Repeat.KEYED: "It was carried out: do not retry without its key",
        Repeat.VISIBLE: "It was carried out: do not retry",
        Repeat.ONCE: "It was carried out: do not retry",
    }
)


def unexpected_response(state: CallState, received: Response, reason: str) -> errors.UnexpectedResponseError:
    """Return the error for a 2xx response that cannot be the result."""
    response = _without_keys(state, received)
    # A page may come from a proxy or another server, so it does not prove that the service received the request.
    is_accepted = not response.body or response.json is not UNREADABLE
    advice, verb = (f"{_REPEATED[state.repeat]};", "was accepted with") if is_accepted else (_if_unknown(state), "got")
    hint = f"{advice} error.body holds the raw response."
    return errors.UnexpectedResponseError(
        f"{state.name} {verb} status {response.status}, but {reason}. {hint}",
        status=response.status,
        headers=response.headers,
        body=response.body,
        sent=True if is_accepted else None,
        idempotency_key=state.idempotency_key,
        operation=state.call.operation or None,
        attempts=state.attempts,
        hint=hint,
    )
