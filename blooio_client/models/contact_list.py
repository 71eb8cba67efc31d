# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.contact import Contact
from ..models.pagination import Pagination
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class ContactList(Model):
    """Response of listContacts: List contacts."""

    contacts: list[Contact]
    """The contacts of this page"""
    pagination: Pagination | None = None
    """The position of this page in the list; pagers use it for you"""
