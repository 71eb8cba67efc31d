# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import Any, ClassVar

from attrs import define

from ..models.direction import Direction
from ..types import (
    Codec,
    Members,
    Model,
    Moment,
    Required,
    read_generally,
)

_direction = Members(Direction)


@define(kw_only=True, eq=False, repr=False)
class LastMessage(Model):
    """LastMessage, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"direction": Direction, "time_sent": Moment("milliseconds")}
    _required: ClassVar[Required] = {"message_id": None}

    message_id: str
    text: str | None = None
    direction: Direction | None = None
    time_sent: datetime.datetime | None = None

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.message_id = get("message_id")
        model.text = get("text")
        try:
            model.direction = _direction[get("direction")]
        except TypeError:  # a list or an object, where the document has a text
            return read_generally(cls, data)
        return model
