# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class SendStatus(OpenEnum):
    """The `status` of AcceptedMessage."""

    FAILED = "failed"
    QUEUED = "queued"
