"""Requests as received, and their deviations from the document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote

import attrs
from contract_document import Operation, violations
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Request

PREFIX: Final = "/v2/api"
JSON: Final = "application/json"
MULTIPART: Final = "multipart/form-data"
# Headers that any HTTP client may send.
_ORDINARY: Final = {
    "host",
    "accept",
    "accept-encoding",
    "connection",
    "user-agent",
    "content-length",
    "transfer-encoding",
}


@attrs.frozen
class Part:
    """A file of a multipart body."""

    field: str
    file_name: str | None
    content_type: str
    content: bytes


@attrs.frozen
class Sent:
    """One request, as received."""

    method: str
    raw_path: str
    raw_query: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: Any
    """The JSON body; None if there is none."""
    size: int
    parts: list[Part]
    others: list[str]
    """The fields of a multipart body that are not files."""

    @property
    def content_type(self) -> str:
        """The content type, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def query(self) -> list[tuple[str, str]]:
        """The query parameters, decoded."""
        return parse_qsl(self.raw_query, keep_blank_values=True, strict_parsing=bool(self.raw_query), errors="strict")

    @property
    def fields(self) -> frozenset[str]:
        """The fields of the body."""
        return frozenset(self.body or {}) | {part.field for part in self.parts} | frozenset(self.others)


def sent(request: Request) -> Sent:
    """Record a request while the server handles it."""
    raw_path, _, raw_query = str(request.environ["RAW_URI"]).partition("?")
    headers = {name.lower(): value for name, value in request.headers.items()}
    is_json = headers.get("content-type") == JSON
    size = len(request.get_data()) if MULTIPART not in headers.get("content-type", "") else 0
    return Sent(
        method=request.method,
        raw_path=raw_path,
        raw_query=raw_query,
        headers=headers,
        body=request.get_json() if is_json else None,
        size=size,
        parts=[_part(field, file) for field, file in request.files.items(multi=True)],
        others=list(request.form),
    )


def _part(field: str, file: FileStorage) -> Part:
    return Part(field, file.filename, file.mimetype, file.read())


def problems(operation: Operation, request: Sent, places: Mapping[str, str], api_key: str) -> list[str]:
    """Return where a request with these path parameters deviates from the document."""
    found = [
        *_wrong_method(operation, request),
        *_wrong_path(operation, request, places),
        *_wrong_query(operation, request),
        *_wrong_headers(operation, request, api_key),
        *_wrong_body(operation, request),
    ]
    return [f"{operation.id}: {problem}" for problem in found]


def _wrong_method(operation: Operation, request: Sent) -> Iterator[str]:
    if request.method != operation.method:
        yield f"{request.method} instead of {operation.method}"


def _wrong_path(operation: Operation, request: Sent, places: Mapping[str, str]) -> Iterator[str]:
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(PREFIX + operation.template))
    match = re.fullmatch(pattern, request.raw_path)
    if match is None:
        yield f"{request.raw_path} is not {operation.template}"
        return
    for name, segment in match.groupdict().items():
        value = unquote(segment, errors="strict")
        yield from violations(operation.parameters["path"][name]["schema"], value)
        if segment != quote(value, safe=""):
            yield f"{name} is {segment}, which is not encoded exactly once"
        if value != places[name]:
            yield f"{name} is {value!r} instead of {places[name]!r}"


def _wrong_query(operation: Operation, request: Sent) -> Iterator[str]:
    documented = operation.parameters["query"]
    names = [name for name, _ in request.query]
    for name in {*names, *(name for name, each in documented.items() if each.get("required"))}:
        if name not in documented or names.count(name) != 1:
            yield f"the query has {names.count(name)} {name!r}"
    for name, text in request.query:
        schema = documented.get(name, {}).get("schema", {})
        value = int(text) if schema.get("type") == "integer" and text.isdecimal() else text
        yield from violations(schema, value)


def _wrong_headers(operation: Operation, request: Sent, api_key: str) -> Iterator[str]:
    documented = {name.lower(): each["schema"] for name, each in operation.parameters["header"].items()}
    for name in request.headers.keys() - _ORDINARY - documented.keys() - {"authorization", "content-type"}:
        yield f"the header {name} is not documented"
    for name, schema in documented.items():
        yield from violations(schema, request.headers.get(name))
    if request.headers.get("authorization") != f"Bearer {api_key}":
        yield "there is no bearer token"
    if "user-agent" not in request.headers:
        yield "there is no user agent"


def _wrong_body(operation: Operation, request: Sent) -> Iterator[str]:
    if request.content_type not in (operation.content or {"": None}):
        yield f"the content type is {request.content_type!r}"
        return
    if not operation.content:
        if request.size:
            yield "the request has a body"
        return
    for field in request.fields - operation.body_fields:
        yield f"the field {field!r} is not documented"
    body = request.body if request.content_type == JSON else {part.field: "binary" for part in request.parts}
    yield from violations(operation.content[request.content_type], body)
    for part in request.parts:
        if not part.file_name or not part.content_type.startswith("image/"):
            yield f"the file {part.field!r} is {part.file_name!r} of type {part.content_type!r}"
