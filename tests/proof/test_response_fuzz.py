"""A hundred thousand malformed responses, read by both clients."""

from __future__ import annotations

import itertools
from collections import Counter
from random import Random

import pytest
from fuzz_cases import NAMES, keep, random_case
from fuzz_drive import Drive
from fuzz_settings import BOUNDED
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from blooio_client import errors

CASES = 100_000
BATCH = 5_000
"""The number of examples in one run of Hypothesis, which keeps each of them in memory."""


@pytest.mark.proof
def test_any_response_is_a_result_or_our_error() -> None:
    """For any response, both clients return the same usable result, or raise the same error of ours."""
    asked: Counter[str] = Counter()
    bounded = settings(BOUNDED, max_examples=BATCH, derandomize=False)

    with Drive() as drive:

        def run(random: Random) -> None:
            case = random_case(random)
            asked[case.operation] += 1
            try:
                drive.run(case)
            except Exception as error:
                error.add_note(f"kept as {keep(case, error)}")
                raise

        for batch in itertools.count():
            if drive.cases >= CASES:
                break
            seed(batch)(bounded(given(random=st.randoms(use_true_random=True))(run)))()

        ours = {name: count for name, count in drive.outcomes.items() if hasattr(errors, name)}
        results = drive.outcomes["result"]
        print(f"\n{drive.cases} responses, each read by both clients: {results} results, 0 foreign exceptions")
        for name, count in sorted(ours.items(), key=lambda each: -each[1]):
            print(f"  {name}: {count}")

    assert drive.cases >= CASES
    assert results + sum(ours.values()) == drive.outcomes.total()
    assert asked.keys() == set(NAMES)
