"""Seeds: an initial state in YAML, JSON or Python."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonschema_rs import Draft202012Validator

from blooio_sandbox.api import handlers
from blooio_sandbox.api.validation import check_value
from blooio_sandbox.api.webhooks import change_form, subscribe
from blooio_sandbox.deliveries.payloads import CHOICES
from blooio_sandbox.phones.phone import PROTOCOLS, Phone
from blooio_sandbox.responses import ApiError, ApiRequest, Json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from blooio_sandbox.state.database import State

_TEXT: Json = {"type": "string", "minLength": 1}
_TEXTS: Json = {"type": "array", "items": _TEXT}
_NUMBER: Json = {"type": "number"}
_FORMAT: Json = {"enum": ["plain", "markdown"]}
_CONTENT = ("text", "attachments", "format")


class SeedError(ValueError):
    """A seed is not valid."""


def apply_seed(state: State, source: str | Path | Mapping[str, Any]) -> None:
    """Add the content of a file or a mapping.

    Raises:
        SeedError: It is not valid YAML, or describes an impossible state.
    """
    name = str(source) if isinstance(source, str | Path) else "seed"
    content = _read(source) if isinstance(source, str | Path) else source
    try:
        check_value(_validator(), content)
        for section, plant_one in SECTIONS.items():
            for item in content.get(section, ()):
                plant_one(state, item)
    except (ApiError, ValueError, LookupError) as error:
        hint = " (quote phone numbers: YAML takes +1555... for a number)" if "is not of type" in str(error) else ""
        raise SeedError(f"{name}: {error.args[0]}{hint}") from None


def _read(path: str | Path) -> Any:
    import yaml

    try:
        return yaml.safe_load(Path(path).read_text("utf-8")) or {}
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise SeedError(f"{path}: {error}") from None


def _add_contact(state: State, item: Json) -> None:
    _ask(state, "createContact", {}, {name: item[name] for name in ("identifier", "name") if name in item})
    if item.get("tags"):
        _ask(state, "addContactTags", {"contactId": item["identifier"]}, {"tags": item["tags"]})


def _add_group(state: State, item: Json) -> None:
    _ask(state, "createGroup", {}, item)


def _add_phone(state: State, item: Json) -> None:
    options: Json = {"protocol": "imessage", **item}
    Phone(state, options.pop("identifier")).uses(**options)


def _add_location(state: State, item: Json) -> None:
    Phone(state, item["identifier"]).shares_location(item["latitude"], item["longitude"])


def _add_webhook(state: State, item: Json) -> None:
    form: Json = {name: item[name] for name in ("payload", "attachments", "batches", "sparse") if name in item}
    body = {"webhook_url": item["url"], "webhook_type": item.get("type", "all")}
    if form and state.row("SELECT 1 FROM webhooks WHERE webhook_url = ?", item["url"]) is not None:
        with state.transaction():
            change_form(state, item["url"], form)
    elif form or "createWebhook" in state.account.disabled:
        with state.transaction():
            subscribe(state, body, form)
    else:
        _ask(state, "createWebhook", {}, body)


def _add_message(state: State, item: Json) -> None:
    content: Json = {name: item[name] for name in _CONTENT if name in item}
    group = _group_named(state, item["group"]) if "group" in item else None
    if "from" in item:
        Phone(state, item["from"]).sends(**content, group=group)
    else:
        _ask(state, "sendMessage", {"chatId": group or item.get("to", "")}, content)


def _group_named(state: State, name: str) -> str:
    group_id: str | None = state.value("SELECT group_id FROM groups WHERE name = ? AND deleted_at IS NULL", name)
    if group_id is None:
        raise LookupError(f"there is no group named {name!r}")
    return group_id


def _ask(state: State, operation: str, ids: Mapping[str, str], body: Json) -> None:
    handlers.handle(ApiRequest(operation, ids, body=body), state)


@cache
def _validator() -> Draft202012Validator:
    items = {section: {"type": "array", "items": item} for section, item in _ITEMS.items()}
    return Draft202012Validator({"type": "object", "properties": items, "additionalProperties": False})


def _item(needed: tuple[str, ...], **properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(needed), "additionalProperties": False}


# In this order: messages to a group need the group.
SECTIONS: Mapping[str, Callable[[State, Json], None]] = {
    "contacts": _add_contact,
    "groups": _add_group,
    "phones": _add_phone,
    "locations": _add_location,
    "webhooks": _add_webhook,
    "messages": _add_message,
}
_ITEMS: Mapping[str, Json] = {
    "contacts": _item(("identifier",), identifier=_TEXT, name=_TEXT, tags=_TEXTS),
    "groups": _item(("name",), name=_TEXT, members=_TEXTS, chat_guid=_TEXT),
    "phones": _item(
        ("identifier",),
        identifier=_TEXT,
        protocol={"enum": list(PROTOCOLS)},
        online={"type": "boolean"},
        failing_with=_TEXT,
    ),
    "locations": _item(("identifier", "latitude", "longitude"), identifier=_TEXT, latitude=_NUMBER, longitude=_NUMBER),
    "webhooks": _item(
        ("url",),
        url=_TEXT,
        type={"enum": ["message", "status", "all", "poll"]},
        **{name: {"enum": list(values)} for name, values in CHOICES.items()},
        sparse={"type": "boolean"},
    ),
    "messages": _item((), **{"from": _TEXT}, to=_TEXT, group=_TEXT, text=_TEXT, attachments=_TEXTS, format=_FORMAT),
}
