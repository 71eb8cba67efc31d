"""Compare what the real service returns with the document. Only GET operations are called, and no value is printed.

BLOOIO_API_KEY=... python scripts/live.py    # `make contract LIVE=1` runs it; exits with 1 if something differs

BLOOIO_BASE_URL names another service, such as a sandbox.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from functools import reduce
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import httpx
from jsonschema_rs import Draft202012Validator, Registry, ValidationError

from blooio_overrides.json_values import is_list, is_object

ROOT: Final = Path(__file__).resolve().parent.parent
DOCUMENT: Final[Any] = json.loads((ROOT / "sandbox" / "blooio_sandbox" / "openapi.json").read_bytes())
URI: Final = "urn:document"
REGISTRY: Final = Registry([(URI, {"$schema": "https://json-schema.org/draft/2020-12/schema", **DOCUMENT})])
# The source of each id: the operation, the list in its response, and the field.
SOURCES: Final[Mapping[str, tuple[str, str, str]]] = {
    "number": ("listNumbers", "numbers", "phone_number"),
    "contactId": ("listContacts", "contacts", "identifier"),
    "handle": ("listLocationContacts", "friends", "handle"),
    "groupId": ("listGroups", "groups", "group_id"),
    "webhookId": ("listWebhooks", "webhooks", "webhook_id"),
    "chatId": ("listChats", "chats", "id"),
    "messageId": ("listChatMessages", "messages", "message_id"),
}
TYPES: Final = {"dict": "an object", "list": "an array", "str": "a string", "bool": "a boolean", "NoneType": "null"}


class RejectedKeyError(Exception):
    """The service rejected the API key, so nothing can be compared."""


class Read(NamedTuple):
    """A GET operation of the document."""

    name: str
    path: str
    ids: list[str]
    needs_more: bool
    responses: Mapping[str, Any]


def followed(node: Any) -> Any:
    """Resolve a reference within the document."""
    while "$ref" in node:
        steps = node["$ref"].removeprefix("#/").split("/")
        node = reduce(lambda found, step: found[step.replace("~1", "/").replace("~0", "~")], steps, DOCUMENT)
    return node


def reads() -> list[Read]:
    """Return the GET operations, those with few ids first."""
    found = list[Read]()
    for path, item in DOCUMENT["paths"].items():
        if "get" in item:
            operation = item["get"]
            parameters = [followed(each) for each in [*item.get("parameters", []), *operation.get("parameters", [])]]
            ids = [each["name"] for each in parameters if each["in"] == "path"]
            needs_more = any(each.get("required") for each in parameters if each["in"] != "path")
            found.append(Read(operation["operationId"], path, ids, needs_more, operation["responses"]))
    return sorted(found, key=lambda each: len(each.ids))


def compared(client: httpx.Client) -> Iterator[str]:
    """Call each operation once, and yield a line for each difference, and for each operation that was not called."""
    known = dict[str, str]()
    for read in reads():
        missing = [name for name in read.ids if name not in known]
        if missing or read.needs_more:
            yield f"skipped {read.name}: " + (f"there is no {missing[0]}" if missing else "it needs a query")
            continue
        path = read.path
        for name in read.ids:
            path = path.replace("{" + name + "}", quote(known[name], safe=""))
        response = client.get(path.removeprefix("/"))
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            raise RejectedKeyError
        yield from dict.fromkeys(differences(read, response))
        known.update(ids_in(read.name, response))


def ids_in(operation: str, response: httpx.Response) -> Iterator[tuple[str, str]]:
    """Yield the first ids in the response of an operation."""
    for parameter, (source, items, field) in SOURCES.items():
        body = parsed(response) if source == operation else None
        listed: Any = body.get(items) if is_object(body) else None
        first: Any = listed[0] if is_list(listed) and listed else None
        if is_object(first) and isinstance(first.get(field), str) and first[field]:
            yield parameter, first[field]


def parsed(response: httpx.Response) -> Any:
    """Return the JSON of a response, or None."""
    try:
        return response.json()
    except ValueError:
        return None


def differences(read: Read, response: httpx.Response) -> Iterator[str]:
    """Yield a line for each place where a response is not as documented."""
    status = str(response.status_code)
    documented = read.responses.get(status) or read.responses.get(f"{status[0]}XX") or read.responses.get("default")
    if documented is None:
        yield f"differs {read.name}: the status {status} is not documented"
        return
    schema = followed(documented).get("content", {}).get("application/json", {}).get("schema")
    if schema is None:
        return
    body = parsed(response)
    absolute = json.loads(json.dumps(schema).replace('"$ref": "#', f'"$ref": "{URI}#'))
    for error in Draft202012Validator(absolute, registry=REGISTRY, validate_formats=True).iter_errors(body):
        yield f"differs {read.name} {status}: {described(error)}"
    yield from (f"differs {read.name} {status}: {place} is not documented" for place in unknown(schema, body))


def described(error: ValidationError) -> str:
    """Describe where and how a value deviates, without the value."""
    place = "".join("[]" if isinstance(step, int) else f"/{step}" for step in error.instance_path) or "the body"
    rule = str(error.schema_path[-1]) if error.schema_path else "schema"
    if rule == "required":
        return f"{place} lacks {getattr(error.kind, 'property', 'a field')}"
    kind = type(error.instance).__name__
    return f"{place} is {TYPES.get(kind, 'a number')}, against `{rule}`"


def unknown(schema: Any, value: Any, place: str = "") -> Iterator[str]:
    """Yield undocumented fields; keys of maps are data, and skipped."""
    schema = followed(schema)
    for wrapper in ("allOf", "anyOf", "oneOf"):
        if wrapper in schema:
            schema = followed(schema[wrapper][0])
    if is_list(value):
        for item in value:
            yield from unknown(schema.get("items", {}), item, f"{place}[]")
    elif is_object(value) and "properties" in schema:
        for name, item in value.items():
            if name not in schema["properties"]:
                yield f"{place}/{name} ({TYPES.get(type(item).__name__, 'a number')})"
            else:
                yield from unknown(schema["properties"][name], item, f"{place}/{name}")


def main() -> str | None:
    """Print the differences; a returned message goes to stderr with exit status 1."""
    key = os.environ.get("BLOOIO_API_KEY")
    if not key:
        return "set BLOOIO_API_KEY"
    base = os.environ.get("BLOOIO_BASE_URL") or DOCUMENT["servers"][0]["url"]
    headers = {"authorization": f"Bearer {key}", "accept": "application/json"}
    lines = list[str]()
    try:
        with httpx.Client(base_url=base.rstrip("/") + "/", headers=headers, timeout=30) as client:
            lines += compared(client)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return f"the service cannot be reached ({type(error).__name__}): check BLOOIO_BASE_URL, or try again later"
    except RejectedKeyError:
        return "the service rejected the API key: check BLOOIO_API_KEY"
    print(*lines, sep="\n")
    found = [line for line in lines if line.startswith("differs")]
    return f"{len(found)} differences from the document" if found else None


if __name__ == "__main__":
    sys.exit(main())
