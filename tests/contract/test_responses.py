"""Every documented response is parsed into the typed result, for every operation, sync and async."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest
from contract_cases import CASES, asked
from contract_clients import MODES, in_turn
from contract_document import OPERATIONS, violations
from contract_instances import KINDS, instance, only_page
from contract_results import LISTS, NEEDED, wrong

if TYPE_CHECKING:
    from tests.contract.conftest import Service

RESPONSES = [(name, status) for name in CASES for status in OPERATIONS[name].responses if 200 <= status < 300]
PAGED = [name for name in CASES if "offset" in OPERATIONS[name].parameters["query"]]


def response(operation: str, status: int, kind: str) -> Any:
    """Build a response of a kind."""
    needed: Mapping[str, Any] = NEEDED.get(operation, {}) if KINDS[kind].only_required else {}
    made: dict[str, Any] = {**instance(OPERATIONS[operation].responses[status], KINDS[kind]), **needed}
    return only_page(made) if operation in PAGED else made


@pytest.mark.parametrize(
    ("operation", "status", "kind", "mode"),
    in_turn(((*response, kind) for response in RESPONSES for kind in KINDS), "sync", "async"),
)
def test_a_response_is_read(service: Service, operation: str, status: int, kind: str, mode: str) -> None:
    """With required fields only, all fields, nulls or unknown values, each field has its type."""
    wire = response(operation, status, kind)
    service.responses(status, wire)

    result = MODES[mode](service.url, asked(operation, "minimal")[0])

    assert wrong(operation, status, wire, result) == []


def test_the_responses_are_documented() -> None:
    """The responses of these tests are valid, except for the unknown enum values."""
    found = [
        (operation, status, kind, problem)
        for operation, status in RESPONSES
        for kind in KINDS
        for problem in violations(OPERATIONS[operation].responses[status], response(operation, status, kind))
        if KINDS[kind].is_documented or "unheard_of" not in problem
    ]

    assert found == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("operation", PAGED)
def test_an_empty_list_is_read(service: Service, operation: str, mode: str) -> None:
    """An empty page without paging information is an empty list after one request."""
    service.responses(200, {LISTS[operation]: []})

    assert MODES[mode](service.url, asked(operation, "minimal")[0]) == []
    assert len(service.requests) == 1


def test_a_wrong_result_is_found() -> None:
    """The check itself finds a result that differs from the response."""
    from blooio_client.models import Contact

    full = response("getContact", 200, "full")

    assert wrong("getContact", 200, full, Contact.from_dict(full)) == []
    for field in full:
        other = Contact.from_dict({**full, field: [{}]})
        assert wrong("getContact", 200, full, other), field
