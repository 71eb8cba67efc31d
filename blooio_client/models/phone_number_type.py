# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class PhoneNumberType(OpenEnum):
    """PhoneNumberType: one of the values below, or one that came after this version of the client."""

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
