"""The error that an outcome becomes, and what it says to do next."""

from __future__ import annotations

import pickle
import re
from typing import Any

import pytest

from blooio_client import calls
from blooio_client.types import Call
from blooio_overrides import errors
from blooio_overrides._call.failures import Journey, error_class, error_of, unexpected_response
from blooio_overrides._call.operations import repeat_of
from blooio_overrides._call.outcome import Failure, Outcome, Response

PHONE = "+15551234567"
SEND = calls.send_message(PHONE, body={"text": "canary-text"}, idempotency_key="order-42")
SAFE = calls.get_chat(PHONE)
VISIBLE = calls.add_reaction(PHONE, "msg_canary", body={"reaction": "+love"})
ONCE = calls.send_poll(PHONE, body={"options": ["canary-a", "canary-b"]})
DELETE = calls.delete_contact(PHONE)
ALL = [SEND, SAFE, VISIBLE, ONCE, DELETE]

NEVER_LEFT = Failure("the connection failed", sent=False, timed_out=False)
NO_CONNECTION_IN_TIME = Failure("connecting took too long", sent=False, timed_out=True)
BROKEN = Failure("the connection broke", sent=None, timed_out=False)
SLOW = Failure("the response took too long", sent=None, timed_out=True)
CANARY = (
    b'{"error":"ApiError","message":"canary-message of ann@example.com","code":"gone_canary",'
    b'"sender_number":"+15559998888","status":400}'
)


def journey(call: Call[Any], *, attempts: int = 1, uncertain: bool = False) -> Journey:
    """A call with attempts behind it."""
    key = "order-42" if call is SEND else None
    return Journey(call, repeat_of(call.operation, call.method), key, attempts, uncertain)


def response(status: int, body: bytes = b'{"error":"ApiError"}', **headers: str) -> Response:
    """A response of the service."""
    return Response(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, b"{}", errors.BadRequestError),
        (401, b"{}", errors.AuthenticationError),
        (402, b"{}", errors.PaymentRequiredError),
        (403, b"{}", errors.PermissionDeniedError),
        (404, b"<html>", errors.NotFoundError),
        (409, b"{}", errors.ConflictError),
        (408, b"{}", errors.APIError),
        (422, b"{}", errors.APIError),
        (425, b"{}", errors.APIError),
        (429, b"{}", errors.RateLimitError),
        (429, b"<html>", errors.RateLimitError),
        (429, b'{"code":""}', errors.RateLimitError),
        (429, b'{"code":"any"}', errors.QuotaExceededError),
        (429, b'{"error":{"code":"any"}}', errors.QuotaExceededError),
        (500, b"{}", errors.ServerError),
        (501, b"{}", errors.ComingSoonError),
        (502, b"{}", errors.DeviceUnreachableError),
        (502, b"<html>", errors.ServerError),
        (502, b"[]", errors.ServerError),
        (503, b'{"error":"x"}', errors.NoActiveNumberError),
        (503, b"", errors.ServerError),
        (504, b"{}", errors.ServerError),
        (599, b"{}", errors.ServerError),
        (301, b"{}", errors.RedirectError),
        (302, b"<html>", errors.RedirectError),
        (308, b"", errors.RedirectError),
    ],
)
def test_the_class_of_an_answer(status: int, body: bytes, expected: type[errors.APIError]) -> None:
    """Each status is the error that users know; 502 and 503 mean a device or a number only in Blooio's own words."""
    assert expected is error_class(response(status, body))
    assert expected is type(error_of(journey(SAFE), response(status, body), expired=False))


@pytest.mark.parametrize(
    ("outcome", "expired", "expected"),
    [
        (NEVER_LEFT, False, errors.ConnectionFailedError),
        (NEVER_LEFT, True, errors.ConnectionFailedError),
        (BROKEN, True, errors.ConnectionFailedError),
        (NO_CONNECTION_IN_TIME, False, errors.ConnectionFailedError),
        (NO_CONNECTION_IN_TIME, True, errors.DeadlineExceededError),
        (SLOW, False, errors.DeadlineExceededError),
        (SLOW, True, errors.DeadlineExceededError),
    ],
)
def test_the_class_of_a_failure(outcome: Failure, expired: bool, expected: type[errors.BlooioError]) -> None:
    """A call that ran out of time says so; one that cannot connect says that."""
    assert expected is type(error_of(journey(SAFE), outcome, expired=expired))


