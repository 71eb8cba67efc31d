"""Whatever the service answers: a result that can be used, or an error of ours."""

from __future__ import annotations

from random import Random

from fuzz_cases import keep, random_case
from fuzz_drive import Drive
from fuzz_settings import BOUNDED, RANDOMS
from hypothesis import given, settings

CASES = 300


@settings(BOUNDED, max_examples=CASES)
@given(random=RANDOMS)
def test_any_answer_is_a_result_or_our_error(drive: Drive, random: Random) -> None:
    """A response that was mutated in its structure, its bytes, its status and its headers raises nothing foreign."""
    case = random_case(random)
    try:
        drive.run(case)
    except Exception as error:
        error.add_note(f"kept as {keep(case, error)}")
        raise
