"""Calls of operations that `contract_cases` does not list, derived from the method and the document.

Each argument has its documented name, and a value from the document. Operations whose methods have other arguments
are listed in `contract_cases`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import attrs
from contract_document import OPERATIONS, resolved
from contract_document import Operation as Documented
from contract_instances import KINDS, attribute_of, instance

from blooio_client import Blooio
from blooio_overrides._call.operations import OPERATIONS as TABLE

OF_EVERY_CALL = frozenset({"timeout", "headers", "extra", "idempotency_key"})


@attrs.frozen
class Derived:
    """A call of an operation, and the request that it sends."""

    dotted: str
    ids: tuple[str, ...]
    """The path parameters that are passed as positional arguments."""
    body: Mapping[str, Any]
    query: Mapping[str, Any]

    def __call__(self, client: Any, names: Any) -> Any:
        """Make the call."""
        values = {attribute_of(name): value for name, value in {**self.body, **self.query}.items()}
        return method_of(client, self.dotted, names.chat)(*map(names.value_of, self.ids), **values)


def method_of(client: Any, dotted: str, chat: str = "+15551234567") -> Any:
    """Return the client's method with a dotted name, or None."""
    for name in dotted.split("."):
        client = client.chat(chat) if name == "chat()" else getattr(client, name, None)
    return client


def derived(name: str) -> dict[str, Derived]:
    """Return the shortest and the longest call of an operation, or none if its method has other arguments."""
    row, documented = TABLE.get(name), OPERATIONS.get(name)
    method: Callable[..., Any] | None = row and method_of(Blooio("stub-key"), row.method)
    if row is None or documented is None or method is None:
        return {}
    ids = tuple(each for each in documented.parameters["path"] if each != "chatId" or "chat()" not in row.method)
    taken = [
        each
        for each in list(inspect.signature(method).parameters.values())[len(ids) :]
        if each.name not in OF_EVERY_CALL
    ]
    body, query = _body(documented), {each: it["schema"] for each, it in documented.parameters["query"].items()}
    if {each.name for each in taken} != {attribute_of(each) for each in (*body, *query)}:
        return {}
    required = {each.name for each in taken if each.default is each.empty}
    values = [{key: instance(each, KINDS["full"], key) for key, each in part.items()} for part in (body, query)]
    least = [{key: value for key, value in part.items() if attribute_of(key) in required} for part in values]
    return {"minimal": Derived(row.method, ids, *least), "full": Derived(row.method, ids, *values)}


def _body(documented: Documented) -> dict[str, Any]:
    schema = documented.content.get("application/json")
    return dict(resolved(schema)["properties"]) if schema else {}
