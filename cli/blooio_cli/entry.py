"""The entry point: check the extra and the arguments, then run the command."""

from __future__ import annotations

import io
import os
import re
import sys
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

MISSING_EXTRA: Final = 'the command blooio needs an extra: pip install "blooio-client[cli]"'
KEY_IN_ARGUMENTS: Final = """\
blooio: an argument looks like an API key or a signing secret, so nothing was run.
Other users of this machine can read arguments, and your shell keeps them in its history.
Treat it as leaked: replace it in the Blooio dashboard, then run `blooio login` or set BLOOIO_API_KEY."""
# The documented forms of API keys, OAuth tokens and signing secrets; shorter texts are words, such as `api_key`.
_SECRETS: Final = re.compile(r"\b(?:bl_(?:live|test)_|sk_(?:live|test)_|blo_at_|api_|whsec_)[A-Za-z0-9_-]{12,}")
_MIN_KEY: Final = 8


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: The arguments without the program's name. Defaults to those of this process.

    Returns:
        The exit code: 0 done, 1 not done, 2 usage, 3 outcome unknown, 4 sent but failed, 130 interrupted.
    """
    with ExitStack() as stack:
        _prepare_streams(stack)
        return _run(list(sys.argv[1:] if arguments is None else arguments))


def _run(given: list[str]) -> int:
    if any(find_spec(module) is None for module in ("typer", "rich")):
        return _fail(MISSING_EXTRA, 1)
    if any(looks_secret(argument) for argument in given):
        return _fail(KEY_IN_ARGUMENTS, 2)
    try:
        from .app import app

        app(given, prog_name="blooio")
    except KeyboardInterrupt:
        return 130
    except SystemExit as stopped:
        return stopped.code if isinstance(stopped.code, int) else 0
    return 0


def _prepare_streams(stack: ExitStack) -> None:
    """Replace closed streams, and print what the encoding of a stream lacks, such as an emoji, as an escape."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:  # closed, as in some daemons
            stack.callback(setattr, sys, name, None)
            nothing = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - the stack closes it
            setattr(sys, name, stack.enter_context(nothing))
        elif mode == "w" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def looks_secret(argument: str) -> bool:
    """Return whether an argument contains the key in use, or looks like an API key or a signing secret."""
    key = os.environ.get("BLOOIO_API_KEY", "").strip()
    return bool(_SECRETS.search(argument)) or (len(key) >= _MIN_KEY and key in argument)


def _fail(text: str, code: int) -> int:
    sys.stderr.write(text + "\n")
    return code
