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
class ContactTag(Model):
    """ContactTag, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"created_at": Moment("milliseconds")}
    _required: ClassVar[Required] = {"tag": None}

    tag: str
    """The tag value"""
    created_at: datetime.datetime | None = None
    """Timestamp when the tag was added (ms since epoch)"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.tag = get("tag")
        return model
