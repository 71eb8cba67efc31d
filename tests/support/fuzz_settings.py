"""The settings of hypothesis: reproducible examples, bodies of any size, no deadline."""

from __future__ import annotations

from typing import Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

BOUNDED: Final = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example),
)
RANDOMS: Final = st.randoms(use_true_random=False)
"""A source of randomness whose choices Hypothesis can shrink."""
