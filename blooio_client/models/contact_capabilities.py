# Generated from openapi/ by `make generate`. Do not edit.
import datetime

from attrs import define

from ..models.capabilities import Capabilities
from ..models.contact_type import ContactType
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class ContactCapabilities(Model):
    """Response of getContactCapabilities: Check contact capabilities."""

    capabilities: Capabilities
    """The channels that reach this contact"""
    contact: str | None = None
    """Normalized contact identifier"""
    type: ContactType | None = None
    """The kind, such as `phone` or `email`"""
    last_checked: datetime.datetime | None = None
    """Timestamp when capabilities were checked"""
