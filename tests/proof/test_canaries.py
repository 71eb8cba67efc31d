"""Canaries in every operation, with every outcome, in sync and async, with our transport and the user's HTTP client."""

from __future__ import annotations

import gc

import pytest
from canaries import SECRETS, Search
from canary_runs import ASKS, CALLED, ENDINGS, Runs, parts_of

from blooio_client import AsyncBlooio, Blooio


def run_all(runs: Runs) -> None:
    """Call every operation with every outcome, in every mode."""
    for mode in CALLED:
        for own in (False, True):
            for operation in ASKS:
                runs.success(mode, operation, own=own)
                for ending in ENDINGS:
                    runs.failure(mode, operation, ending, own=own)


def show_all(search: Search) -> None:
    """Search what clients show without sending anything."""
    clients: list[Blooio | AsyncBlooio] = [Blooio(SECRETS["API key"]), AsyncBlooio(SECRETS["API key"])]
    for client in clients:
        for part in parts_of(client):
            search.shown("parts of a client", part)
            search.pickles("parts of a client", part)


@pytest.mark.proof
def test_no_canary_is_found_anywhere() -> None:
    """Secrets are found nowhere, and private content is in no log record, error, client or conversation."""
    runs = Runs()
    with runs.server, runs.search.listening():
        run_all(runs)
        gc.collect()
    show_all(runs.search)
    calls = sum(runs.outcomes.values())
    print(f"\n{calls:,} calls of {len(ASKS)} kinds, ended as {dict(sorted(runs.outcomes.items()))}; places searched:")
    print(runs.search.report())

    assert runs.search.found == []
    assert calls == len(CALLED) * 2 * len(ASKS) * (1 + len(ENDINGS))
