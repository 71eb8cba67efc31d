# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class ReadStatus(OpenEnum):
    """The `status` of ReadReceipt."""

    READ = "read"
