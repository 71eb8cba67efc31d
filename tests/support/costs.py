"""What the client costs, counted in a fresh process and compared with committed figures.

python tests/support/costs.py           # write the figures of this version of Python into tests/guards/figures.json
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
ROOMS: Final = (ROOT, ROOT / "overrides")
OURS: Final = ("blooio_client", "blooio_overrides")
PROBE: Final = Path(__file__).with_name("cost_probe.py")
FIGURES: Final = ROOT / "tests" / "guards" / "figures.json"
VERSION: Final = f"{sys.version_info.major}.{sys.version_info.minor}"
TOLERANCE: Final = 0.10

# What nobody who imports the client and sends a message shall wait for.
_NEVER: Final = (
    *(
        "pydantic",
        "pydantic_core",
        "msgspec",
        "dateutil",
        "jsonschema",
        "jsonschema_rs",
        "phonenumbers",
        "yaml",
        "multipart",
    ),
    *(
        "starlette",
        "uvicorn",
        "fastapi",
        "flask",
        "django",
        "requests",
        "rich",
        "click",
        "typer",
        "pygments",
        "sqlite3",
    ),
    *("asyncio", "multiprocessing", "concurrent.futures", "unittest", "pdb", "xml", "blooio_sandbox"),
)
DENIED: Final[Mapping[str, Sequence[str]]] = {
    "import": (*_NEVER, "httpx", "httpcore", "anyio", "h11", "ssl", "socket", "http", "email", "blooio_client.models"),
    "send": (*_NEVER, "httpx", "urllib.request", "http", "email"),
}
# The package of the models loads none of them; it is what makes them load one by one.
ALLOWED: Final = frozenset({"blooio_client.models"})


@dataclass(frozen=True)
class Costs:
    """What was counted."""

    modules: Mapping[str, Sequence[str]]
    """Which modules are loaded, after each step."""
    opcodes: Mapping[str, int]
    """How many instructions of our own code each path takes."""

    @property
    def figures(self) -> dict[str, dict[str, int]]:
        """What is committed."""
        return {"modules": {step: len(names) for step, names in self.modules.items()}, "opcodes": dict(self.opcodes)}


def measure(url: str, first: Iterable[Path] = ()) -> Costs:
    """Count in a fresh process; packages in the folders of `first` stand in for those of the same name."""
    searched = [*first, *ROOMS]
    folders = [found_in(searched, package) for package in OURS]
    site = [sysconfig.get_path(kind) for kind in ("purelib", "platlib")]
    environment = {"PYTHONPATH": os.pathsep.join([*map(str, searched), *site]), "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-S", "-P", str(PROBE), url, *folders]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    counted: dict[str, Any] = json.loads(done.stdout)
    return Costs(**counted)


def found_in(folders: Iterable[Path], package: str) -> str:
    """Return the folder of a package, as the names of its files begin."""
    return str(next(folder / package for folder in folders if (folder / package).is_dir())) + os.sep


@contextmanager
def server() -> Generator[str]:
    """Run the server of the benchmarks, and give its URL."""
    command = [sys.executable, "-S", "-m", "benchmarks.server"]
    with subprocess.Popen(
        command, cwd=ROOT, env={}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.stdin.close()


def complaints(costs: Costs, committed: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Return what is wrong with costs: modules that must not be loaded, and figures that are not those committed."""
    return [*denied_of(costs), *(line for kind in ("modules", "opcodes") for line in strayed(costs, committed, kind))]


def denied_of(costs: Costs) -> list[str]:
    """Return which modules are loaded that must not be."""
    return [
        f"{step}: loads {name}"
        for step, names in costs.modules.items()
        for name in names
        if name not in ALLOWED and is_denied(name, DENIED[step])
    ]


def is_denied(module: str, denied: Iterable[str]) -> bool:
    """Whether a module is one of some packages, or inside of one."""
    return any(module == name or module.startswith(f"{name}.") for name in denied)


def strayed(costs: Costs, committed: Mapping[str, Mapping[str, int]], kind: str) -> list[str]:
    """Return which figures of a kind are not within the tolerance of those committed, or have none."""
    counted, known = costs.figures[kind], committed[kind]
    return [
        f"{name}: {counted.get(name)} {kind}, and {known.get(name)} are committed; "
        "where that is as it should be, write the figures anew with `make costs`"
        for name in sorted({*counted, *known})
        if not is_near(counted.get(name), known.get(name))
    ]


def is_near(counted: int | None, known: int | None) -> bool:
    """Whether a figure is within the tolerance of the one committed."""
    return counted is not None and known is not None and abs(counted - known) <= TOLERANCE * known


def committed_figures() -> dict[str, dict[str, dict[str, int]]]:
    """Return the figures of all versions of Python."""
    figures: dict[str, dict[str, dict[str, int]]] = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    return figures


def main() -> None:
    """Count, and write the figures of this version of Python."""
    with server() as url:
        costs = measure(url)
    figures = {**committed_figures(), VERSION: costs.figures}
    FIGURES.write_text(json.dumps(dict(sorted(figures.items())), indent=2) + "\n")
    print(f"Python {VERSION}: {json.dumps(costs.figures)}")
    sys.exit("\n".join(denied_of(costs)) or None)


if __name__ == "__main__":
    main()
