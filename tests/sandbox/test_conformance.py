"""Requests made up by schemathesis from the document, and responses compared with it."""

from __future__ import annotations

import copy
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from blooio_sandbox import Sandbox
from blooio_sandbox.api.document import load_document, load_operations
from blooio_sandbox.api.handlers import COMING_SOON

# Its types are generic in what does not matter here.
_LIBRARY: Any = schemathesis
_CHECKS: Any = checks
_HEALTH_CHECKS: Any = list[Any](HealthCheck)

CASES_PER_OPERATION = 8
PERSON = "+15551234567"

# What the document does not say, and the service does.
KNOWN: dict[int, tuple[str, frozenset[str]]] = {
    400: ("an id that is no address, or a query that does not fit, is refused", frozenset()),
    409: ("a key that comes back with another message is a conflict", frozenset({"sendMessage"})),
    404: (
        "a group that is not there has neither polls nor typing nor a background",
        frozenset(
            {
                "sendPoll",
                "startTyping",
                "stopTyping",
                "shareContactCard",
                "getChatBackground",
                "setChatBackground",
                "removeChatBackground",
            }
        ),
    ),
}
# Which requests the document allows is not all that the service asks: it says nothing about texts that must not be
# empty, about what an address looks like, or about what goes together. So a request that fits may be answered 400, and
# the check positive_data_acceptance is left out.
CHECKS = [
    _LIBRARY.checks.not_a_server_error,
    _CHECKS.status_code_conformance,
    _CHECKS.content_type_conformance,
    _CHECKS.response_headers_conformance,
    _CHECKS.response_schema_conformance,
    _CHECKS.negative_data_rejection,
    _CHECKS.missing_required_header,
    _CHECKS.unsupported_method,
    _CHECKS.allow_header_conformance,
    _CHECKS.use_after_free,
    _CHECKS.ensure_resource_availability,
    _CHECKS.ignored_auth,
]


@dataclass
class Figures:
    """What a run has found."""

    statuses: Counter[int] = field(default_factory=Counter[int])
    sends: Counter[int] = field(default_factory=Counter[int])
    operations: set[str] = field(default_factory=set[str])
    failures: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])

    def __str__(self) -> str:
        shares = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        cases = self.statuses.total()
        sent = f"{self.sent} of {self.sends.total()} cases of sendMessage sent"
        return f"{cases} cases over {len(self.operations)} operations ({shares}), {sent}, {len(self.failures)} findings"

    @property
    def sent(self) -> int:
        """How many messages were accepted for sending."""
        return sum(count for status, count in self.sends.items() if status < 300)


