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
class ContactLocation(Model):
    """ContactLocation, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"last_updated": Moment("milliseconds")}
    _required: ClassVar[Required] = {"handle": None}

    handle: str
    """Contact's phone number or email"""
    coordinates: list[float] | None = None
    """GPS coordinates [latitude, longitude]"""
    status: str | None = None
    """Location status (e.g., 'live', 'shallow', 'legacy')"""
    last_updated: datetime.datetime | None = None
    """Timestamp of last location update (epoch ms)"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.handle = get("handle")
        model.coordinates = get("coordinates")
        model.status = get("status")
        return model
