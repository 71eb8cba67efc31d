# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class SendStatus(OpenEnum):
    """SendStatus: one of the values below, or one that came after this version of the client."""

    FAILED = "failed"
    QUEUED = "queued"
