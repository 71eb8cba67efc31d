# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class ChatSort(OpenEnum):
    """The parameter `sort`."""

    OLDEST = "oldest"
    RECENT = "recent"
