"""Derive the sync code in every `_sync` folder from the async code in `_async` next to it.

python scripts/derive.py            # write
python scripts/derive.py --check    # only list what is out of date
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = [ROOT / "overrides" / "blooio_overrides" / "_async", ROOT / "tests" / "_async"]
RULES = {
    r"await resolved\((\w+\(\))\)": r"\1",
    r"\bAsync(?=[A-Z])": "",
    r"\basync (?=def|for|with)": "",
    r"\bawait ": "",
    r"\basynccontextmanager\b": "contextmanager",
    r"\basynchronous\b": "synchronous",
    r"\bAwaitable\[(\w+)\]": r"\1",
    r"\baclose\b": "close",
    r"\baread\b": "read",
    r"\baiter_raw\b": "iter_raw",
    r"\bhandle_async_request\b": "handle_request",
    r"\baclosing\b": "closing",
    r"\banext\b": "next",
    r"\b__aenter__\b": "__enter__",
    r"\b__aexit__\b": "__exit__",
    r"\b__aiter__\b": "__iter__",
    r"\bApiKey\b": "SyncApiKey",
    r"\bAn async client\b": "A sync client",
    r"or a sync or async function that": "or a function that",
    r"many tasks and threads": "many threads",
    r"raises or is cancelled": "raises",
    r"your task may be cancelled or restarted": "your program may be restarted",
    r"\(NotAwaitable, ": "(",
    r"\npytestmark = pytest\.mark\.anyio\n": "",
}


def derived(used: set[str]) -> dict[Path, str]:
    """Return the sync version of every file, and record which rules were used."""
    sources = [source for package in PACKAGES for source in sorted(package.glob("*.py"))]
    with tempfile.TemporaryDirectory() as folder:
        drafts = [Path(folder) / f"twin_{number}.py" for number in range(len(sources))]
        for source, draft in zip(sources, drafts, strict=True):
            draft.write_text(plain(source.read_text("utf-8"), used), "utf-8")
        ruff("check", "--fix", "--select=I,F401", "--exit-zero", folder)
        ruff("format", folder)
        heading = "# Derived from ../_async/{} by `make derive`. Do not edit.\n"
        return {
            source.parent.with_name("_sync") / source.name: heading.format(source.name) + draft.read_text("utf-8")
            for source, draft in zip(sources, drafts, strict=True)
        }


def plain(text: str, used: set[str]) -> str:
    """Return async code as sync code."""
    for pattern, replacement in RULES.items():
        text, count = re.subn(pattern, replacement, text)
        used |= {pattern} if count else set()
    return text


def ruff(command: str, *arguments: str) -> None:
    """Run ruff with the project's configuration."""
    options = "--quiet", "--no-cache", "--config", "pyproject.toml"
    subprocess.run([sys.executable, "-m", "ruff", command, *options, *arguments], check=True, cwd=ROOT)


def main(*, check: bool) -> int:
    """Write or compare every derived file, and fail if a rule is unused."""
    used: set[str] = set()
    twins = derived(used)
    existing = {twin for package in PACKAGES for twin in package.with_name("_sync").glob("*.py")}
    stale = [twin for twin, text in twins.items() if twin not in existing or twin.read_text("utf-8") != text]
    orphans = sorted(existing - twins.keys())
    for twin in [*stale, *orphans]:
        print("out of date:" if check else "derived:", twin.relative_to(ROOT))
        if not check:
            _put(twin, twins.get(twin))
    unused = RULES.keys() - used
    for rule in unused:
        print("unused rule:", rule)
    return int(bool(unused or (check and (stale or orphans))))


def _put(twin: Path, text: str | None) -> None:
    if text is None:
        twin.unlink()
        return
    twin.parent.mkdir(exist_ok=True)
    twin.write_text(text, "utf-8")


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
