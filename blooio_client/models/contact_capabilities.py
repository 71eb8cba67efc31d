# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import define

from ..models.contact_type import ContactType
from ..types import (
    Codec,
    Members,
    Model,
    Moment,
    Nested,
    Required,
    read_generally,
)

if TYPE_CHECKING:
    from ..models.capabilities import Capabilities

_contact_type = Members(ContactType)


@define(kw_only=True, eq=False, repr=False)
class ContactCapabilities(Model):
    """ContactCapabilities, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {
        "capabilities": Nested("Capabilities"),
        "type": ContactType,
        "last_checked": Moment("milliseconds"),
    }
    _required: ClassVar[Required] = {"capabilities": dict}

    capabilities: Capabilities
    contact: str | None = None
    """Normalized contact identifier"""
    type: ContactType | None = None
    last_checked: datetime.datetime | None = None
    """Timestamp when capabilities were checked"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = {}
        get = data.get
        model.contact = get("contact")
        try:
            model.type = _contact_type[get("type")]
        except TypeError:  # a list or an object, where the document has a text
            return read_generally(cls, data)
        return model
