"""Check the arguments of contacts: names, identifiers and tags."""

from __future__ import annotations

from typing import Final

from blooio_client.types import UNSET, JsonObject, Unset

from ..arguments import one_or_more, reject
from ..chat_ids import person

_TAG: Final = "expected a tag such as 'vip'"


def contact_body(identifier: object, name: object) -> JsonObject:
    """Return the body of a new contact.

    Raises:
        InvalidArgumentError: The identifier is neither a phone number nor an email address, or the name is not a str.
    """
    body = {"identifier": person(identifier, "identifier")}
    return body if name is None else {**body, **changed_contact(name)}


def changed_contact(name: object) -> JsonObject:
    """Return the body of an update of a contact; None clears the name.

    Raises:
        InvalidArgumentError: The name is not a str.
    """
    if name is not None and not isinstance(name, str | Unset):
        reject(f"name is {type(name).__name__}; expected str, or None to clear the name")
    return {} if name is UNSET else {"name": name}


def checked_tags(tags: object) -> list[str]:
    """Return one or more tags as a list without duplicates.

    Raises:
        InvalidArgumentError: There are no tags, or a tag is blank.
    """
    return list(dict.fromkeys(_tag(tag) for tag in one_or_more(tags, "tags")))


def _tag(tag: object) -> str:
    text = getattr(tag, "tag", tag)
    if not isinstance(text, str):
        reject(f"the tag is {type(text).__name__}; {_TAG}")
    if not text.strip():
        reject(f"the tag is empty; {_TAG}")
    return text
