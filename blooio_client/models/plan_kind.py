# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class PlanKind(OpenEnum):
    """The `plan_kind` of Device."""

    DEDICATED = "dedicated"
    INBOUND = "inbound"
    SHARED = "shared"
    TRIAL = "trial"
    VALUE_2FA = "2fa"
