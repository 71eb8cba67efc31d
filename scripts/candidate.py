"""Make a release candidate from a new document, or say what prevents it.

python scripts/candidate.py DOCUMENT            # a path or a URL; `make candidate DOCUMENT=...` runs it
python scripts/candidate.py DOCUMENT --apply    # first removes from the overlay what the document now contains

Everything is tested in a temporary copy of the working tree, which changes only if everything succeeds.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the programs in openapi/ are not installed as a package

from openapi.build import build  # noqa: E402
from openapi.intake import read_document, read_overlay  # noqa: E402
from openapi.obsolete import applied  # noqa: E402
from openapi.problems import BuildError  # noqa: E402
from openapi.release import findings, markdown  # noqa: E402
from openapi.surface import differences  # noqa: E402
from openapi.todo import gaps  # noqa: E402
from openapi.update import listing, store  # noqa: E402
from openapi.wire import report  # noqa: E402

COPIED = "openapi", "scripts", "docs/reference"
FILES = "generator-config.yaml", "pyproject.toml", "docs/beyond.md"
WRITTEN = (
    "openapi/README.md",
    "sandbox/blooio_sandbox/openapi.json",
    "docs/reference/public-names.txt",
    "docs/beyond.md",
)
DOCUMENTS = "blooio-v2.json", "blooio-v2.pretty.json", "blooio-v2.published"
BUILT = Path("sandbox/blooio_sandbox/openapi.json")
NAMES = Path("docs/reference/public-names.txt")


class Stop(Exception):  # noqa: N818 - not every ending is an error
    """The candidate cannot be made; the message says why, and what to do."""


def candidate(source: str, today: datetime.date, *, is_applied: bool) -> str:
    """Make the candidate, and return its summary.

    Raises:
        BuildError: The document cannot be used, or the overlay does not fit it.
        Stop: The generated code does not work.
    """
    content = fetched(source)
    old, new = read_document((ROOT / "openapi" / "blooio-v2.json").read_bytes()), read_document(content)
    print(report(old, new), flush=True)
    overlay = read_overlay(edited(new, is_applied=is_applied))
    build(new, overlay, old)
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        copy_of_the_tree(tree)
        store(tree, content)
        must_run(tree, "the package cannot be generated", "scripts/generate.py")
        must_run(tree, "the table of additions cannot be written", "scripts/beyond.py")
        todo = checked(tree) if generated(tree) != generated(ROOT) else []  # the current code was checked before
        names = [(each / NAMES).read_text("utf-8").splitlines() for each in (ROOT, tree)]
        current, built = (json.loads((each / BUILT).read_bytes()) for each in (ROOT, tree))
        found = findings(
            old, new, overlay, python=differences(*names), todo=[*gaps(built, ROOT, current), *todo], version=version()
        )
        is_new = replace_all(tree)
    return written(found, old, new, today) if is_new else "\nThis is already the current document; nothing was changed."


def edited(document: Any, *, is_applied: bool) -> str:
    """Return the overlay; with APPLY=1, without what the document now contains."""
    path = ROOT / "openapi" / "overlay.yaml"
    text = path.read_text("utf-8")
    fresh, edits = applied(text, document)
    if not edits:
        return text
    if not is_applied:
        print(f"\nAPPLY=1 makes {len(edits)} edits to the overlay that need no decision:\n{listed(edits)}", flush=True)
        return text
    print(f"\nRemoved from the overlay:\n{listed(edits)}", flush=True)
    path.write_text(fresh, "utf-8")
    return fresh


def generated(tree: Path) -> dict[str, bytes]:
    """Return the generated package, and the document that it was generated from."""
    files = [*(tree / "blooio_client").rglob("*.py"), tree / "sandbox" / "blooio_sandbox" / "openapi.json"]
    return {path.relative_to(tree).as_posix(): path.read_bytes() for path in files}


def checked(tree: Path) -> list[str]:
    """Check the generated code, in parallel, and return the problems of hand-written code.

    Raises:
        Stop: The generated code does not work.
    """
    with ThreadPoolExecutor() as pool:
        types = pool.submit(typed, tree)
        must_run(tree, "the generated code does not work", "scripts/exercise.py")
        must_run(tree, "the public names cannot be listed", "scripts/public_names.py")
        return types.result()


def fetched(source: str) -> bytes:
    """Return the content of a path, or of a URL."""
    try:
        if not source.startswith(("http://", "https://")):
            return Path(source).read_bytes()
        return httpx.get(source, follow_redirects=True, timeout=30).raise_for_status().content
    except OSError as error:
        raise BuildError([f"{source} cannot be read: {error.strerror}. Give the path or the URL of a file."]) from None
    except httpx.HTTPError as error:
        raise BuildError(
            [f"{source} cannot be fetched: {error}. Open it in a browser, and save it to a file."]
        ) from None


def packages() -> list[str]:
    """Return the folders of the packages in the wheel."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return list(settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])


