# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class ReadStatus(OpenEnum):
    """The field status of ReadReceipt."""

    READ = "read"
