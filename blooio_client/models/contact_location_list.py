# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from attrs import define

from ..types import (
    Codec,
    ListOf,
    Model,
    Nested,
    Required,
)

if TYPE_CHECKING:
    from ..models.contact_location import ContactLocation


@define(kw_only=True, eq=False, repr=False)
class ContactLocationList(Model):
    """ContactLocationList, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"friends": ListOf(Nested("ContactLocation"))}
    _required: ClassVar[Required] = {"friends": list}

    friends: list[ContactLocation]
    success: bool | None = None

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = {}
        get = data.get
        model.success = get("success")
        return model
