"""Write stubs for a new operation: its row, its method, its sandbox handler, and its types.

python scripts/scaffold.py scheduleMessage                          # next to the operation with the nearest path
python scripts/scaffold.py scheduleMessage messages.schedule listChatMessages   # its method; the operation next to it

The stubs fail until you complete them: `make candidate` and the tests list what is left.
"""

from __future__ import annotations

import ast
import inspect
import json
import subprocess
import sys
import textwrap
from itertools import takewhile
from pathlib import Path
from typing import Any, Final, NamedTuple

from openapi_python_client.strings import PythonIdentifier, safe_for_docstring, snake_case

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the programs in openapi/ are not installed as a package

from openapi.nodes import METHODS, resolved  # noqa: E402
from openapi.todo import ROW, TABLE, UNDECIDED, found  # noqa: E402

BUILT: Final = ROOT / "sandbox" / "blooio_sandbox" / "openapi.json"
RESOURCES: Final = "overrides/blooio_overrides/_async/*.py"
HANDLERS: Final = "sandbox/blooio_sandbox/api/*.py"
COMMON: Final = "timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None"
TYPES: Final = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
PLAIN: Final = ("Any", "None", "bytes", "str")
SAMPLES: Final = {"str": '"text"', "int": "1", "float": "1.5", "bool": "True"}


class Argument(NamedTuple):
    """An argument of the method."""

    name: str
    kind: str
    is_required: bool
    words: str


class Operation(NamedTuple):
    """The parts of the document that the stubs need."""

    name: str
    summary: str
    ids: list[Argument]
    fields: list[Argument]
    result: str

    def signature(self) -> str:
        """Return the parameters of the method."""
        ids = "".join(f"{each.name}: {each.kind}, " for each in self.ids)
        fields = "".join(
            f"{each.name}: {each.kind}, " if each.is_required else f"{each.name}: {each.kind} | Unset = UNSET, "
            for each in self.fields
        )
        return f"self, {ids and ids + '/, '}*, {fields}{COMMON}"

    def sample(self) -> str:
        """Return sample code for the required arguments."""
        named = [f"{each.name}={SAMPLES.get(each.kind, '{}')}" for each in self.fields if each.is_required]
        return ", ".join([*(SAMPLES.get(each.kind, '"text"') for each in self.ids), *named])


def documented() -> dict[str, tuple[str, Any, Any]]:
    """Return each operation of the built document with its path and its document."""
    document = json.loads(BUILT.read_bytes())
    return {
        item[method]["operationId"]: (path, {**item[method], "shared": item.get("parameters", [])}, document)
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    }


def described(name: str, operation: Any, document: Any, *, in_chat: bool) -> Operation:
    """Describe an operation for the stubs."""

    def followed(node: Any) -> Any:
        return resolved(document, node["$ref"]) if "$ref" in node else node

    parameters = [followed(each) for each in [*operation["shared"], *operation.get("parameters", [])]]
    ids = [argument(each["name"], each["schema"], each, True) for each in parameters if each["in"] == "path"]
    fields = [
        argument(each["name"], each["schema"], each, bool(each.get("required")))
        for each in parameters
        if each["in"] == "query"
    ]
    media = followed(operation.get("requestBody", {})).get("content", {}).get("application/json", {})
    body = followed(media.get("schema", {}))
    fields += [
        argument(key, each, each, key in body.get("required", [])) for key, each in body.get("properties", {}).items()
    ]
    good = next(followed(each) for status, each in operation["responses"].items() if status.startswith("2"))
    result = result_of(good.get("content", {}))
    kept = [each for each in ids if not (in_chat and each.name == "chat_id")]
    return Operation(
        name,
        one_line(operation.get("summary") or name),
        kept,
        sorted(fields, key=lambda each: not each.is_required),
        result,
    )


def result_of(content: Any) -> str:
    """Return the type of a result."""
    if not content:
        return "None"
    if "application/json" not in content:
        return "str" if next(iter(content)).startswith("text/") else "bytes"
    schema = content["application/json"].get("schema", {})
    item = schema.get("items", {}).get("$ref", "").rpartition("/")[2]
    return f"list[{item}]" if item else schema.get("$ref", "Any").rpartition("/")[2]


def model_of(result: str) -> str:
    """Return the model in the type of a result, or an empty string."""
    name = result.removeprefix("list[").removesuffix("]")
    return "" if name in PLAIN else name


def one_line(text: str) -> str:
    """Return a text on one line of a docstring."""
    return " ".join(safe_for_docstring(text).split())


def argument(name: str, schema: Any, said: Any, is_required: bool) -> Argument:  # noqa: FBT001 - a row of a table
    """Return an argument with its documentation."""
    words = one_line(str(said.get("description") or f"The {name}"))
    plain = str(PythonIdentifier(name.replace("[", "_").replace("]", ""), "field_"))  # as in calls.py
    return Argument(plain, TYPES.get(str(schema.get("type")), "Any"), is_required, words)


def nearest(name: str, operations: dict[str, tuple[str, Any, Any]]) -> str:
    """Return the known operation whose path is the longest prefix of a path, or shares the most with it."""
    known = found(ROW, TABLE, ROOT)
    steps = operations[name][0].split("/")

    def closeness(other: str) -> tuple[bool, int]:
        theirs = operations[other][0].split("/")
        shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(steps, theirs, strict=False))))
        return shared == len(theirs), shared

    return max((each for each in known if each in operations and each != name), key=closeness)


def wrapped(line: str) -> str:
    """Return a line of a docstring with its continuation below it."""
    return textwrap.fill(line, 108, subsequent_indent=" " * 16, break_on_hyphens=False, break_long_words=False)


