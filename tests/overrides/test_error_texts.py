"""The text of each error: a hint, and nothing private."""

from __future__ import annotations

import json
import pickle
import re
from typing import Any

import attrs
import pytest
from outcomes import ALL, BROKEN, CANARY, DELETE, NOT_SENT, ONCE, SAFE, SEND, SLOW, VISIBLE, response, state

from blooio_client import calls
from blooio_client.call import FormField
from blooio_client.types import Call, File
from blooio_overrides import errors
from blooio_overrides._call.failures import CallState, error_of
from blooio_overrides._call.outcome import Failure, Outcome


@pytest.mark.parametrize(
    ("walked", "outcome", "expected"),
    [
        (state(SEND), BROKEN, "Retry with the same key (error.idempotency_key)"),
        (state(SEND), NOT_SENT, "Nothing was sent."),
        (state(SEND), response(503), "same key"),
        (state(SEND), response(409), "same key"),
        (
            state(SEND, attempts=2, uncertain=True),
            response(409),
            "was probably accepted, so do not send the message with another key",
        ),
        (state(SEND, attempts=2, uncertain=True), response(400), "same key"),
        (state(SEND, attempts=2, uncertain=True), response(429), "same key"),
        (state(SEND, attempts=2, uncertain=True), response(429, retry_after="99"), "same key"),
        (state(SEND, attempts=2, uncertain=True), NOT_SENT, "same key"),
        (state(SAFE), BROKEN, "It is safe to retry."),
        (state(ONCE), BROKEN, "Check before you retry: a retry would do it twice"),
        (state(ONCE), response(500), "Check before you retry"),
        (state(VISIBLE), response(502), "Check before you retry"),
        (state(DELETE, attempts=2, uncertain=True), response(404), "may have deleted it"),
        (state(DELETE, attempts=2), response(404), "Check the ids."),
        (state(SAFE), response(404), "Check the ids."),
        (state(calls.get_me()), response(404), "Check base_url."),
        (state(SAFE), response(429, retry_after="7"), "Wait 7 seconds, then try again."),
        (state(SAFE), response(429), "Wait, then try again."),
        (state(SAFE), response(429, b'{"code":"x"}'), "Retrying soon does not help"),
        (state(SAFE), response(401), "BLOOIO_API_KEY"),
        (state(SAFE), response(302), "does not follow redirects"),
        (state(ONCE), response(409), "See error.message"),
    ],
)
def test_the_text_has_a_hint(walked: CallState, outcome: Outcome, expected: str) -> None:
    """Each error says what to do next, and never suggests sending again with another key."""
    assert expected in str(error_of(walked, outcome, expired=False))


@pytest.mark.parametrize("attempts", [1, 3])
def test_the_text_counts_attempts(attempts: int) -> None:
    """The text says how many attempts were made, if more than one."""
    texts = [
        str(error_of(state(SAFE, attempts=attempts), outcome, expired=False)) for outcome in (BROKEN, response(500))
    ]

    assert [attempts > 1] * 2 == ["after 3 attempts" in text for text in texts]


@pytest.mark.parametrize("call", ALL)
@pytest.mark.parametrize("uncertain", [True, False])
@pytest.mark.parametrize(
    "outcome",
    [
        BROKEN,
        SLOW,
        NOT_SENT,
        *(response(status, CANARY) for status in (302, 400, 401, 402, 403, 404, 408, 409, 429, 500, 501, 502, 503)),
    ],
)
def test_the_text_holds_nothing_private(call: Call[Any], uncertain: bool, outcome: Outcome) -> None:
    """No error text, pickled or not, shows the server's message, numbers, addresses, ids or bodies."""
    error = error_of(state(call, attempts=2, uncertain=uncertain), outcome, expired=False)

    for text in (str(error), repr(error), str(pickle.loads(pickle.dumps(error)))):  # noqa: S301 - our own
        assert not re.search(r"555|@|order-42|canary-|msg_", text)
    assert str(error).count("\n") == 0


@pytest.mark.parametrize(
    "code", ["+15551234567", "ann@example.com", "Hello Ann", "a" * 65, "1013", "msg_5", "two\\nlines"]
)
def test_an_unusual_code_is_not_shown(code: str) -> None:
    """A code is shown only if it cannot be private."""
    error = error_of(state(SAFE), response(400, f'{{"code":"{code}"}}'.encode()), expired=False)

    assert "Blooio says" not in str(error)


