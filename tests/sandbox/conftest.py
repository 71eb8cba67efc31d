"""A sandbox with a stepped clock, and a plain HTTP client that checks every response against the document."""

from __future__ import annotations

import json
import ssl
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from jsonschema_rs import Draft202012Validator

from blooio_sandbox import Sandbox
from blooio_sandbox.api.document import load_document
from blooio_sandbox.api.routes import find_route
from blooio_sandbox.responses import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

# These two may have undocumented fields: details of errors, and fields of events.
_OPEN_SCHEMAS = {"ErrorBody", "WebhookEventPayload"}


@pytest.fixture(scope="session")
def running_sandbox() -> Generator[Sandbox]:
    """One server for the session."""
    with Sandbox(clock="stepped") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Sandbox:
    """The server, reset for this test."""
    running_sandbox.reset()
    return running_sandbox


@pytest.fixture
def api(sandbox: Sandbox, connect: Callable[[Sandbox], httpx.Client]) -> httpx.Client:
    """A client of the server."""
    return connect(sandbox)


@pytest.fixture
def connect() -> Generator[Callable[[Sandbox], httpx.Client]]:
    """Make clients that check every response against the document."""
    clients: list[httpx.Client] = []

    def make(sandbox: Sandbox) -> httpx.Client:
        headers = {"Authorization": f"Bearer {sandbox.api_key}"}
        hooks = {"response": [_check_response]}
        clients.append(
            httpx.Client(
                base_url=sandbox.base_url,
                headers=headers,
                event_hooks=hooks,
                verify=_tls(),
                trust_env=False,
                timeout=60.0,
            )
        )
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def check_event() -> Callable[[Any], None]:
    """Validate an event body against the document."""
    return _validator(json.dumps({"$ref": "#/components/schemas/WebhookEventPayload"})).validate


@cache
def _tls() -> ssl.SSLContext:
    # Nothing here uses TLS, and creating a context for each client would take longer than the tests.
    return ssl.create_default_context()


def _check_response(response: httpx.Response) -> None:
    response.read()
    if response.headers["content-type"].startswith("application/json"):
        _validator(json.dumps(_schema_of(response))).validate(response.json())


def _schema_of(response: httpx.Response) -> Any:
    request = response.request
    try:
        operation = find_route(request.method, request.url.raw_path.decode().partition("?")[0], lenient=False).operation
    except ApiError:
        return {"$ref": "#/components/schemas/ErrorBody"}
    documented = load_document()["paths"][operation.path][operation.method.lower()]["responses"]
    described = documented.get(str(response.status_code), {})
    if "content" in described:
        return described["content"]["application/json"]["schema"]
    assert response.status_code >= 400, f"{operation.id} does not document {response.status_code}"
    return {"$ref": "#/components/schemas/ErrorBody"}


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator({**json.loads(schema), "components": {"schemas": _closed_schemas()}})


@cache
def _closed_schemas() -> dict[str, Any]:
    schemas: dict[str, Any] = load_document()["components"]["schemas"]
    return {name: _close(name, schema) for name, schema in schemas.items()}


def _close(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    is_closed = "properties" in schema and name not in _OPEN_SCHEMAS
    return {**schema, "additionalProperties": False} if is_closed else schema
