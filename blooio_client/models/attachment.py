# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class Attachment(Model):
    """The `attachments` of Message."""

    url: str | None = None
    """The URL of the file"""
    name: str | None = None
    """The file's name"""
