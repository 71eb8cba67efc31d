# Generated from openapi/ by `make generate`. Do not edit.
from typing import ClassVar

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class ContactRef(Model):
    """The `contact` of Chat."""

    _identity: ClassVar[str | None] = "identifier"

    identifier: str
    """The phone number or email address"""
    contact_id: str | None = None
    """The contact's id"""
    name: str | None = None
    """The name, if there is one"""