def test_a_plain_code_is_shown() -> None:
    """A code that is a plain word is shown."""
    error = error_of(state(SEND), response(429, b'{"code":"outbound_limit_reached"}'), expired=False)

    assert str(error).startswith("POST /chats/{chatId}/messages failed with status 429. Wait until the limit resets")
    assert str(error).endswith(" Blooio says: outbound_limit_reached")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Daily limit reached (max 64 per day)", "Daily limit reached (max 64 per day)"),
        ("Two\nlines\x1b[31m and\u202e a bell\x07", "Two lines [31m and a bell"),
        ("x" * 300, "x" * 200 + "…"),
        ("ApiError", None),
        ("", None),
        ("Your text canary-text was rejected", None),
        ("Your text CANARY-TEXT was rejected", None),
        ("Cannot reach +15551234567", None),
        ("Cannot reach (555) 123-4567", None),
        ("Cannot reach 1 555 999 8888", None),
        ("Cannot reach ann@example.com", None),
        ("Cannot POST /v2/api/chats/jo%40me.com/messages", None),
        ("Cannot POST /v2/api/chats/jo%2540me.com/messages", None),
        ("100% of the plan is used & more", "100% of the plan is used & more"),
        ("Your text Tom &amp; Jo&#39;s was rejected", None),
        ("Your text Jos\u0065\u0301 was rejected", None),
        ("The key order-42 is not unique", None),
        ("X-Team sales-emea is unknown", None),
        ("Invalid token **********", None),
        ("whsec_abc is wrong", None),
    ],
)
def test_the_message_of_the_service_is_shown_unless_it_repeats_the_request(said: str, shown: str | None) -> None:
    """The error text ends with the service's message, unless it quotes a text, id, number, header or key."""
    walked = state(SEND.adding(json={"title": "Tom & Jo's", "author": "José"}))
    walked = attrs.evolve(walked, headers=lambda: {"x-team": "sales-emea"})
    error = error_of(walked, response(400, json.dumps({"message": said}).encode()), expired=False)

    assert isinstance(error, errors.APIError)
    assert error.message == (said.replace("whsec_abc", "*********") or None)
    assert str(error).endswith(f" Blooio says: {shown}" if shown else "Correct the request; see error.message.")


@pytest.mark.parametrize(
    ("said", "is_shown"),
    [
        ("No question starts with Where shall we", False),
        ("Option b is invalid", False),
        ("Bad options", True),
        ("Limit 7 exceeded", False),
        ("File cat.png is too large", False),
        ("The caption Two cats is too long", False),
        ("The session a;b expired", False),
        ("Nesting too deep", True),
    ],
)
def test_nested_values_parameters_and_files_count_as_sent(said: str, is_shown: bool) -> None:
    """A message that quotes the start of a text, a short option, a query value, a cookie or a form is left out."""
    deep: Any = "bottom"
    for _ in range(5_000):
        deep = [deep]
    body = {"title": "Where shall we have lunch?", "options": ("a", "b"), "deep": deep, "more": {"x": None, "y": True}}
    files = {"file": File(b"x", "cat.png"), "caption": FormField(payload=b"Two cats")}
    cookies = {"cookie": "session=a%3Bb; page=2"}
    call = attrs.evolve(ONCE, json=body, params={"limit": 7}, files=files, headers=cookies)
    error = error_of(state(call), response(400, json.dumps({"error": said}).encode()), expired=False)

    assert (said in str(error)) is is_shown


def test_a_connection_error_names_its_cause() -> None:
    """The text names the cause's class, so a log distinguishes a bad certificate from an unknown host."""
    outcome = Failure("connecting failed", sent=False, timed_out=False, cause=ConnectionRefusedError(111, "private"))
    error = error_of(state(SEND, attempts=2), outcome, expired=False)

    assert str(error) == (
        "POST /chats/{chatId}/messages: connecting failed (ConnectionRefusedError) after 2 attempts. Nothing was sent."
    )
    assert error.hint == "Nothing was sent."
