# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class FaceTimeCallRequest(Model):
    """Body of callFaceTime: Initiate a FaceTime call (Coming Soon)."""

    handle: str
    """Phone number (E.164) or email address to call"""
