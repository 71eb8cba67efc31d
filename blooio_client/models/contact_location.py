# Generated from openapi/ by `make generate`. Do not edit.
import datetime
from typing import ClassVar

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class ContactLocation(Model):
    """The last known location of a person who shares it with you"""

    _identity: ClassVar[str | None] = "handle"

    handle: str
    """Contact's phone number or email"""
    coordinates: list[float] | None = None
    """GPS coordinates [latitude, longitude]"""
    status: str | None = None
    """Location status (e.g., 'live', 'shallow', 'legacy')"""
    last_updated: datetime.datetime | None = None
    """Timestamp of last location update (epoch ms)"""
