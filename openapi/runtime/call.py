# Generated from openapi/ by `make generate`. Do not edit.
"""Requests: a call, its files, and its path in logs."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping
from typing import IO, Any, Generic, Literal, TypeVar

import attrs

from .values import UNSET, Required, reject

T = TypeVar("T")
Returned = Literal["object", "array", "json", "text", "bytes", "nothing"]


@attrs.define
class File:
    """A file to upload, with its name and content type."""

    payload: IO[bytes] | bytes
    file_name: str
    mime_type: str | None = None


@attrs.define
class FormField(File):
    """A field of a form that is not a file: text without a name and a type."""

    payload: bytes = b""
    file_name: str = ""


@attrs.frozen(eq=False, repr=False)
class Call(Generic[T]):
    """A request that `client.call` can send, and how to read its response.

    A call is a value: you can keep it, pickle it, send it again and extend it with `adding`. Its repr shows no content.
    """

    __module__ = "blooio_client"

    operation: str
    """The operationId, or an empty string for a call built by hand."""
    method: str
    template: str
    """The path with its parameters unfilled; logs and errors show this one."""
    path: str
    """The path with each parameter encoded as exactly one segment."""
    read: Callable[[Any], T]
    """Turns the JSON of the response into the result."""
    required: Required = attrs.field(factory=dict)
    """The fields that the response must have, and their JSON types (None: any)."""
    params: Mapping[str, Any] = attrs.field(factory=dict)
    headers: Mapping[str, str] = attrs.field(factory=dict)
    json: Any = UNSET
    files: Mapping[str, File] | None = None
    returns: Returned = "object"
    """What the body of a successful response is; "nothing" if there is nothing to read."""
    server: str | None = None
    """The URL of the operation's own server, if it has one. Clients with a `base_url` of their own ignore it."""

    @staticmethod
    def build(
        method: str,
        template: str,
        /,
        *,
        json: Any = UNSET,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **path_parameters: str,
    ) -> Call[Any]:
        """Build an undocumented call. Its result is the JSON of the response.

        Args:
            method: The HTTP method. A GET may be retried; anything else is not, once its outcome is unknown.
            template: The path, with parameters in braces: `/chats/{chatId}/new`.
            json: The body.
            params: The query. A list repeats its key for each item.
            headers: Additional headers.
            path_parameters: A value for each parameter of the path, not encoded.

        Raises:
            InvalidArgumentError: A parameter is missing, not in the path, or not a valid segment.
        """
        from .types import given, plain, segment  # types.py describes calls, so it imports this module

        names = _names_in(template)
        if names != set(path_parameters):
            reject(f"the path parameters must be {sorted(names)}, not {sorted(path_parameters)}")
        path = template
        for name, value in path_parameters.items():
            path = path.replace("{" + name + "}", segment(value, name))
        return Call(
            operation="",
            method=method.upper(),
            template=template,
            path=path,
            read=as_it_came,
            params=given(params or {}),
            headers=headers or {},
            json=json if json is UNSET else plain(json),
        )

    def adding(
        self,
        *,
        json: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Call[T]:
        """Return this call with more body fields, query parameters or headers. Existing ones are replaced.

        Raises:
            InvalidArgumentError: json= was given, but the call's body is not a JSON object.
        """
        from .types import given, plain  # as above

        body = self.json
        if json is not None:
            if self.files is not None or not (body is UNSET or isinstance(body, dict)):
                reject("json= adds fields to a JSON object, but this call's body is not one; build the call with the whole body")
            body = {**(body or {}), **plain(json)}
        return attrs.evolve(
            self,
            json=body,
            params={**self.params, **given(params or {})},
            headers={**self.headers, **(headers or {})},
        )

    def __repr__(self) -> str:
        return f"<Call {self.operation or self.method + ' ' + without_identifiers(self.template)}>"


def as_it_came(response: Any) -> Any:
    """Return the JSON of a response unchanged. A lambda could not be pickled."""
    return response


def only_one(*, is_required: bool, **bodies: Any) -> None:
    """Check that a request has one of its bodies, or none if it is optional.

    Raises:
        InvalidArgumentError: There are several, or a required one is missing.
    """
    passed = [name for name, body in bodies.items() if body is not UNSET]
    if len(passed) > 1 or (is_required and not passed):
        reject(f"pass exactly one of {' and '.join(f'{name}=' for name in bodies)}")


def warn_deprecated(operation: str) -> None:
    """Warn that Blooio may remove an operation."""
    warnings.warn(f"Blooio has deprecated {operation}, and may remove it", DeprecationWarning, stacklevel=3)


def without_identifiers(template: str) -> str:
    """Return a path without phone numbers and other ids, which the path of a call built by hand may contain."""
    return re.sub(r"(?<=/)(?!\{)[^/]*[^/a-zA-Z_-][^/]*", "…", template)


def _names_in(template: str) -> set[str]:
    return {part.partition("}")[0] for part in template.split("{")[1:]}
