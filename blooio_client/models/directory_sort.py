# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class DirectorySort(OpenEnum):
    """The parameter `sort`."""

    NAME_ASC = "name_asc"
    NAME_DESC = "name_desc"
    OLDEST = "oldest"
    RECENT = "recent"
