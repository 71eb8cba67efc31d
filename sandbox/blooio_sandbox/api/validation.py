"""Validation of requests against the OpenAPI document."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from jsonschema_rs import Draft202012Validator, Registry, ValidationError, ValidationErrorKind

from blooio_sandbox.api.document import DOCUMENT_URI, Operation, load_document
from blooio_sandbox.responses import ApiError, UploadedFile, invalid, parse_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_INTEGER = re.compile(r"-?[0-9]{1,30}")
_SHOWN = 200


def read_query(operation: Operation, raw_query: str) -> dict[str, Any]:
    """Parse the query parameters of an operation; unknown ones are ignored, as on the real service.

    Raises:
        ApiError: A parameter is missing, repeated or not valid (400).
    """
    try:
        pairs = parse_qsl(raw_query, keep_blank_values=True, errors="strict") if raw_query else []
    except ValueError:
        raise ApiError(400, "The query string is not UTF-8", "invalid_request") from None
    given = [(name, value) for name, value in pairs if name in operation.query]
    for name, parameter in operation.query.items():
        _check_count(name, sum(name == other for other, _ in given), required=parameter.get("required", False))
    return {name: _read_parameter(operation.query[name], value) for name, value in given}


def read_json(operation: Operation, content_type: str, raw: bytes) -> Any:
    """Parse and validate the JSON body of a request.

    Raises:
        ApiError: The body is missing, not JSON, or not valid (400).
    """
    if not raw and not operation.body_required:
        return None
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise ApiError(400, "Invalid request: the content type must be application/json", "invalid_request")
    body = parse_json(raw)
    check_body(operation, body)
    return body


def check_body(operation: Operation, body: Any) -> None:
    """Validate a body against its schema.

    Raises:
        ApiError: With a pointer to the first problem (400).
    """
    check_value(_validator(operation.body_schema or ""), body)


def check_value(validator: Draft202012Validator, value: Any) -> None:
    """Validate a value against a schema.

    Raises:
        ApiError: With a pointer to the first problem (400).
    """
    if not validator.is_valid(value):
        deepest = _deepest(_first_error(validator, value))
        raise invalid(_pointer(deepest), _shorten(deepest.message))


def _first_error(validator: Draft202012Validator, value: Any) -> ValidationError:
    try:
        return next(validator.iter_errors(value))
    except ValueError:
        # The validator supports about 250 levels, the JSON parser more.
        raise invalid("", "the body is nested too deeply") from None


def check_files(operation: Operation, files: Mapping[str, UploadedFile]) -> None:
    """Validate the files of a multipart request against the schema.

    Raises:
        ApiError: A part is missing or is not a file (400).
    """
    schema = _resolve(operation.body_schema or "")
    for name in schema.get("required", []):
        if name not in files:
            raise invalid(f"/{name}", f'"{name}" must be a file in a multipart/form-data body')


def _check_count(name: str, count: int, *, required: bool) -> None:
    if count > 1:
        raise ApiError(400, f"Invalid query parameter {name}: given {count} times", "invalid_request")
    if required and not count:
        raise ApiError(400, f"Missing query parameter {name}", "invalid_request")


def _read_parameter(parameter: Mapping[str, Any], text: str) -> Any:
    is_integer = parameter["schema"].get("type") == "integer"
    value = int(text) if is_integer and _INTEGER.fullmatch(text) else text
    error = next(_inline_validator(json.dumps(parameter["schema"])).iter_errors(value), None)
    if error is not None:
        problem = f"Invalid query parameter {parameter['name']}: {_shorten(error.message)}"
        raise ApiError(400, problem, "invalid_request")
    return value


def _deepest(error: ValidationError) -> ValidationError:
    match error.kind:
        case ValidationErrorKind.AnyOf(context=context) | ValidationErrorKind.OneOfNotValid(context=context):
            branches = [_deepest(branch[0]) for branch in context if branch]
            return max([error, *branches], key=_depth)
        case _:
            return error


def _depth(error: ValidationError) -> int:
    return len(_place(error))


def _place(error: ValidationError) -> Sequence[str | int]:
    match error.kind:
        case ValidationErrorKind.Required(property=missing):
            return [*error.instance_path, missing]
        case _:
            return error.instance_path


def _pointer(error: ValidationError) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in _place(error))


def _shorten(message: str) -> str:
    return message if len(message) <= _SHOWN else message[:_SHOWN] + "..."


@cache
def _registry() -> Registry:
    return Registry([(DOCUMENT_URI, {"$schema": "https://json-schema.org/draft/2020-12/schema", **load_document()})])


@cache
def _validator(reference: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": DOCUMENT_URI + reference}, registry=_registry(), validate_formats=True)


@cache
def _inline_validator(schema: str) -> Draft202012Validator:
    absolute = schema.replace('"$ref": "#', f'"$ref": "{DOCUMENT_URI}#')
    return Draft202012Validator(json.loads(absolute), registry=_registry(), validate_formats=True)


def _resolve(reference: str) -> Any:
    return load_document()["components"]["schemas"][reference.rpartition("/")[2]]