def insert(path: Path, line: int, text: str) -> None:
    """Insert text after a line of a file."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines[:line], text, *lines[line:]]), "utf-8")


def row(operation: Operation, dotted: str, beside: str) -> Path:
    """Write the row of the table."""
    path = ROOT / TABLE
    node = next(
        each
        for each in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(each, ast.Dict)
        and any(isinstance(key, ast.Constant) and key.value == beside for key in each.keys)
    )
    at = next(
        value.end_lineno
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and key.value == beside
    )
    insert(path, at or 0, f'        "{operation.name}": Operation("{dotted}", Repeat.ONCE, "{UNDECIDED}"),\n')
    return path


def method(operation: Operation, name: str, beside: str) -> Path:
    """Write the stub of the method after the one of another operation."""
    path = ROOT / found(r"^ +Source: ([\w, ]+)$", RESOURCES, ROOT)[beside]
    functions = [
        each for each in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(each, ast.AsyncFunctionDef)
    ]
    neighbor = next(each for each in functions if f"Source: {beside}" in (ast.get_docstring(each) or ""))
    lines = [f"{each.name}: {each.words}" for each in [*operation.ids, *operation.fields]]
    arguments = "".join(f"            {wrapped(line)}\n" for line in lines)
    insert(
        path,
        neighbor.end_lineno or 0,
        f"\n    async def {name}({operation.signature()}) -> {operation.result}:\n"
        f'        """{operation.summary.rstrip(".")}.\n\n        Args:\n{arguments}'
        "            timeout: Overrides the client's timeout for this call.\n"
        "            headers: Additional headers for this call.\n\n"
        f'        Source: {operation.name}\n        """\n        raise NotImplementedError("{UNDECIDED}")\n',
    )
    if model := model_of(operation.result):
        guard = path.read_text("utf-8").splitlines().index("if TYPE_CHECKING:")
        insert(path, guard + 1, f"    from blooio_client.models import {model}\n")
    return path


def handler(operation: Operation, beside: str) -> Path:
    """Write the stub of the handler, and its row in HANDLERS."""
    path = ROOT / found(r'"(\w+)": [a-z_.]+\b', HANDLERS, ROOT)[beside]
    function, text = snake_case(operation.name), path.read_text("utf-8")
    stub = (
        f'def {function}(request: ApiRequest, state: State) -> Response:\n    """Handle {operation.name}."""\n'
        f'    raise NotImplementedError("{UNDECIDED}")\n\n\n'
    )
    text = text.replace(f'"{beside}": ', f'"{operation.name}": {function}, "{beside}": ', 1)
    path.write_text(text.replace("\nHANDLERS:", f"\n{stub}HANDLERS:", 1), "utf-8")
    return path


def pin(operation: Operation, dotted: str) -> Path:
    """Write the typing test: the method's return type, sync and async."""
    path = ROOT / "tests" / "typing" / f"{snake_case(operation.name)}.py"
    call = f"{dotted.removeprefix('chat().') if dotted.startswith('chat()') else dotted}({operation.sample()})"
    made = '    chat = client.chat("+15551234567")\n' if dotted.startswith("chat()") else ""
    on, model = "chat" if made else "client", model_of(operation.result)
    result = operation.result.replace(model, f"models.{model}") if model else operation.result
    path.write_text(
        f'"""What {operation.name} returns."""\n\nfrom typing import assert_type\n\n'
        f"from blooio_client import AsyncBlooio, Blooio{', models' if model else ''}\n\n\n"
        f'def pinned(client: Blooio) -> None:\n    """The sync client."""\n{made}'
        f"    assert_type({on}.{call}, {result})\n\n\n"
        f'async def awaiting(client: AsyncBlooio) -> None:\n    """The async client."""\n{made}'
        f"    assert_type(await {on}.{call}, {result})\n",
        "utf-8",
    )
    return path


def main(arguments: list[str]) -> str | None:
    """Write the stubs; a returned message goes to stderr with exit status 1."""
    if not arguments or len(arguments) > len(inspect.signature(nearest).parameters) + 1:
        return "usage: make scaffold OPERATION=scheduleMessage"
    operations, name = documented(), arguments[0]
    if name not in operations:
        return f"{name}: no operation of {BUILT.relative_to(ROOT)}; run make candidate first"
    if name in found(ROW, TABLE, ROOT):
        return f"{name}: already has a row in {TABLE}"
    beside = arguments[2] if len(arguments) > 2 else nearest(name, operations)  # noqa: PLR2004 - the third
    resource = found_method(beside).rpartition(".")[0]
    dotted = arguments[1] if len(arguments) > 1 else f"{resource}.{snake_case(name)}".lstrip(".")
    path, operation, document = operations[name]
    stub = described(name, operation, document, in_chat="{chatId}" in path and dotted.startswith("chat()"))
    written = [row(stub, dotted, beside), method(stub, dotted.rpartition(".")[2], beside), handler(stub, beside)]
    written.append(pin(stub, dotted))
    for command in (["check", "--fix", "--quiet", "--select", "I"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *command, *map(str, written)], cwd=ROOT, check=True)
    print(f"{name}: client.{dotted}, next to {beside}. Decide in:")
    print(*(f"- {each.relative_to(ROOT)}" for each in written[:-1]), sep="\n")
    print("then run make derive public-names fault-table")
    return None


def found_method(operation: str) -> str:
    """Return the method that the table has for an operation."""
    pattern = rf'^\s+"{operation}": Operation\(\s*"([\w.()]+)"'
    return next(iter(found(pattern, TABLE, ROOT)), "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
