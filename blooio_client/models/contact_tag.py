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
class ContactTag(Model):
    """ContactTag, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"created_at": Moment("milliseconds")}
    _required: ClassVar[Required] = {"tag": None}

    tag: str
    """The tag value"""
    created_at: datetime.datetime | None = None
    """Timestamp when the tag was added (ms since epoch)"""
