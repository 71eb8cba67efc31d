# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import UNSET, Model, Unset


@define(kw_only=True, eq=False, repr=False)
class OutgoingAttachment(Model):
    """The `attachments` of SendMessageRequest."""

    url: str
    """The URL of the file"""
    name: str | Unset = UNSET
    """The name of the file for the recipient; Blooio chooses one if there is none"""
