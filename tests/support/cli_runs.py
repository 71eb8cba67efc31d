"""Run the command `blooio`: in this process, which is fast, or in a pipe or on a terminal, as users do."""

from __future__ import annotations

import fcntl
import io
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any, Final, Self
from unittest import mock

import attrs
import typer.main

from blooio_cli.entry import main

COMMAND: Final = (sys.executable, "-m", "blooio_client")
PATIENCE: Final = 30.0
"""Seconds after which a test gives up."""
# A new session has no controlling terminal, so Ctrl-C on it would not reach the command.
_ON_TERMINAL: Final = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


# typer builds all commands at each start, which takes longer than most of them, so they are built once.
_build: Final = typer.main.get_command


@cache
def _built(app: typer.Typer, _detection: str | None) -> Any:
    return _build(app)


def _command_of(app: typer.Typer) -> Any:
    # Building the commands depends on this variable.
    return _built(app, os.environ.get("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION"))


@attrs.frozen
class Result:
    """The result of a run."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines on stdout."""
        return self.out.splitlines()

    @property
    def objects(self) -> list[Any]:
        """The JSON objects on stdout, one per line."""
        return [json.loads(line) for line in self.lines]


@attrs.frozen
class Cli:
    """The command, with its own environment and working directory."""

    environment: Mapping[str, str]
    folder: Path

    def __call__(self, *arguments: str, typed: str = "", **variables: str | None) -> Result:
        """Run the command in this process, as in a pipe; a variable set to None is unset."""
        return self._run(arguments, typed, io.StringIO, self.variables(**variables))

    def on_screen(self, *arguments: str, typed: str = "", **variables: str | None) -> Result:
        """Run the command in this process, as on a terminal of 100 columns, with typed input."""
        size = {"TERM": "xterm", "COLUMNS": "100", "LINES": "40"}
        return self._run(arguments, typed, _Screen, self.variables(**size, **variables))

    def _run(
        self, arguments: Sequence[str], typed: str, kind: type[io.StringIO], environment: Mapping[str, str]
    ) -> Result:
        out, err = kind(), kind()
        with (
            mock.patch.dict(os.environ, environment, clear=True),
            mock.patch.object(sys, "stdin", kind(typed)),
            mock.patch.object(typer.main, "get_command", _command_of),
            redirect_stdout(out),
            redirect_stderr(err),
            chdir(self.folder),
        ):
            code = main(arguments)
        return Result(code, out.getvalue(), err.getvalue())

    def process(self, *arguments: str, typed: str = "", **variables: str | None) -> Result:
        """Run the command as a process, in a pipe."""
        done = subprocess.run(
            [*COMMAND, *arguments],
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            env=self.variables(**variables),
            cwd=self.folder,
            timeout=PATIENCE,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    @contextmanager
    def start(self, *arguments: str, **variables: str | None) -> Generator[subprocess.Popen[str]]:
        """Start the command in a pipe; at the end of the block, it is killed."""
        with subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.variables(**variables),
            cwd=self.folder,
        ) as process:
            try:
                yield process
            finally:
                process.kill()  # otherwise a failing test would wait for it forever

    def on_terminal(self, *arguments: str, **variables: str | None) -> Terminal:
        """Start the command on a terminal."""
        return Terminal([*COMMAND, *arguments], self.variables(TERM="xterm", **variables), self.folder)

    def variables(self, **variables: str | None) -> dict[str, str]:
        """Return the environment with some variables changed."""
        merged = {**self.environment, **variables}
        return {name: value for name, value in merged.items() if value is not None}


class _Screen(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        """Return True."""
        return True


def without_codes(raw: str) -> str:
    """Return the output of a terminal without escape codes."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", raw).replace("\r\n", "\n")


class Terminal:
    """A process on a pseudo-terminal of 100 columns, and its input."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self._main, end = pty.openpty()
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-c", _ON_TERMINAL, *command],
            stdin=end,
            stdout=end,
            stderr=end,
            start_new_session=True,
            env=dict(environment),
            cwd=folder,
        )
        os.close(end)
        self.raw = ""

    @property
    def text(self) -> str:
        """Return the output so far, without escape codes."""
        return without_codes(self.raw)

    def wait_for(self, words: str) -> None:
        """Read until a text was printed."""
        self._read(lambda: words in self.text)
        assert words in self.text, f"not printed: {words!r}; but: {self.text!r}"

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._main, keys.encode())

    def ended(self) -> int:
        """Read until the process ends, and return its exit code."""
        self._read(lambda: False)
        return self.process.wait(PATIENCE)

    def _read(self, is_enough: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not is_enough() and (left := until - time.monotonic()) > 0:
            if select.select([self._main], [], [], left)[0]:
                try:
                    read = os.read(self._main, 65536)
                except OSError:  # Linux reports a closed terminal like this
                    return
                if not read:
                    return
                self.raw += read.decode(errors="replace")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._main)
