from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.openapi.conftest import Workspace

GENERATE = "scripts/generate.py"


@pytest.mark.proof
def test_deterministic(workspace: Workspace) -> None:
    """Generation writes the package byte for byte, whatever PYTHONHASHSEED."""
    codes = dict[str, tuple[int, str]]()

    def check(seed: str) -> None:
        done = workspace.process(GENERATE, "--check", hash_seed=seed)
        codes[seed] = done.returncode, done.stdout + done.stderr

    checks = [threading.Thread(target=check, args=(seed,)) for seed in ("1", "4294967295")]
    for each in checks:
        each.start()
    for each in checks:
        each.join()

    assert codes == {"1": (0, ""), "4294967295": (0, "")}


@pytest.mark.proof
@pytest.mark.parametrize(
    ("name", "old", "new", "stale"),
    [
        ("openapi/overlay.yaml", "title: Usage}", "title: Usuge}", "blooio_client/models/usuge.py"),
        (
            "openapi/blooio-v2.json",
            "Get current authentication",
            "Got current authentication",
            "blooio_client/calls.py",
        ),
    ],
)
def test_check_of_inputs(workspace: Workspace, name: str, old: str, new: str, stale: str) -> None:
    """Changing one character of the overlay or the document fails the check, which lists the outdated files."""
    workspace.replace_once(name, old, new)

    done = workspace.run(GENERATE, "--check")

    assert (done.returncode, done.stdout) == (1, "")
    assert "not as `make generate` writes it: " in done.stderr
    assert stale in done.stderr


def test_check_of_outputs(workspace: Workspace) -> None:
    """Changing one character of the package, or adding a file, fails the check."""
    workspace.replace_once("blooio_client/models/message.py", "time_sent", "time_scnt")
    (workspace.root / "blooio_client" / "stray.py").touch()

    done = workspace.run(GENERATE, "--check")

    stale = "not as `make generate` writes it: blooio_client/models/message.py, blooio_client/stray.py\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", stale)


def test_stops(workspace: Workspace) -> None:
    """If generation stops, it changes nothing and says what to fix."""
    workspace.replace_once("openapi/overlay.yaml", "{title: Usage}", "{titl: Usage}")
    before = (workspace.root / "blooio_client" / "calls.py").stat()

    done = workspace.run(GENERATE)

    assert done.returncode == 1
    assert "overlay.yaml does not fit blooio-v2.json. To fix:\n- /components/schemas/MeResponse" in done.stderr
    assert before == Path(workspace.root / "blooio_client" / "calls.py").stat()
