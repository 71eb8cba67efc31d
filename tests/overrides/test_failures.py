"""The error for each outcome, and its advice."""

from __future__ import annotations

import json
import pickle
import re
from typing import Any
from urllib.parse import quote

import attrs
import pytest
from outcomes import (
    ALL,
    BROKEN,
    CANARY,
    NO_CONNECTION_IN_TIME,
    NOT_SENT,
    ONCE,
    PHONE,
    SAFE,
    SEND,
    SLOW,
    VISIBLE,
    response,
    state,
)

from blooio_client import calls
from blooio_client.types import Call, Secret
from blooio_overrides import errors
from blooio_overrides._call.failures import error_class, error_of, unexpected_response
from blooio_overrides._call.outcome import Failure, Outcome
from blooio_overrides._call.retries import is_own_first_attempt


def test_a_secret_in_an_error_is_masked() -> None:
    """A signing secret in the body of an error appears neither in its message nor in its details and pickles."""
    body = b'{"message": "use whsec_canary", "signing_secret": "canary", "webhook": {"secret": "whsec_canary"}, "n": 1}'
    error = error_of(state(SAFE), response(409, body), expired=False)

    assert isinstance(error, errors.APIError)
    assert (error.body, error.details["n"]) == (body, 1)
    for shown in (str(error), repr(error.message), repr(error.details), repr(pickle.dumps(error))):
        assert "canary" not in shown


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
        (429, b'{"code":429}', errors.RateLimitError),
        (429, b'{"error":{"code":"429"}}', errors.RateLimitError),
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
def test_the_class_of_an_error(status: int, body: bytes, expected: type[errors.APIError]) -> None:
    """Each status has its error class; 502 and 503 concern a device or a number only with a JSON body."""
    assert expected is error_class(response(status, body))
    assert expected is type(error_of(state(SAFE), response(status, body), expired=False))


@pytest.mark.parametrize(
    ("outcome", "expired", "expected"),
    [
        (NOT_SENT, False, errors.ConnectionFailedError),
        (NOT_SENT, True, errors.ConnectionFailedError),
        (BROKEN, True, errors.ConnectionFailedError),
        (NO_CONNECTION_IN_TIME, False, errors.ConnectionFailedError),
        (NO_CONNECTION_IN_TIME, True, errors.DeadlineExceededError),
        (SLOW, False, errors.DeadlineExceededError),
        (SLOW, True, errors.DeadlineExceededError),
    ],
)
def test_the_class_of_a_failure(outcome: Failure, expired: bool, expected: type[errors.BlooioError]) -> None:
    """A timeout and a failed connection raise different errors."""
    assert expected is type(error_of(state(SAFE), outcome, expired=expired))


@pytest.mark.parametrize("call", ALL)
@pytest.mark.parametrize(
    "outcome", [NOT_SENT, NO_CONNECTION_IN_TIME, *map(response, (400, 401, 403, 404, 410, 422, 425, 429, 501))]
)
def test_outcomes_of_unsent_requests(call: Call[Any], outcome: Outcome) -> None:
    """A request that was never sent or was rejected has `sent` False, unless an earlier outcome is unknown."""
    assert error_of(state(call), outcome, expired=False).sent is False
    assert error_of(state(call, attempts=2), outcome, expired=False).sent is False
    assert error_of(state(call, attempts=2, uncertain=True), outcome, expired=False).sent is None


@pytest.mark.parametrize("call", ALL)
@pytest.mark.parametrize("outcome", [BROKEN, SLOW, *map(response, (301, 302, 408, 409, 500, 502, 503, 504))])
def test_unknown_outcomes(call: Call[Any], outcome: Outcome) -> None:
    """A broken connection, 408, 409, 5xx and redirects have an unknown outcome."""
    assert error_of(state(call), outcome, expired=False).sent is None


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([], False),
        ([NOT_SENT, response(429)], False),
        ([NOT_SENT, BROKEN], True),
        ([response(500), response(429)], True),
    ],
)
def test_a_call_remembers_an_unknown_outcome(outcomes: list[Outcome], expected: bool) -> None:
    """After one attempt with an unknown outcome, `sent` is never False."""
    walked = state(SEND)
    for outcome in outcomes:
        walked = walked.after(outcome)

    assert (expected, len(outcomes) + 1) == (walked.uncertain, walked.attempts)


