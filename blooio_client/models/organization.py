# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import Any, ClassVar

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

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.organization_id = get("organization_id")
        model.name = get("name")
        model.country_code = get("country_code")
        return model