@pytest.mark.parametrize("call", ALL)
@pytest.mark.parametrize(
    "outcome", [NEVER_LEFT, NO_CONNECTION_IN_TIME, *map(response, (400, 401, 403, 404, 422, 425, 429))]
)
def test_what_was_provably_not_sent(call: Call[Any], outcome: Outcome) -> None:
    """A request that never left, or was refused, was not carried out: unless an attempt before it may have been."""
    assert error_of(journey(call), outcome, expired=False).sent is False
    assert error_of(journey(call, attempts=2), outcome, expired=False).sent is False
    assert error_of(journey(call, attempts=2, uncertain=True), outcome, expired=False).sent is None


@pytest.mark.parametrize("call", ALL)
@pytest.mark.parametrize("outcome", [BROKEN, SLOW, *map(response, (301, 302, 408, 409, 500, 501, 502, 503, 504))])
def test_what_nobody_can_know(call: Call[Any], outcome: Outcome) -> None:
    """After a broken connection, 408, 409, 5xx or a redirect nobody can know whether it was carried out."""
    assert error_of(journey(call), outcome, expired=False).sent is None


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([], False),
        ([NEVER_LEFT, response(429)], False),
        ([NEVER_LEFT, BROKEN], True),
        ([response(500), response(429)], True),
    ],
)
def test_a_journey_remembers_what_is_unknown(outcomes: list[Outcome], expected: bool) -> None:
    """One attempt of unknown outcome is enough to never say again that nothing was carried out."""
    walked = journey(SEND)
    for outcome in outcomes:
        walked = walked.after(outcome)

    assert (expected, len(outcomes) + 1) == (walked.uncertain, walked.attempts)


def test_an_api_error_holds_all_that_is_known() -> None:
    """What the service said, and what is known of the call, can be read from the error."""
    error = error_of(
        journey(SEND, attempts=3), response(400, CANARY, retry_after="7", x_request_id="req-1"), expired=False
    )

    assert isinstance(error, errors.APIError)
    assert (error.status, error.code, error.message) == (400, "gone_canary", "canary-message of ann@example.com")
    assert (error.details, error.body) == ({"sender_number": "+15559998888"}, CANARY)
    assert (error.retry_after, error.request_id) == (7.0, "req-1")
    assert (error.method, error.path) == ("POST", "/chats/{chatId}/messages")
    assert (error.idempotency_key, error.operation, error.attempts) == ("order-42", "sendMessage", 3)


def test_a_connection_error_holds_all_that_is_known() -> None:
    """An error without a response has the key, the operation and the attempts as well."""
    error = error_of(journey(SEND, attempts=2), BROKEN, expired=False)

    assert (error.idempotency_key, error.operation, error.attempts) == ("order-42", "sendMessage", 2)


def test_a_call_built_by_hand_has_no_operation() -> None:
    """A call that the document does not describe names no operation."""
    call = Call.build("POST", "/chats/{chatId}/new", chatId=PHONE)

    assert error_of(journey(call), BROKEN, expired=False).operation is None
    assert error_of(journey(call), response(400), expired=False).operation is None
    assert unexpected_response(journey(call), response(200), "its response is no JSON").operation is None


@pytest.mark.parametrize(
    ("walked", "outcome", "expected"),
    [
        (journey(SEND), BROKEN, "try again with the same key (error.idempotency_key)"),
        (journey(SEND), NEVER_LEFT, "Nothing was carried out."),
        (journey(SEND), response(503), "same key"),
        (journey(SEND), response(409), "same key"),
        (
            journey(SEND, attempts=2, uncertain=True),
            response(409),
            "was probably accepted: it must not be sent with another key",
        ),
        (journey(SEND, attempts=2, uncertain=True), response(400), "same key"),
        (journey(SEND, attempts=2, uncertain=True), response(429), "same key"),
        (journey(SEND, attempts=2, uncertain=True), response(429, retry_after="99"), "same key"),
        (journey(SEND, attempts=2, uncertain=True), NEVER_LEFT, "same key"),
        (journey(SAFE), BROKEN, "It is safe to try again."),
        (journey(ONCE), BROKEN, "look before you try again, a repeat would do it twice"),
        (journey(ONCE), response(500), "look before you try again"),
        (journey(VISIBLE), response(502), "look before you try again"),
        (journey(DELETE, attempts=2, uncertain=True), response(404), "may have deleted it"),
        (journey(DELETE, attempts=2), response(404), "Check the identifiers."),
        (journey(SAFE), response(404), "Check the identifiers."),
        (journey(SAFE), response(429, retry_after="7"), "Wait 7 seconds, then try again."),
        (journey(SAFE), response(429), "Wait, then try again."),
        (journey(SAFE), response(429, b'{"code":"x"}'), "trying again soon does not help"),
        (journey(SAFE), response(401), "BLOOIO_API_KEY"),
        (journey(SAFE), response(302), "Redirects are not followed"),
        (journey(ONCE), response(409), "It exists already"),
    ],
)
def test_the_text_says_what_to_do_next(walked: Journey, outcome: Outcome, expected: str) -> None:
    """Each error says in its text what a user can do now, and never to send again under another key."""
    assert expected in str(error_of(walked, outcome, expired=False))


