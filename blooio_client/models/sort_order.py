# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class SortOrder(OpenEnum):
    """The parameter `sort`."""

    ASC = "asc"
    DESC = "desc"
