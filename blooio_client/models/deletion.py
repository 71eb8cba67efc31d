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
class Deletion(Model):
    """Deletion, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"deleted_at": Moment("milliseconds")}

    success: bool | None = None
    deleted_at: datetime.datetime | None = None
    message: str | None = None
