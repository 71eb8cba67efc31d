"""The start-up time of the command `blooio`, compared with an import of the client."""

from __future__ import annotations

from functools import partial
from typing import Final

from benchmarks.harness import OURS, Row, at_most, in_turns, medians
from benchmarks.processes import seconds

BUDGET: Final = 2.0
IMPORT: Final = "import only"
IMPORTING: Final = "import blooio_client; blooio_client.Blooio"
COMMAND: Final = """
import os, sys
from blooio_cli.entry import main
sys.stdout = open(os.devnull, "w")
main({arguments})
"""
COMPLETION: Final = {"_BLOOIO_COMPLETE": "complete_bash", "COMP_WORDS": "blooio outbox ru", "COMP_CWORD": "2"}
WORKS: Final = {
    "blooio --help": COMMAND.format(arguments=["--help"]),
    "blooio send --help": COMMAND.format(arguments=["send", "--help"]),
    "blooio, completing a word": f"import os; os.environ.update({COMPLETION})\n" + COMMAND.format(arguments=[]),
}


def rows(url: str) -> list[Row]:
    """Measure commands that a shell runs many times a day; nothing is sent."""
    del url
    return [started(work, program) for work, program in WORKS.items()]


def started(work: str, program: str) -> Row:
    """Measure one start."""
    taken = in_turns({IMPORT: partial(seconds, IMPORTING, ""), OURS: partial(seconds, program, "")})
    return Row(f"process: {work}", "ms", medians(taken, 1e3), (at_most(taken, BUDGET, IMPORT),))
