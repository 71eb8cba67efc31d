"""For every test: an environment without the settings and proxies of the machine."""

from __future__ import annotations

import gc
import os
import signal

import hypothesis
import pytest

# The same few examples in each run; `make proof` runs many more. No test limits the time of an example.
hypothesis.settings.register_profile("quick", max_examples=25, deadline=None, database=None, derandomize=True)
hypothesis.settings.register_profile("full", max_examples=500, deadline=None, database=None)
hypothesis.settings.load_profile("quick")

# In the background, as with `nohup make test &`, a shell has its processes ignore Ctrl-C. The programs that tests
# interrupt would inherit that, and never end.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith("BLOOIO_"):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _time_to_connect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no attempt fail because the machine pauses while it connects; only the timeout of a call limits that."""
    monkeypatch.setattr("blooio_overrides._io.wire.CONNECT_LIMIT", 60.0)


gc.disable()  # until all tests are collected: with it, collecting them takes a fifth longer


def pytest_collection_finish() -> None:
    """Hide the collected tests from the garbage collector, which spends a third of some tests on them."""
    gc.collect()
    gc.freeze()
    gc.enable()
