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
class Organization(Model):
    """Organization, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"created_at": Moment("milliseconds")}

    organization_id: str | None = None
    name: str | None = None
    country_code: str | None = None
    created_at: datetime.datetime | None = None
