"""Requests, responses and errors of the API."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from blooio_sandbox.state.database import State

Json: TypeAlias = dict[str, Any]


def reject_constant(name: str) -> None:
    """Reject a constant such as NaN, which Python accepts in JSON."""
    raise ValueError(name)


# `json.loads` creates a decoder per call, which takes longer than decoding.
_DECODER = json.JSONDecoder(parse_constant=reject_constant)


@dataclass(frozen=True)
class UploadedFile:
    """A file from a multipart request."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class ApiRequest:
    """A valid request: ids decoded, query parameters typed, body parsed."""

    operation: str
    ids: Mapping[str, str]
    query: Mapping[str, Any] = field(default_factory=dict[str, Any])
    body: Any = None
    files: Mapping[str, UploadedFile] = field(default_factory=dict[str, UploadedFile])
    idempotency_key: str | None = None
    is_reading: bool = False


@dataclass(frozen=True)
class Response:
    """A status and a JSON body, as an object or as text."""

    body: Json | str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


Handler: TypeAlias = "Callable[[ApiRequest, State], Response]"


class ApiError(Exception):
    """A 4xx or 5xx response."""

    def __init__(
        self,
        status: int,
        message: str,
        code: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        **details: Any,
    ) -> None:
        super().__init__(message)
        self.response: Response = Response(error_body(status, message, code, **details), status, headers or {})


def error_body(status: int, message: str, code: str | None = None, *, error: str = "ApiError", **details: Any) -> Json:
    """Return an error body in Blooio's format."""
    body: Json = {"error": error, "message": message, "status": status, **details}
    return body if code is None else {**body, "code": code}


def not_found(what: str) -> ApiError:
    """Return a 404."""
    return ApiError(404, f"{what} not found")


def invalid(pointer: str, problem: str, code: str = "invalid_request") -> ApiError:
    """Return a 400 with a JSON pointer to the invalid part of the body."""
    return ApiError(400, f"Invalid request body at {pointer or '/'}: {problem}", code)


def parse_json(raw: bytes) -> Any:
    """Parse JSON.

    Raises:
        ApiError: The bytes are not JSON in UTF-8 (400).
    """
    try:
        body = _DECODER.decode(raw.decode())
        # A lone surrogate is valid JSON, but cannot be stored or sent as UTF-8.
        if b"\\u" in raw:
            json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise ApiError(400, "Invalid request: the body is not valid JSON in UTF-8", "invalid_request") from None
    return body


def page_of(rows: Sequence[Any], request: ApiRequest) -> tuple[Sequence[Any], Json]:
    """Return the requested page and its `pagination` object."""
    limit, offset = page_limits(request)
    return rows[offset : offset + limit], {"limit": limit, "offset": offset, "total": len(rows)}


def page_limits(request: ApiRequest) -> tuple[int, int]:
    """Return the limit and the offset of a request."""
    return request.query.get("limit", 50), request.query.get("offset", 0)


def contains(query: str | None, *texts: str | None) -> bool:
    """Return whether one of the texts contains the query, ignoring case."""
    return query is None or any(query.casefold() in text.casefold() for text in texts if text)


def is_web_url(text: str) -> bool:
    """Return whether a text is exactly one http(s) URL."""
    return re.fullmatch(r"https?://[^\s/]+\S*", text.strip(), re.IGNORECASE) is not None


def check_name(argument: str, name: str, known: Collection[str]) -> None:
    """Check that an argument is a known name.

    Raises:
        ValueError: It is not; the error suggests one that is.
    """
    if name not in known:
        similar = next(iter(get_close_matches(name, known, 1)), next(iter(known)))
        raise ValueError(f"{argument} must be a known name such as {similar!r}, not {name!r}")
