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
class RemovedGroupMember(Model):
    """RemovedGroupMember, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"removed_at": Moment("milliseconds")}

    success: bool | None = None
    removed_at: datetime.datetime | None = None
