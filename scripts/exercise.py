"""Import every model, read and write a sample of each, and send every operation to a local server that returns samples.

python scripts/exercise.py    # exits with 1, and one line for each operation or model that failed
"""

from __future__ import annotations

import inspect
import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, Final

import attrs
from openapi_python_client.strings import snake_case

from blooio_client import Blooio, calls, models
from blooio_client.types import File, Model
from blooio_overrides.json_values import is_list

ROOT: Final = Path(__file__).resolve().parent.parent
DOCUMENT: Final[Any] = json.loads((ROOT / "sandbox" / "blooio_sandbox" / "openapi.json").read_bytes())
VERBS: Final = ("get", "put", "post", "patch", "delete", "head", "options")
DEPTH: Final = 4
PLAIN: Final = {"string": "text", "integer": 1, "number": 1.5, "boolean": True, "null": None}


class Stub(BaseHTTPRequestHandler):
    """Returns the server's current sample, and records requests."""

    def respond(self) -> None:
        """Read the request, record it, and return the sample."""
        server: Any = self.server
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server.came = self.command
        status, kind, body = server.sample
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = respond  # noqa: N815 - as the base class calls them

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Print nothing."""


def followed(node: Any) -> Any:
    """Resolve a reference."""
    while "$ref" in node:
        place = node["$ref"].removeprefix("#/").split("/")
        node = DOCUMENT
        for step in place:
            node = node[step.replace("~1", "/").replace("~0", "~")]
    return node


def sample(schema: Any, depth: int = 0) -> Any:
    """Return a value of a schema, with every field down to some depth."""
    schema = followed(schema)
    for choices in ("allOf", "anyOf", "oneOf"):
        if choices in schema:
            return sample(schema[choices][0], depth)
    if "enum" in schema:
        return schema["enum"][0]
    stated: Any = schema.get("type", "string")
    kind: str = stated if isinstance(stated, str) else stated[0]
    if kind == "array":
        return [sample(schema.get("items", {}), depth + 1)] if depth < DEPTH else []
    if kind == "object":
        fields: dict[str, Any] = schema.get("properties", {}) if depth < DEPTH else {}
        return {name: sample(field, depth + 1) for name, field in fields.items()}
    if schema.get("format") == "date-time":
        return "2025-11-22T10:00:00Z"
    return PLAIN[kind]


def read_and_written() -> Iterator[str]:
    """Yield a line for each model that does not serialize to what it parsed."""
    for name, schema in DOCUMENT["components"]["schemas"].items():
        if hasattr(models, name):
            model: Any = getattr(models, name)
            if isinstance(model, type) and issubclass(model, Model):
                value = sample(schema)
                read = model.from_dict(value)
                _ = [repr(getattr(read, field.name)) for field in attrs.fields(model)]  # each is read once
                if read.to_dict() != value:
                    yield f"model {name}: {value} is written as {read.to_dict()}"
        elif name != "JsonObject":
            yield f"model {name}: is not in the package"


def sent() -> Iterator[str]:
    """Yield a line for each operation that cannot be sent, or whose response cannot be read."""
    server: Any = HTTPServer(("127.0.0.1", 0), Stub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with Blooio("key", base_url=f"http://127.0.0.1:{server.server_port}", max_retries=0) as client:
        for item in DOCUMENT["paths"].values():
            for verb in (each for each in VERBS if each in item):
                try:
                    server.sample = result_of(item[verb])
                    returned = client.call(described(item[verb]))
                except Exception as error:  # noqa: BLE001 - every failure is reported, not just the first
                    yield f"operation {item[verb]['operationId']}: {error!r}"
                else:
                    if server.came != verb.upper() or not is_read(server.sample, returned):
                        yield f"operation {item[verb]['operationId']}: {server.came} returned {returned!r}"
    server.shutdown()
    server.server_close()


def result_of(operation: Any) -> tuple[int, str, bytes]:
    """Return a sample of what an operation returns: status, content type and body."""
    status, good = next((status, followed(each)) for status, each in operation["responses"].items() if status[0] == "2")
    for kind, media in good.get("content", {}).items():
        value = sample(media["schema"]) if kind == "application/json" else "text"
        return int(status), kind, json.dumps(value).encode()
    return int(status), "text/plain", b""


def is_read(came: tuple[int, str, bytes], returned: Any) -> bool:
    """Return whether a result matches the body: a model or other JSON, text, bytes, or nothing."""
    _, kind, body = came
    if kind != "application/json":
        return returned in (None, body, body.decode())
    items: Any = returned if is_list(returned) else [returned]
    read = [each.to_dict() if isinstance(each, Model) else each for each in items]
    return bool((read if is_list(returned) else read[0]) == json.loads(body))


def described(operation: Any) -> Any:
    """Return the call of an operation, with a sample for every argument."""
    function = getattr(calls, snake_case(operation["operationId"]))
    arguments = dict[str, Any]()
    parameters = inspect.signature(function).parameters
    for name, parameter in parameters.items():
        if name == "files" and "body" in parameters:
            continue  # either of them
        kind = str(parameter.annotation)
        value: Any = 1 if "int" in kind else 1.5 if "float" in kind else "bool" in kind or "text"
        arguments[name] = body_of(operation) if name == "body" else [value] if "Sequence" in kind else value
    return function(**arguments)


def body_of(operation: Any) -> Any:
    """Return a sample of the body of an operation."""
    content = followed(operation["requestBody"])["content"]
    if "application/json" in content:
        return sample(content["application/json"]["schema"])
    schema = followed(content["multipart/form-data"]["schema"])
    return {
        name: File(b"content", f"{name}.png") if followed(field).get("format") == "binary" else sample(field)
        for name, field in schema["properties"].items()
    }


if __name__ == "__main__":
    failures = [*read_and_written(), *sent()]
    print(*failures, sep="\n", end="" if not failures else "\n")
    sys.exit(bool(failures))
