# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import ClassVar

from attrs import define

from ..types import (
    Codec,
    Model,
    Moment,
)


@define(kw_only=True, eq=False, repr=False)
class Device(Model):
    """Device, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"last_active": Moment("milliseconds")}

    phone_number: str | None = None
    """Phone number assigned to this device (E.164 format)"""
    is_active: bool | None = None
    last_active: datetime.datetime | None = None
