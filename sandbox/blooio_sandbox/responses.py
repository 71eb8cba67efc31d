"""What an operation responses: a result, or a refusal in the error shape of the real service."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from blooio_sandbox.state.database import State

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class UploadedFile:
    """A file from a multipart request."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class ApiRequest:
    """A request that fits the document: ids decoded, query parameters typed, body parsed."""

    operation: str
    ids: Mapping[str, str]
    query: Mapping[str, Any] = field(default_factory=dict[str, Any])
    body: Any = None
    files: Mapping[str, UploadedFile] = field(default_factory=dict[str, UploadedFile])
    idempotency_key: str | None = None
    is_reading: bool = False


@dataclass(frozen=True)
class Response:
    """A status and a JSON body, or the text of one."""

    body: Json | str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


Handler: TypeAlias = "Callable[[ApiRequest, State], Response]"


class ApiError(Exception):
    """An answer of 4xx or 5xx, raised where the reason is known."""

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
    """Return an error body as the real service writes it."""
    body: Json = {"error": error, "message": message, "status": status, **details}
    return body if code is None else {**body, "code": code}


def not_found(what: str) -> ApiError:
    """Return the refusal for something that is not there."""
    return ApiError(404, f"{what} not found")


def invalid(pointer: str, problem: str, code: str = "invalid_request") -> ApiError:
    """Return the refusal of a request, with a pointer to the part of its body that is wrong."""
    return ApiError(400, f"Invalid request body at {pointer or '/'}: {problem}", code)


def page_of(rows: Sequence[Any], request: ApiRequest) -> tuple[Sequence[Any], Json]:
    """Return the page that a request asks for, and its `pagination` object."""
    limit, offset = page_limits(request)
    return rows[offset : offset + limit], {"limit": limit, "offset": offset, "total": len(rows)}


def page_limits(request: ApiRequest) -> tuple[int, int]:
    """Return how many items a request asks for, and how many it skips."""
    return request.query.get("limit", 50), request.query.get("offset", 0)


def contains(query: str | None, *texts: str | None) -> bool:
    """Say whether one of the texts has the searched words in it, whatever their case."""
    return query is None or any(query.casefold() in text.casefold() for text in texts if text)


def is_web_url(text: str) -> bool:
    """Say whether a text is one http or https URL and nothing else."""
    return re.fullmatch(r"https?://[^\s/]+\S*", text.strip(), re.IGNORECASE) is not None
