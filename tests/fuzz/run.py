"""A longer fuzzing run, outside the tests: each target gets a share of the time, in its own process.

python tests/fuzz/run.py SECONDS            # every target; writes what it finds to tests/fuzz/seeds/
python tests/fuzz/run.py SECONDS TARGET     # one of them, in this process
"""

from __future__ import annotations

import contextlib
import importlib
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from fuzz_cases import Case
    from fuzz_targets import Target

TARGETS: Final = ("response", "webhook", "identifier", "retry_header")
MAX_LENGTH: Final = 20_000
"""The maximum number of bytes of an input."""
_FIGURES: Final = re.compile(r"#(\d+)\s+(?:DONE|REDUCE|NEW|pulse)\s+cov: (\d+)")


def _atheris() -> Any:
    try:
        return importlib.import_module("atheris")
    except ImportError:
        return None


def main(seconds: str, target: str | None = None) -> int:
    """Fuzz; return 1 if anything was found."""
    if target is not None:
        return _one(target, int(seconds))
    share = max(1, int(seconds) // len(TARGETS))
    if _atheris() is None:
        print("atheris is not installed: inputs are mutated at random, without coverage")
    return max([_in_a_process(each, share) for each in TARGETS])


def _in_a_process(target: str, seconds: int) -> int:
    done = subprocess.run(
        [sys.executable, __file__, str(seconds), target], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    said = done.stdout.decode(errors="replace")
    runs, coverage = (_FIGURES.findall(said) or [("0", "0")])[-1]
    ended = "found something" if done.returncode else "clean"
    print(f"{target}: {seconds} s, {runs} inputs, coverage {coverage}, {ended}", flush=True)
    if done.returncode:
        print(said[-6000:])
    return int(done.returncode != 0)


def _one(target: str, seconds: int) -> int:
    atheris = _atheris()
    # Only our own code guides the search, so it must be imported here.
    with contextlib.nullcontext() if atheris is None else _instrumented(atheris):
        from fuzz_drive import Drive
        from fuzz_targets import targets

    with Drive() as drive, tempfile.TemporaryDirectory() as folder:
        run = _keeping(target, targets(drive)[target])
        corpus = _corpus(target, Path(folder))
        if atheris is None:
            return _at_random(target, run, corpus, seconds)
        options = [f"-max_total_time={seconds}", f"-max_len={MAX_LENGTH}", "-timeout=60", "-rss_limit_mb=4096"]
        atheris.Setup(
            [sys.argv[0], *options, f"-artifact_prefix={folder}/", folder], run, custom_mutator=_guided(atheris, target)
        )
        atheris.Fuzz()
    return 0


def _instrumented(atheris: Any) -> Any:
    return atheris.instrument_imports(include=["blooio_overrides", "blooio_client"])


def _keeping(target: str, run: Target) -> Target:
    from fuzz_targets import keep_found

    def keeping(data: bytes) -> None:
        try:
            run(data)
        except Exception as error:
            print(f"kept as {keep_found(target, data, error)}", flush=True)
            raise

    return keeping


def _corpus(target: str, folder: Path) -> list[bytes]:
    """Write the initial corpus of a target, and return it."""
    from fuzz_cases import random_case, seeds
    from fuzz_targets import bytes_of

    kept = [bytes_of(path.read_text("ascii")) for path in seeds()]
    corpus = [data for of, data in kept if of == target]
    if target == "response":
        random = Random(1)  # noqa: S311 - a seed makes the run repeatable
        corpus += [random_case(random).as_bytes() for _ in range(300)]
    for number, data in enumerate(corpus):
        (folder / str(number)).write_bytes(data)
    return corpus


def _guided(atheris: Any, target: str) -> Callable[[bytes, int, int], bytes]:
    """Mutate the structure of half of the inputs, and leave the others to the fuzzer."""

    def mutate(data: bytes, largest: int, seed: int) -> bytes:
        random = Random(seed)  # noqa: S311 - the fuzzer's seed
        if random.random() < 0.5:
            changed: bytes = atheris.Mutate(data, largest)
            return changed
        return _changed(target, data, random)[:largest]

    return mutate


def _changed(target: str, data: bytes, random: Random) -> bytes:
    from fuzz_cases import Case, with_another_body, with_another_head

    if target == "response":
        changes = (with_another_body, with_another_head, _another)
        case = Case.of_bytes(data)
        return random.choice(changes)(case, random).as_bytes()
    head, blank, body = data.partition(b"\n\n")
    if target == "webhook" and blank:
        return head + blank + with_another_body(Case("getMe", 200, (), body), random).body
    at = random.randrange(len(data) + 1)
    return data[:at] + random.randbytes(random.randrange(4)) + data[at + random.randrange(3) :]


def _another(case: Case, random: Random) -> Case:
    from fuzz_cases import random_case

    del case
    return random_case(random)


def _at_random(target: str, run: Target, corpus: list[bytes], seconds: int) -> int:
    random, ends_at, number = Random(), time.monotonic() + seconds, 0  # noqa: S311 - not a secret
    while time.monotonic() < ends_at:
        number += 1
        run(_changed(target, random.choice(corpus), random))
    print(f"#{number} DONE cov: 0")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
