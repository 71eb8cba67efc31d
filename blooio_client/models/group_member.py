# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import ClassVar

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
