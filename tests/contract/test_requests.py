"""Requests match the document, for every operation, sync and async."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from contract_cases import API_KEY, CASES, INDEXED, asked, variations
from contract_clients import MODES
from contract_document import OPERATIONS
from contract_expected import BODIES, QUERIES
from contract_instances import KINDS, instance, only_page
from contract_results import NEEDED
from contract_wire import PREFIX, Part, Sent, problems

if TYPE_CHECKING:
    from tests.contract.conftest import Service

OF_PAGERS = {"limit", "offset"}


Called = Callable[[str, str, str], Sent]


@pytest.fixture(scope="module")
def known() -> dict[tuple[str, str, str], Sent]:
    """The requests of earlier calls."""
    return {}


@pytest.fixture
def called(service: Service, known: dict[tuple[str, str, str], Sent]) -> Called:
    """Call an operation with a documented response, and return its request; each call is made once."""

    def call(operation: str, variation: str, mode: str) -> Sent:
        if (operation, variation, mode) not in known:
            status, schema = next(iter(OPERATIONS[operation].responses.items()))
            service.responses(status, only_page({**instance(schema, KINDS["full"]), **NEEDED.get(operation, {})}))
            service.requests.clear()
            MODES[mode](service.url, asked(operation, variation)[0])
            (known[operation, variation, mode],) = service.requests
        return known[operation, variation, mode]

    return call


def test_every_operation_has_a_case() -> None:
    """The cases cover exactly the document's operations."""
    assert sorted(OPERATIONS.keys() - CASES.keys()) == [], "operations of the document that no case calls"
    assert sorted(CASES.keys() - OPERATIONS.keys()) == [], "cases of operations that the document does not have"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("operation", "variation"), variations())
def test_a_request_is_valid(called: Called, operation: str, variation: str, mode: str) -> None:
    """Method, path, query, headers, content type and body are as documented, and each id is one encoded segment."""
    request = called(operation, variation, mode)

    names = asked(operation, variation)[1]
    places = {name: names.value_of(name) for name in OPERATIONS[operation].parameters["path"]}
    if (operation, variation) in INDEXED:
        places["messageId"] = INDEXED[operation, variation]
    assert problems(OPERATIONS[operation], request, places, API_KEY) == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("operation", CASES)
def test_the_shortest_call(called: Called, operation: str, mode: str) -> None:
    """The shortest call sends only required fields and those of the pager."""
    request = called(operation, "minimal", mode)

    required = {name for name, each in OPERATIONS[operation].parameters["query"].items() if each.get("required")}
    assert {name for name, _ in request.query} - OF_PAGERS == required
    assert request.fields == OPERATIONS[operation].required_fields | ({"text"} if operation == "sendMessage" else set())


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("operation", CASES)
def test_everything_documented_can_be_sent(called: Called, operation: str, mode: str) -> None:
    """Each query parameter, header and body field of the document is sent by one of the calls."""
    ways = [variation for name, variation in variations() if name == operation]
    requests = [called(operation, variation, mode) for variation in ways]

    documented = OPERATIONS[operation]
    assert documented.parameters["query"].keys() == {name for request in requests for name, _ in request.query}
    assert documented.body_fields == {name for request in requests for name in request.fields}
    assert all(name.lower() in request.headers for name in documented.parameters["header"] for request in requests)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("operation", "variation"), BODIES)
def test_a_body_has_the_arguments(called: Called, operation: str, variation: str, mode: str) -> None:
    """Each argument is in its field with its value; omitted ones are absent."""
    assert called(operation, variation, mode).body == BODIES[operation, variation]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("operation", QUERIES)
def test_a_query_has_the_arguments(called: Called, operation: str, mode: str) -> None:
    """Each argument is in its parameter with its value."""
    assert dict(called(operation, "full", mode).query) == QUERIES[operation]


def test_every_operation_with_arguments_is_checked() -> None:
    """Expected bodies and queries are listed for every operation with optional arguments."""
    taking = {each.id for each in OPERATIONS.values() if "application/json" in each.content}
    asking = {each.id for each in OPERATIONS.values() if each.parameters["query"]}

    assert {operation for operation, _ in BODIES} == taking
    assert set(QUERIES) == asking


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("operation", "field", "file_name"),
    [("setGroupIcon", "icon", "team.png"), ("setChatBackground", "background", "beach.png")],
)
def test_a_file_is_sent_unchanged(called: Called, operation: str, field: str, file_name: str, mode: str) -> None:
    """A file is one part with the documented field name, its file name, its content type and all its bytes."""
    bare = called(operation, "minimal", mode)
    named = called(operation, "full", mode)

    content = b"\x89PNG\r\n\x1a\n and the rest"
    assert bare.parts == [Part(field, f"{field}.png", "image/png", content)]
    assert named.parts == [Part(field, file_name, "image/png", content)]


def test_undocumented_parts_are_found(service: Service) -> None:
    """The check itself finds a wrong method, an unencoded path, an unknown parameter, a wrong type, a missing key."""
    operation = OPERATIONS["updateContact"]
    wrong = Sent(
        "PUT", f"{PREFIX}/contacts/+1555", "sort=up", {"content-type": "application/json"}, {"name": 7}, 10, [], []
    )

    found = " | ".join(problems(operation, wrong, {"contactId": "+1555"}, "stub-key"))

    for word in ("PUT instead of PATCH", "not encoded exactly once", "1 'sort'", "7 is not", "bearer", "user agent"):
        assert word in found
    assert service.requests == []
