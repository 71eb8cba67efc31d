# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import Any, ClassVar

from attrs import define

from ..types import (
    Codec,
    Model,
    Moment,
    Required,
)


@define(kw_only=True, eq=False, repr=False)
class GroupMember(Model):
    """GroupMember, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"added_at": Moment("milliseconds")}
    _required: ClassVar[Required] = {"identifier": None}

    identifier: str
    id: str | None = None
    """Contact identifier (phone or email)"""
    contact_id: str | None = None
    name: str | None = None
    added_at: datetime.datetime | None = None

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
        return model
