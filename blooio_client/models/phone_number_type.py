# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class PhoneNumberType(OpenEnum):
    """The `type` of PhoneNumberLookup."""

    FIXED_LINE = "FIXED_LINE"
    FIXED_LINE_OR_MOBILE = "FIXED_LINE_OR_MOBILE"
    MOBILE = "MOBILE"
    PAGER = "PAGER"
    PERSONAL_NUMBER = "PERSONAL_NUMBER"
    PREMIUM_RATE = "PREMIUM_RATE"
    SHARED_COST = "SHARED_COST"
    TOLL_FREE = "TOLL_FREE"
    UAN = "UAN"
    VOICEMAIL = "VOICEMAIL"
    VOIP = "VOIP"
