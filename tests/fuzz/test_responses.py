"""Any response yields a usable result or one of our errors."""

from __future__ import annotations

from random import Random

from fuzz_cases import keep, random_case
from fuzz_drive import Drive
from fuzz_settings import BOUNDED, RANDOMS
from hypothesis import given, settings

CASES = 300


@settings(BOUNDED, max_examples=CASES)
@given(random=RANDOMS)
def test_any_response_is_a_result_or_our_error(drive: Drive, random: Random) -> None:
    """A response with mutated structure, bytes, status and headers raises no foreign exception."""
    case = random_case(random)
    try:
        drive.run(case)
    except Exception as error:
        error.add_note(f"kept as {keep(case, error)}")
        raise