def test_an_api_error_describes_the_response_and_the_call() -> None:
    """An API error has the service's response, and the key, operation and attempts of the call."""
    error = error_of(
        state(SEND, attempts=3), response(400, CANARY, retry_after="7", x_request_id="req-1"), expired=False
    )

    assert isinstance(error, errors.APIError)
    assert (error.status, error.code, error.message) == (400, "gone_canary", "canary-message of ann@example.com")
    assert (error.details, error.body) == ({"sender_number": "+15559998888"}, CANARY)
    assert (error.retry_after, error.request_id) == (7.0, "req-1")
    assert (error.method, error.path) == ("POST", "/chats/{chatId}/messages")
    assert (error.idempotency_key, error.operation, error.attempts) == ("order-42", "sendMessage", 3)


def test_a_connection_error_describes_the_call() -> None:
    """An error without a response also has the key, the operation and the attempts."""
    error = error_of(state(SEND, attempts=2), BROKEN, expired=False)

    assert (error.idempotency_key, error.operation, error.attempts) == ("order-42", "sendMessage", 2)


def test_a_call_built_by_hand_has_no_operation() -> None:
    """The error for a call built by hand has no operation."""
    call = Call.build("POST", "/chats/{chatId}/new", chatId=PHONE)

    assert error_of(state(call), BROKEN, expired=False).operation is None
    assert error_of(state(call), response(400), expired=False).operation is None
    assert unexpected_response(state(call), response(200), "its response is not JSON").operation is None


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (SEND, "The message may have been sent. Retry with the same key (error.idempotency_key)"),
        (SAFE, "It is safe to retry"),
        (ONCE, "It may have been carried out. Check before you retry: a retry would do it twice"),
    ],
)
def test_the_advice_for_a_success_that_is_not_json(call: Call[Any], expected: str) -> None:
    """A page with a success status may be a proxy's, so the error does not say that the request was carried out."""
    error = unexpected_response(state(call), response(200, b"<html>"), "its response is not a JSON object")

    assert error.hint.startswith(expected)
    assert error.hint.endswith(". error.body holds the raw response.")
    assert str(error) == f"{state(call).name} got status 200, but its response is not a JSON object. {error.hint}"


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
    """An id written into the path appears in no text, no log and no error's path."""
    call = Call.build("POST", template, chatId=PHONE) if "{" in template else Call.build("POST", template)

    error = error_of(state(call), response(400), expired=False)

    assert isinstance(error, errors.APIError)
    assert expected == state(call).name == f"{error.method} {error.path}"


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (SEND, "do not retry without its key"),
        (SAFE, "It is safe to retry"),
        (VISIBLE, "do not retry;"),
        (ONCE, "do not retry;"),
    ],
)
def test_an_unexpected_response(call: Call[Any], expected: str) -> None:
    """The error for an unusable 2xx has the raw response, the key, `sent` True, and advice."""
    error = unexpected_response(state(call, attempts=2), response(202, CANARY, a="b"), "its response has no message id")

    assert (error.status, error.body, error.headers) == (202, CANARY, {"a": "b"})
    assert (error.sent, error.attempts) == (True, 2)
    assert (error.idempotency_key, error.operation) == ("order-42" if call is SEND else None, call.operation)
    assert expected in str(error)
    assert "canary" not in str(error)


REUSED = b'{"error":"This idempotency key was used for another message","code":"idempotency_key_reused"}'


