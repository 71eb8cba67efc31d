# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import Any, ClassVar

from attrs import define

from ..models.contact_type import ContactType
from ..types import (
    Codec,
    Members,
    Model,
    Moment,
    Required,
    read_generally,
)

_contact_type = Members(ContactType)


@define(kw_only=True, eq=False, repr=False)
class Contact(Model):
    """Contact, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {
        "type": ContactType,
        "created_at": Moment("milliseconds"),
        "last_message_time": Moment("milliseconds"),
    }
    _required: ClassVar[Required] = {"identifier": None}

    identifier: str
    """Phone number (E.164) or email"""
    id: str | None = None
    """Contact identifier (phone or email)"""
    contact_id: str | None = None
    """Internal contact ID"""
    name: str | None = None
    type: ContactType | None = None
    created_at: datetime.datetime | None = None
    last_message_time: datetime.datetime | None = None
    tags: list[str] | None = None

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.identifier = get("identifier")
        model.id = get("id")
        model.contact_id = get("contact_id")
        model.name = get("name")
        model.tags = get("tags")
        try:
            model.type = _contact_type[get("type")]
        except TypeError:  # a list or an object, where the document has a text
            return read_generally(cls, data)
        return model
