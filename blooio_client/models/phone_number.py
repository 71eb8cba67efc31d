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
class PhoneNumber(Model):
    """PhoneNumber, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"last_active": Moment("iso8601")}
    _required: ClassVar[Required] = {"phone_number": None}

    phone_number: str
    is_active: bool | None = None
    last_active: datetime.datetime | None = None