def run(cases_per_operation: int) -> Figures:
    """Ask a running sandbox everything that schemathesis makes up, and collect what does not fit the document."""
    figures = Figures()
    with Sandbox(clock="stepped", enabled=COMING_SOON) as sandbox, requests.Session() as session:
        session.trust_env = False
        asker = Asker(sandbox, session, figures, _known_ids(sandbox))
        for operation in _operations():
            ways = list(product(_modes(operation), asker.ids_for(operation)))
            for mode, ids in ways:
                asker.ask(operation, mode, ids, -(-cases_per_operation // len(ways)))
        chats = [{"chatId": chat} for chat in asker.chats]
        for ids in chats:
            asker.ask(_likely_send(asker.known), GenerationMode.POSITIVE, ids, -(-cases_per_operation // len(chats)))
    return figures


class Asker:
    """Asks one made-up request after the other, each in the same state."""

    def __init__(self, sandbox: Sandbox, session: requests.Session, figures: Figures, ids: dict[str, str]) -> None:
        self._sandbox, self._session, self._figures, self.known = sandbox, session, figures, ids
        self.chats = [PERSON, ids["groupId"], "+15557654321", f"bob@example.com,{PERSON}"]
        self._key = {"Authorization": f"Bearer {sandbox.api_key}"}
        self._snapshot = sandbox.snapshot()

    def ids_for(self, operation: Any) -> list[dict[str, str]]:
        """Return what stands in the path of an operation: ids that exist, and none, for made-up ones."""
        known = {name: value for name, value in self.known.items() if f"{{{name}}}" in operation.path}
        return [known, {}] if known else [{}]

    def ask(self, operation: Any, mode: GenerationMode, ids: dict[str, str], count: int) -> None:
        """Make up some requests for an operation, and check what they are answered."""
        paths: dict[str, Any] = {"path_parameters": ids} if ids else {}
        strategy = operation.as_strategy(generation_mode=mode, headers=self._key, **paths)

        @hypothesis.settings(
            max_examples=count,
            database=None,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=_HEALTH_CHECKS,
        )
        @hypothesis.given(case=strategy)
        def check_some(case: Any) -> None:
            self._check(case)

        # Nothing about a request without parameters can be wrong.
        with suppress(Unsatisfiable):
            check_some()

    def _check(self, case: Any) -> None:
        self._sandbox.restore(self._snapshot)
        response = case.call(base_url=self._sandbox.base_url, session=self._session, headers=self._key)
        name = case.operation.definition.raw["operationId"]
        self._figures.statuses[response.status_code] += 1
        self._figures.operations.add(name)
        if name == "sendMessage":
            self._figures.sends[response.status_code] += 1
        try:
            case.validate_response(response, checks=CHECKS, headers=self._key)
        except FailureGroup as found:
            for failure in found.exceptions:
                example = f"{failure}\n{case.as_curl_command()}\n{response.status_code} {response.text[:500]}"
                self._figures.failures.setdefault((name, type(failure).__name__), example)


def _modes(operation: Any) -> list[GenerationMode]:
    # Where there is neither a body nor a query, nothing can be wrong.
    can_be_wrong = bool(operation.body) or bool(operation.query)
    return [GenerationMode.POSITIVE, GenerationMode.NEGATIVE] if can_be_wrong else [GenerationMode.POSITIVE]


def _operations() -> list[Any]:
    return [result.ok() for result in _LIBRARY.openapi.from_dict(_document()).get_all_operations()]


def _likely_send(known: dict[str, str]) -> Any:
    """Return sendMessage with a body that says what the document does not, so that most such requests are carried out.

    Whatever fits it fits the document, too: it is a part of what the document allows.
    """
    document = _document()
    document["components"]["schemas"]["SendMessageRequest"] = {"anyOf": _likely_bodies(known)}
    return _LIBRARY.openapi.from_dict(document)["/chats/{chatId}/messages"]["POST"]


def _likely_bodies(known: dict[str, str]) -> list[dict[str, Any]]:
    text: dict[str, Any] = {"type": "string", "minLength": 1}
    url = {"type": "string", "pattern": r"^https://example\.com/[a-z0-9]{1,20}\Z"}
    attachment = {"anyOf": [url, _object(["url"], url=url, name={"type": "string"})]}
    flag = {"type": "boolean"}
    common = {"use_typing_indicator": flag, "share_contact": flag, "from_number": {"const": known["number"]}}
    attachments = {"type": "array", "items": attachment}
    parts = {
        "type": "array",
        "minItems": 1,
        "items": {"anyOf": [_object(["text"], text=text), _object(["url"], url=url)]},
    }
    preview = {"$ref": "#/components/schemas/LinkPreview"}
    effect = {"$ref": "#/components/schemas/MessageEffect"}
    texts = {"type": "array", "minItems": 1, "items": text}
    return [
        _object(["text"], text=text, attachments=attachments, effect=effect, **common),
        _object(["text"], text=texts, **common),
        _object(["text", "link_preview"], text=url, link_preview=preview, **common),
        _object(["text", "reply_to"], text=text, reply_to=_object(["guid"], guid={"type": "string"}), **common),
        _object(["parts"], parts=parts, **common),
    ]


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


def _document() -> dict[str, Any]:
    document: dict[str, Any] = copy.deepcopy(load_document())
    for known in load_operations():
        _add_known(document["paths"][known.path][known.method.lower()])
    return document


def _add_known(operation: dict[str, Any]) -> None:
    for status, (reason, names) in KNOWN.items():
        if not names or operation["operationId"] in names:
            content = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}}
            operation["responses"].setdefault(str(status), {"description": reason, "content": content})


def _known_ids(sandbox: Sandbox) -> dict[str, str]:
    sandbox.seed(
        {
            "contacts": [{"identifier": PERSON, "tags": ["vip"]}],
            "groups": [{"name": "Team", "members": [PERSON, "ann@example.com"], "chat_guid": "iMessage;+;chat1"}],
            "locations": [{"identifier": PERSON, "latitude": 1, "longitude": 2}],
            "webhooks": [{"url": "http://127.0.0.1:1/hook"}],
            "messages": [{"from": PERSON, "text": "Hi"}, {"to": PERSON, "text": "Hello"}],
        }
    )
    headers = {"Authorization": f"Bearer {sandbox.api_key}"}
    with requests.Session() as session:
        session.trust_env = False

        def ask(method: str, path: str, **options: Any) -> Any:
            return session.request(method, sandbox.base_url + path, headers=headers, **options).json()

        poll = ask("POST", "/chats/%2B15551234567/polls", json={"options": ["yes", "no"]})
        sandbox.wait_for_deliveries()
        webhook = ask("GET", "/webhooks")["webhooks"][0]["webhook_id"]
        return {
            "chatId": PERSON,
            "contactId": PERSON,
            "handle": PERSON,
            "number": sandbox.number,
            "tag": "vip",
            "groupId": ask("GET", "/groups")["groups"][0]["group_id"],
            "messageId": sandbox.messages[0].id,
            "pollId": poll["poll_id"],
            "webhookId": webhook,
            "eventId": ask("GET", f"/webhooks/{webhook}/logs")["logs"][0]["event_id"],
        }


@pytest.fixture(scope="module")
def figures() -> Figures:
    """A short run, the same every time."""
    return run(CASES_PER_OPERATION)


def test_answers_are_as_documented(figures: Figures) -> None:
    """No server error, no undocumented status or body, and no invalid request that is accepted."""
    assert not figures.failures, "\n\n".join(f"{name}: {text}" for name, text in figures.failures.items())


def test_messages_are_sent(figures: Figures) -> None:
    """What is made up for sendMessage is not only refused: three in ten of its cases are accepted messages."""
    assert figures.sent > 0.3 * figures.sends.total(), figures


def test_every_operation_was_asked_and_succeeded(figures: Figures) -> None:
    """All 55, and a good part of the requests were carried out."""
    assert len(figures.operations) == 55
    assert sum(count for status, count in figures.statuses.items() if status < 300) > figures.statuses.total() // 5