@pytest.mark.parametrize(
    ("call", "status", "code", "advice"),
    [
        (SEND, 409, "idempotency_key_reused", "Use a new key only if this is another message"),
        (SEND, 400, "reply_target_expired", "Send without reply_to."),
        (SEND, 404, "reply_target_not_found", "Check the id, or send without reply_to."),
        (SEND, 403, "inbound_only_no_prior_inbound", "Wait until the recipient writes first"),
        (SEND, 429, "conversation_awaiting_reply", "Wait for a reply; time alone does not help."),
        (SEND, 429, "some_new_limit", "Retrying soon does not help"),
        (calls.cancel_message(PHONE, "msg_1"), 409, "message_not_cancellable", "Check the message's status."),
        (calls.create_contact(body={"identifier": PHONE}), 409, "contact_exists", "Use the existing one"),
        (calls.create_group(body={"name": "Lunch"}), 409, "group_exists", "Use the existing one"),
        (
            calls.create_webhook(body={"webhook_url": "https://a.b"}),
            409,
            "webhook_limit_reached",
            "Delete a webhook",
        ),
        (calls.request_call_forwarding(PHONE, body={"forward_to": PHONE}), 403, None, "Check the number, or contact"),
        (SEND, 400, "invalid_content", "Correct or shorten the text."),
        (ONCE, 501, None, "Wait until Blooio offers it."),
        (calls.create_webhook(body={"webhook_url": "https://a.b"}), 410, None, "POST /v4/webhooks"),
        (ONCE, 410, None, "Check Blooio's documentation for its replacement."),
    ],
)
def test_advice_is_chosen_by_status_and_code(call: Call[Any], status: int, code: str | None, advice: str) -> None:
    """A first attempt that was rejected for a known reason has `sent` False and a hint for that reason."""
    body = b"{}" if code is None else f'{{"code":"{code}"}}'.encode()
    error = error_of(state(call), response(status, body), expired=False)

    assert error.sent is False
    assert error.hint.startswith(advice) or advice in error.hint
    assert error.hint in str(error)
    assert "twice" not in str(error)


def test_a_conflict_without_a_known_code_has_an_unknown_outcome() -> None:
    """A 409 without a known code has `sent` None."""
    for body in (b"{}", b'{"code":"some_new_conflict"}'):
        assert error_of(state(ONCE), response(409, body), expired=False).sent is None


def test_a_reused_key_is_not_retried() -> None:
    """A reused key after an unknown outcome is not retried, and the hint says to check the conversation first."""
    error = error_of(state(SEND, attempts=2, uncertain=True), response(409, REUSED), expired=False)

    assert not is_own_first_attempt(response(409, REUSED), uncertain=True)
    assert error.sent is None
    assert (
        error.hint == "The key was used for another message. Check the conversation before you send with another key."
    )


API_KEY = 'k/ey+of="the" test\\'
IN_JSON = json.dumps(API_KEY)[1:-1]
IN_URL = quote(API_KEY, safe="")
FORMS = {
    "JSON": IN_JSON,
    "JSON with escaped slashes": IN_JSON.replace("/", r"\/"),
    "URL": IN_URL,
    "URL, lowercase": re.sub("%..", lambda found: found[0].lower(), IN_URL),
    "path of a URL": quote(API_KEY),
    "URL, few escapes": quote(API_KEY, safe="/+"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_repeated_api_key_is_masked_in_any_form(form: str) -> None:
    """An API key that a response repeats is masked everywhere, even if JSON or URL escapes changed its characters."""
    body = f'{{"message": "wrong key {FORMS[form]}"}}'.encode()
    walked = attrs.evolve(state(SEND), api_key=Secret(API_KEY))
    error = error_of(walked, response(401, body, x_seen=FORMS[form]), expired=False)

    assert isinstance(error, errors.APIError)
    assert error.message == "wrong key **********"
    assert error.body == b'{"message": "wrong key **********"}'
    assert error.headers["x-seen"] == "**********"


def test_a_repeated_token_of_the_users_own_is_masked() -> None:
    """A token that `headers=` sends in place of the API key is masked in what a response repeats, like the key."""
    token = "token-of-a-gateway"
    sending = attrs.evolve(state(SEND), api_key=Secret(API_KEY), headers=lambda: {"authorization": f"Bearer {token}"})
    for came in (response(500, f"got {token} and {API_KEY}".encode()), response(200, token.encode())):
        error = unexpected_response(sending, came, "-") if came.status == 200 else error_of(sending, came, expired=True)

        assert token not in repr(vars(error))
        assert "test" not in repr(vars(error))