def copy_of_the_tree(tree: Path) -> None:
    """Copy the files that generation and its checks read."""
    for name in (*COPIED, *packages()):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, tree / name)


def run(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the temporary tree, without access to the packages of this tree."""
    places = os.pathsep.join(str((tree / name).parent) for name in packages())
    environment = {**os.environ, "PYTHONPATH": places, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, encoding="utf-8", check=False)


def must_run(tree: Path, failure: str, *arguments: str) -> None:
    """Run a program in the temporary tree.

    Raises:
        Stop: It failed; the message has its last lines, without a traceback.
    """
    done = run(tree, *arguments)
    if done.returncode:
        lines = f"{done.stdout}{done.stderr}".replace(str(tree), "").strip().splitlines()
        kept = [line for line in lines if not line.startswith(("Traceback", "  ", "The above", "During")) and line]
        raise Stop(f"{failure}. Remove what it names in the overlay, or support it in the templates:\n" + listed(kept))


def listed(lines: list[str]) -> str:
    """Return at most twenty lines as a list."""
    return "\n".join(f"- {line}" for line in lines[-20:])


def typed(tree: Path) -> list[str]:
    """Check the types, and return the problems of hand-written code.

    Raises:
        Stop: The generated code itself is wrong.
    """
    cache = str(ROOT / ".mypy_cache" / "candidate")
    done = run(tree, "-m", "mypy", "--strict", "--cache-dir", cache, "--no-error-summary", "blooio_client")
    errors = [line for line in done.stdout.splitlines() if ": error: " in line]
    if generated := [line for line in errors if line.startswith("blooio_client")]:
        raise Stop("the generated code has wrong types. Remove what it names in the overlay:\n" + listed(generated))
    if done.returncode and not errors:
        raise Stop("the types cannot be checked:\n" + listed(f"{done.stdout}{done.stderr}".strip().splitlines()))
    return [f"fix the type: {line}" for line in errors]


def version() -> str:
    """Return the version of this tree."""
    text = (ROOT / "overrides" / "blooio_overrides" / "_version.py").read_text("utf-8")
    (found,) = re.findall(r'^__version__ = "([\d.]+)"', text, re.MULTILINE)
    return str(found)


def replace_all(tree: Path) -> bool:
    """Replace the current files with the new ones, and return whether the document changed."""
    published = ROOT / "openapi" / "blooio-v2.json"
    is_new = published.read_bytes() != (tree / "openapi" / published.name).read_bytes()
    shutil.rmtree(ROOT / "blooio_client")
    shutil.copytree(tree / "blooio_client", ROOT / "blooio_client", ignore=shutil.ignore_patterns("__pycache__"))
    for name in (*WRITTEN, *(f"openapi/{each}" for each in DOCUMENTS)):
        if (tree / name).exists():
            (ROOT / name).unlink(missing_ok=True)  # it may be read-only
            shutil.copyfile(tree / name, ROOT / name)
        else:
            (ROOT / name).unlink(missing_ok=True)
    return is_new


def written(found: dict[str, Any], old: Any, new: Any, today: datetime.date) -> str:
    """Write the report, and return what is left to do."""
    folder = ROOT / "openapi" / "changes"
    folder.mkdir(exist_ok=True)
    name = f"openapi/changes/{today.isoformat()}"
    (ROOT / f"{name}.md").write_text(markdown(found, old, new), "utf-8")
    (ROOT / f"{name}.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
    todo = "".join(f"\n- {line}" for line in found["todo"]) or " nothing."
    return f"\nSuggested version: {found['suggested_version']}. The report is {name}.md.\nTo do:{todo}"


def main(arguments: list[str]) -> str | None:
    """Make the candidate; a returned message goes to stderr with exit status 1."""
    sources = [each for each in arguments if each != "--apply"]
    if len(sources) != 1:
        return (
            "usage: make candidate DOCUMENT=path or URL, with APPLY=1 to edit the overlay where that needs no decision"
        )
    is_applied = "--apply" in arguments
    others = " but the overlay" if is_applied else ""
    today = datetime.datetime.now(tz=datetime.UTC).date()
    try:
        print(candidate(sources[0], today, is_applied=is_applied))
    except BuildError as error:
        return listing(f"\nNo candidate was made, and nothing{others} was changed. To fix", error)
    except Stop as error:
        return f"\nNo candidate was made, and nothing{others} was changed: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
