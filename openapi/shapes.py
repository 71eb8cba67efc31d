"""Find shapes that the templates do not support, with their places and fixes."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from openapi_python_client.strings import PythonIdentifier, snake_case

from openapi.choices import is_choice, parts_of
from openapi.names import is_type
from openapi.nodes import METHODS, Json, Node, escaped, is_array, is_object, places_of
from openapi.normal import NULL, allows_null, bare, followed
from openapi.problems import action
from openapi.rewritten import FORM, sent_kinds, written

if TYPE_CHECKING:
    from collections.abc import Iterator

SCALARS = frozenset({"string", "integer", "number", "boolean"})
SECRET = re.compile(r".*(secret|api_key|private_key|token|password)s?")
TIME = re.compile(r"(?i)\b(unix|epoch|timestamp)\b")
SERVER = re.compile(r"https://[A-Za-z0-9.:-]+(/[A-Za-z0-9._~-]+)*/?")
PART = re.compile(r".*/(items|(any|one)Of/\d+)")
# What rewritten.py writes into descriptions for the templates.
RESERVED = ("Own server: ", "Deprecated: ")
# Attributes of every model, which a field of the same name would replace.
TAKEN = frozenset({"additional_properties", "from_dict", "to_dict"})


def inexpressible(document: Node) -> Iterator[str]:
    """Yield a problem for each place that the templates do not support."""
    for path, item in document["paths"].items():
        pointer = f"/paths/{escaped(path)}"
        if is_object(item):
            yield from _servers(document, pointer, item)
            for method in METHODS:
                if is_object(item.get(method)):
                    shared = item.get("parameters", [])
                    yield from _operation(
                        document, f"{pointer}/{method}", item[method], f"{pointer}/parameters", shared
                    )
    in_files = set(_file_places(document))
    for pointer, node in places_of(document):
        yield from _schema(document, pointer, node, is_file=any(pointer.startswith(each) for each in in_files))


# ---- Operations -------------------------------------------------------------------------------------------------


def _operation(document: Node, pointer: str, operation: Node, shared_at: str, shared: list[Json]) -> Iterator[str]:
    yield from _servers(document, pointer, operation)
    said = str(operation.get("description"))
    for words in RESERVED:
        if words in said:
            reworded = action(pointer, {"description": said.replace(words, words.lower())}, {"description": said})
            yield f"{pointer}/description: {words.strip()!r} would change the call. Reword it:\n{reworded}"
    for at, parameters in ((shared_at, shared), (f"{pointer}/parameters", operation.get("parameters", []))):
        for index, parameter in enumerate(parameters):
            for each in written(document, parameter):
                yield from _parameter(document, f"{at}/{index}", followed(document, each))
    if "requestBody" in operation:
        yield from _body(document, f"{pointer}/requestBody", followed(document, operation["requestBody"]))
    yield from _results(document, f"{pointer}/responses", operation.get("responses", {}))


def _servers(document: Node, pointer: str, node: Node) -> Iterator[str]:
    servers = node.get("servers", document.get("servers"))
    if servers != document.get("servers") and not (servers and SERVER.fullmatch(str(servers[0].get("url")))):
        yield (
            f"{pointer}/servers: the API key can only be sent to an https:// URL without variables. "
            f"Remove it in the overlay if the common server has this operation, too:\n{action(f'{pointer}/servers')}"
        )


def _parameter(document: Node, pointer: str, parameter: Node) -> Iterator[str]:
    name, place, schema = parameter.get("name"), parameter.get("in"), parameter.get("schema")
    remove = f"Remove it in the overlay:\n{action(pointer)}"
    if name in ("body", "files", "models", "describe"):
        yield f"{pointer}: the parameter {name} has a name that calls need for themselves. {remove}"
    if not is_object(schema):
        yield f"{pointer}: the parameter {name} has no schema. {remove}"
    else:
        kind = bare(followed(document, schema))
        items = bare(followed(document, kind.get("items", {})))
        is_list = kind.get("type") == "array" and place == "query" and _is_scalar(items)
        if kind.get("format") == "date-time" and kind.get("x-time") != "none":
            cure = action(_holder(f"{pointer}/schema", schema), {"x-time": "none"})
            yield (
                f"{pointer}: the parameter {name} is a time as text, which only text can be sent for. "
                f"Mark it in the overlay:\n{cure}"
            )
        elif not _is_scalar(kind) and not (is_list and "enum" not in items):
            shape = kind.get("type") or "composed"
            yield (
                f"{pointer}: the parameter {name} is {shape}, and only text, numbers, booleans and lists of them "
                f"can be sent. {remove}"
            )


def _body(document: Node, pointer: str, body: Node) -> Iterator[str]:
    content = body.get("content", {})
    kinds = sent_kinds(content)
    if not kinds:
        yield (
            f"{pointer}/content: only application/json and multipart/form-data can be sent. "
            f"Remove the operation:\n{_removal(pointer)}"
        )
    for kind in content.keys() - kinds:
        at = f"{pointer}/content/{escaped(kind)}"
        if kinds and content[kind].get("schema") not in [content[each].get("schema") for each in kinds]:
            cure = f"Remove it in the overlay:\n{action(at)}"
            yield f"{at}: cannot be sent, and differs from the body that is sent: {kinds[0]}. {cure}"
    for kind in kinds:
        at, schema = f"{pointer}/content/{escaped(kind)}/schema", content[kind].get("schema", {})
        if kind == FORM:
            yield from _form_fields(document, at, schema)
        elif not (_is_record(document, schema) or _list_of(document, schema)):
            yield f"{at}: the body is neither an object nor a list. Remove the operation:\n{_removal(pointer)}"
    if not body.get("required") and kinds == [FORM]:
        cure = action(pointer, {"required": True}, {"required": False} if "required" in body else None)
        yield f"{pointer}: the body is optional, but the client always sends it. Require it in the overlay:\n{cure}"


def _form_fields(document: Node, pointer: str, schema: Node) -> Iterator[str]:
    form = followed(document, schema)
    if not form.get("properties"):
        yield f"{pointer}: a form without fields. Remove the operation:\n{_removal(pointer)}"
    for name, field in form.get("properties", {}).items():
        found, place = bare(followed(document, field)), f"{pointer}/properties/{escaped(name)}"
        if not _is_scalar(found):
            yield (
                f"{place}: only files, text, numbers and booleans can be sent in a form. "
                f"Remove the field in the overlay:\n{action(place)}"
            )


def _list_of(document: Node, schema: Node) -> bool:
    """Return whether a schema is a list of objects or of values."""
    found = followed(document, schema)
    items = followed(document, found.get("items", {}))
    is_plain = _is_scalar(items) and "enum" not in items
    return not allows_null(schema) and is_type(found, "array") and (_is_record(document, found["items"]) or is_plain)


def _is_scalar(schema: Node) -> bool:
    return isinstance(schema.get("type"), str) and schema["type"] in SCALARS


def _results(document: Node, pointer: str, responses: Node) -> Iterator[str]:
    removal = f"Remove the operation:\n{_removal(pointer)}"
    good = {status: followed(document, each) for status, each in responses.items() if status[:1] == "2"}
    if not good:
        yield f"{pointer}: there is no successful response (2xx). {removal}"
    forms = dict[str, str]()
    for status, response in good.items():
        at, content = f"{pointer}/{status}", response.get("content", {})
        if len(content) > 1:
            kept = "application/json" if "application/json" in content else next(iter(content))
            others = "\n".join(action(f"{at}/content/{escaped(kind)}") for kind in content if kind != kept)
            yield f"{at}/content: has {len(content)} content types; only one can be read. Remove the others:\n{others}"
        else:
            forms[status] = form = _form(document, content)
            if not form:
                yield f"{at}/content: the result is neither an object, a list, text nor a file. {removal}"
    for status, form in list(forms.items())[1:]:
        if form != next(iter(forms.values())):
            yield (
                f"{pointer}/{status}: is {form}, and another success is {next(iter(forms.values()))}. "
                f"Give them one title in the overlay, or remove one:\n{action(f'{pointer}/{status}')}"
            )


def _form(document: Node, content: Node) -> str:
    """Return the type of body of a successful response, or an empty text if it cannot be read."""
    if not content:
        return "nothing"
    ((kind, media),) = content.items()
    if kind != "application/json":
        return "text" if kind.startswith("text/") else "a file"
    schema = media.get("schema", {})
    if _list_of(document, schema):
        return f"a list of {_named(document, schema['items']) or 'values'}" if "items" in schema else "a list"
    return _named(document, schema) or "an object" if _is_record(document, schema) else ""


def _named(document: Node, schema: Node) -> str:
    """Return the name of the class of a schema, or an empty text if it has none."""
    reference = str(schema.get("$ref", ""))
    return str(followed(document, schema).get("title") or reference.rpartition("/")[2])


def _removal(pointer: str) -> str:
    return action("/".join(pointer.split("/")[:4]))


def _is_record(document: Node, schema: Node) -> bool:
    found = followed(document, schema)
    if allows_null(schema) or allows_null(found):
        return False
    if is_choice(document, found):
        return True
    if "oneOf" in found or "anyOf" in found:
        return False
    return "properties" in found or "allOf" in found or is_type(found, "object")


# ---- Schemas ----------------------------------------------------------------------------------------------------


def _file_places(document: Node) -> Iterator[str]:
    for pointer, node in places_of(document):
        if "schema" in node and pointer.endswith("/content/multipart~1form-data"):
            yield f"{pointer}/"
            if "$ref" in node["schema"]:
                yield f"{node['schema']['$ref'].removeprefix('#')}/"


def _schema(document: Node, pointer: str, node: Node, *, is_file: bool) -> Iterator[str]:
    if ("oneOf" in node or "anyOf" in node) and not is_choice(document, node):
        yield from _alternatives(document, pointer, node)
    if is_object(node.get("properties")):
        yield from _fields(document, pointer, node["properties"])
    if PART.fullmatch(pointer):
        yield from _part(pointer, node)
    kinds = [node["type"]] if isinstance(node.get("type"), str) else node.get("type", [])
    for kind in set(kinds) - SCALARS - {"array", "object", "null"} if "/securitySchemes/" not in pointer else ():
        yield f"{pointer}: {kind} is not a type. Leave it as plain JSON in the overlay:\n{action(f'{pointer}/type')}"
    if is_type(node, "array"):
        yield from _lists(document, pointer, node)
    if "enum" in node:
        yield from _values(pointer, node)
    if "default" in node and ("type" in node or "enum" in node):
        place = f"{pointer}/default"
        yield (
            f"{place}: a client that sends a default freezes today's value. Remove it in the overlay:\n{action(place)}"
        )
    if node.get("format") == "binary" and is_type(node, "string") and not is_file and "/responses/" not in pointer:
        yield f"{pointer}: bytes within JSON. Correct the format in the overlay:\n{action(f'{pointer}/format')}"


def _alternatives(document: Node, pointer: str, node: Node) -> Iterator[str]:
    choices = [each for each in [*node.get("oneOf", []), *node.get("anyOf", [])] if is_object(each) and each != NULL]
    found = [followed(document, each) for each in choices]
    rich = [each for each in found if _is_rich(each) or _is_rich(followed(document, each.get("items")))]
    is_component = pointer.startswith("/components/schemas/") and pointer.count("/") == len(
        ("components", "schemas", "X")
    )
    if len(rich) > 1 or (is_component and rich):
        cure = "\n".join(action(f"{pointer}/{key}") for key in ("oneOf", "anyOf", "discriminator") if key in node)
        yield (
            f"{pointer}: is one of {len(choices)} shapes that do not make one model: they are not all objects, or "
            f"disagree about the type of a field. "
            f"Leave it as plain JSON in the overlay:\n{cure}"
        )


def _is_rich(schema: Node) -> bool:
    return "enum" in schema or "properties" in schema or "allOf" in schema or "x-time" in schema


def _part(pointer: str, node: Node) -> Iterator[str]:
    """Yield a problem for a mark on an item of a list or an alternative, which would have no effect there."""
    time = node.get("x-time")
    if (time or "none") != "none" or (time is None and node.get("format") == "date-time"):
        cure = action(pointer, {"x-time": "none"}, time and {"x-time": time})
        yield f"{pointer}: only a whole field can be a time. Read it unchanged, in the overlay:\n{cure}"
    if node.get("x-secret"):
        cure = action(pointer, {"x-secret": False}, {"x-secret": True})
        yield f"{pointer}: only a whole field can be a secret. Mark the field instead, and remove this mark:\n{cure}"


def _lists(document: Node, pointer: str, node: Node) -> Iterator[str]:
    inner = followed(document, node.get("items"))
    if is_type(inner, "array") and _is_rich(followed(document, inner.get("items"))):
        yield (
            f"{pointer}: is a list of lists of objects or enums, which would be read as plain JSON. "
            f"Say so in the overlay:\n{action(f'{pointer}/items')}"
        )


def _fields(document: Node, pointer: str, properties: Node) -> Iterator[str]:
    attributes = Counter(str(PythonIdentifier(name, "field_")) for name in properties)
    for name, schema in properties.items():
        place, attribute = f"{pointer}/properties/{escaped(name)}", str(PythonIdentifier(name, "field_"))
        if attribute in TAKEN or attribute.startswith("_"):
            yield (
                f"{place}: a model cannot have a field named {attribute}. "
                f"Remove it in the overlay; it stays in `additional_properties`:\n{action(place)}"
            )
        elif attributes[attribute] > 1 and name != attribute:
            yield (
                f"{place}: two fields would be named {attribute}. "
                f"Remove one in the overlay; it stays in `additional_properties`:\n{action(place)}"
            )
        elif is_object(schema):
            yield from _marks(document, place, name, schema)


def _marks(document: Node, place: str, name: str, schema: Node) -> Iterator[str]:
    found, holder = followed(document, schema), _holder(place, schema)
    marks, parts = found.keys() | schema.keys(), [found, followed(document, found.get("items")), *parts_of(found)]
    is_text = any(is_type(each, "string") for each in parts)
    if is_text and SECRET.fullmatch(snake_case(name)) and "x-secret" not in marks:
        yield f"{place}: seems to be a secret. Mark it with true or false:\n{action(holder, {'x-secret': True})}"
    says_time = TIME.search(str(schema.get("description", ""))) or found.get("format") == "int64"
    form = "iso8601" if found.get("format") == "date-time" else "milliseconds"
    is_number = is_type(found, "integer") or is_type(found, "number")
    if "x-time" not in marks and (form == "iso8601" or (is_number and says_time)):
        yield f"{place}: seems to be a time. Mark it with {form} or none:\n{action(holder, {'x-time': form})}"


def _holder(place: str, schema: Node) -> str:
    """Return the place that can have marks: keywords next to a reference are ignored."""
    return str(schema["$ref"]).removeprefix("#") if "$ref" in schema else place


def _values(pointer: str, node: Node) -> Iterator[str]:
    values = [value for value in node["enum"] if value is not None]
    if not values:
        yield f"{pointer}/enum: has no values. Remove it in the overlay:\n{action(f'{pointer}/enum')}"
    if not is_array(node["enum"]) or not all(isinstance(value, str) for value in values):
        if not all(isinstance(value, int | float) for value in values):
            yield (
                f"{pointer}/enum: mixes texts with other values. Remove it in the overlay:\n{action(f'{pointer}/enum')}"
            )
        return
    known = dict[str, str]()
    for index, value in enumerate(values):
        member = snake_case(value).upper()
        if not value[:1].isalpha():
            member = f"VALUE_{member}" if value[:1].isdigit() else f"VALUE_{index}"
        if member in known:
            place = f"{pointer}/enum/{index}"
            yield (
                f"{place}: {known[member]!r} and {value!r} would be one member, {member}. "
                f"Remove one in the overlay; it still reads as a value:\n{action(place)}"
            )
        known.setdefault(member, value)
