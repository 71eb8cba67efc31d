# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class DirectorySort(OpenEnum):
    """DirectorySort: one of the values below, or one that came after this version of the client."""

    NAME_ASC = "name_asc"
    NAME_DESC = "name_desc"
    OLDEST = "oldest"
    RECENT = "recent"
