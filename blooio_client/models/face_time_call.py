# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class FaceTimeCall(Model):
    """Response of callFaceTime: Initiate a FaceTime call (Coming Soon)."""

    link: str
    """Shareable FaceTime link"""
    success: bool | None = None
    """Whether it succeeded"""
    handle: str | None = None
    """The handle that was called"""