@pytest.mark.parametrize("attempts", [1, 3])
def test_the_text_counts_attempts(attempts: int) -> None:
    """Who is told of several attempts knows that trying again was tried."""
    texts = [
        str(error_of(journey(SAFE, attempts=attempts), outcome, expired=False)) for outcome in (BROKEN, response(500))
    ]

    assert [attempts > 1] * 2 == ["after 3 attempts" in text for text in texts]


@pytest.mark.parametrize("call", ALL)
@pytest.mark.parametrize("uncertain", [True, False])
@pytest.mark.parametrize(
    "outcome",
    [
        BROKEN,
        SLOW,
        NEVER_LEFT,
        *(response(status, CANARY) for status in (302, 400, 401, 402, 403, 404, 408, 409, 429, 500, 501, 502, 503)),
    ],
)
def test_the_text_holds_nothing_private(call: Call[Any], uncertain: bool, outcome: Outcome) -> None:
    """No text of an error, pickled or not, shows the server's words, numbers, addresses, ids or bodies."""
    error = error_of(journey(call, attempts=2, uncertain=uncertain), outcome, expired=False)

    for text in (str(error), repr(error), str(pickle.loads(pickle.dumps(error)))):  # noqa: S301 - our own
        assert not re.search(r"555|@|order-42|canary-|msg_", text)
    assert str(error).count("\n") == 0
    assert str(error).endswith((".", "twice."))


@pytest.mark.parametrize(
    "code", ["+15551234567", "ann@example.com", "Hello Ann", "a" * 65, "1013", "msg_5", "two\\nlines"]
)
def test_a_code_that_is_no_plain_word_is_not_shown(code: str) -> None:
    """A code is shown only where it cannot hold anything private."""
    error = error_of(journey(SAFE), response(400, f'{{"code":"{code}"}}'.encode()), expired=False)

    assert "(" not in str(error)


def test_a_plain_code_is_shown() -> None:
    """A code that is a word tells at once what is wrong."""
    error = error_of(journey(SEND), response(429, b'{"code":"outbound_limit_reached"}'), expired=False)

    assert "POST /chats/{chatId}/messages was answered 429 (outbound_limit_reached)." in str(error)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("/chats/+15551234567/new", "POST /chats/…/new"),
        ("/chats/%2B15551234567", "POST /chats/…"),
        ("/contacts/ann@example.com/tags", "POST /contacts/…/tags"),
        ("/chats/{chatId}/new", "POST /chats/{chatId}/new"),
        ("/me/contact-card", "POST /me/contact-card"),
    ],
)
def test_an_id_in_a_path_built_by_hand_is_not_shown(template: str, expected: str) -> None:
    """Who writes an id into the path itself finds it in no text and no log."""
    call = Call.build("POST", template, chatId=PHONE) if "{" in template else Call.build("POST", template)

    assert expected == journey(call).name


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (SEND, "do not repeat it without its key"),
        (SAFE, "It is safe to try again"),
        (VISIBLE, "do not repeat it;"),
        (ONCE, "do not repeat it;"),
    ],
)
def test_an_unexpected_answer(call: Call[Any], expected: str) -> None:
    """A 2xx that cannot be the result holds the raw response and the key, was sent, and says what to do."""
    error = unexpected_response(
        journey(call, attempts=2), response(202, CANARY, a="b"), "its response names no message"
    )

    assert (error.status, error.body, error.headers) == (202, CANARY, {"a": "b"})
    assert (error.sent, error.attempts) == (True, 2)
    assert (error.idempotency_key, error.operation) == ("order-42" if call is SEND else None, call.operation)
    assert expected in str(error)
    assert "canary" not in str(error)
