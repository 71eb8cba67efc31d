# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class Capabilities(Model):
    """The `capabilities` of ContactCapabilities."""

    imessage: bool | None = None
    """Whether iMessage is available"""
    sms: bool | None = None
    """Whether SMS is available (phone only)"""
    facetime: bool | None = None
    """Whether FaceTime is available"""
