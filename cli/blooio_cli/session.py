"""What all commands share: common options, the client, confirmation prompts, and exit codes."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec, Self, cast

import typer

from . import profiles
from .exits import DONE, INTERRUPTED, KEY_OPTION, NOT_DONE, SENT_BUT, Failure, failure_of, retry_advice
from .output import Output, UnwritableError

if TYPE_CHECKING:
    from blooio_client import Blooio, Call

    from .unknown_sends import Attempt

P = ParamSpec("P")

JSON = Annotated[bool, typer.Option("--json", help="Print JSON, one object per line.")]
PROFILE = Annotated[str | None, typer.Option("--profile", metavar="NAME", help="Use a key stored by `blooio login`.")]
YES = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before reaching more than one person.")]


def reasonable(value: float | None) -> float | None:
    """Reject NaN, infinity, and numbers too large for a clock."""
    if value is not None and not value <= 100_000_000:  # noqa: PLR2004 - three years of seconds
        raise typer.BadParameter("expected a number up to 100,000,000")
    return value


def command(
    app: typer.Typer,
    name: str | None = None,
    *,
    examples: Iterable[str],
    prints: str,
    kind: str = "read",
    dry_run: str = "Print the request as curl and Python; send nothing.",
) -> Callable[[Callable[Concatenate[Session, P], None]], Callable[Concatenate[Session, P], None]]:
    """Turn a function whose first argument is the session into a command.

    Args:
        app: The app to add it to.
        name: The command's name. Defaults to the function's.
        examples: Command lines for its help. The tests run them.
        prints: Describes the output of `--json`, for its help.
        kind: `read`, `write` (has `--dry-run`), or `reach`, which reaches people (has `--yes`, too).
        dry_run: Describes `--dry-run`, for its help.
    """
    shared: dict[str, Any] = {"as_json": JSON, "profile": PROFILE}
    if kind != "read":
        shared["dry_run"] = Annotated[bool, typer.Option("--dry-run", help=dry_run)]
    if kind == "reach":
        shared["yes"] = YES

    def register(function: Callable[Concatenate[Session, P], None]) -> Callable[Concatenate[Session, P], None]:
        signature = inspect.signature(function, eval_str=True)
        own = list(signature.parameters.values())[1:]
        imposed = [
            inspect.Parameter(
                each, inspect.Parameter.KEYWORD_ONLY, default=None if each == "profile" else False, annotation=kind_of
            )
            for each, kind_of in shared.items()
        ]

        def run(**given: Any) -> None:
            options = {each: given.pop(each) for each in shared}
            with Session(**options, changes=kind != "read") as session:
                cast("Callable[..., None]", function)(session, **given)

        run.__doc__ = function.__doc__
        # typer reads the options from the signature and the annotations.
        keyword = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own]
        run.__signature__ = signature.replace(parameters=[*keyword, *imposed])  # type: ignore[attr-defined]
        run.__annotations__ = {each.name: each.annotation for each in [*keyword, *imposed]}
        app.command(name or function.__name__.replace("_", "-"), epilog=_epilog(examples, prints))(run)
        return function

    return register


def _epilog(examples: Iterable[str], prints: str) -> str:
    lines = "\n".join(f"  {example}" for example in examples)
    return f"\b\nExamples:\n{lines}\n\n\b\nWith --json:\n  {prints}"


class Session:
    """One run of one command."""

    def __init__(
        self, *, as_json: bool, profile: str | None, changes: bool, dry_run: bool = False, yes: bool = False
    ) -> None:
        self.out = Output(as_json=as_json)
        self.profile = profile
        self.dry_run = dry_run
        self.yes = yes
        self.sent: str | None = None
        """What was sent so far, for the message after Ctrl-C."""
        self.key_option = KEY_OPTION
        """How the command takes an idempotency key."""
        self._may_have_changed = False
        self._changes = changes and not dry_run
        self._closing = ExitStack()

    @cached_property
    def account(self) -> profiles.Account:
        """The API key and its URL."""
        return profiles.account(self.profile)

    @cached_property
    def client(self) -> Blooio:
        """The client; in a dry run, one that sends nothing and has no key."""
        from blooio_client import Blooio

        self._may_have_changed = self._changes
        if not self.dry_run:
            return self._closing.enter_context(Blooio(self.account.api_key, base_url=self.account.base_url))
        return cast("Blooio", self._recording())

    def _recording(self) -> object:
        import httpx

        from blooio_client import Blooio

        from .dry_run import PLACEHOLDER, Recorder, Traced

        recorder = self._closing.enter_context(httpx.Client(transport=Recorder()))
        try:
            base_url = self.account.base_url
        except Failure:  # a dry run needs no key
            base_url = profiles.environment_base_url()
        return Traced(Blooio(PLACEHOLDER, base_url=base_url, http_client=recorder), "client")

    def call(self, request: Call[Any], python: str) -> Any:
        """Send a call of `blooio_client.calls`; a dry run prints it as Python."""
        from .dry_run import Planned

        try:
            return self.client.call(request)
        except Planned as planned:
            planned.python = python
            raise

    def ask(self, question: str) -> None:
        """Ask for confirmation before reaching more than one person, if stdin is a terminal.

        Raises:
            Failure: The user declined.
        """
        if self.yes or self.dry_run or not (sys.stdin.isatty() and sys.stderr.isatty()):
            return
        sys.stderr.write(f"{question} [y/N] ")
        sys.stderr.flush()
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            raise Failure("nothing was sent", NOT_DONE)

    def ask_if_several(self, chat: str, action: str) -> None:
        """Ask for confirmation before reaching a group or several people."""
        people = [each for each in chat.split(",") if each.strip()]
        if len(people) > 1:
            self.ask(f"{action} to {len(people)} people?")
        elif chat.strip().startswith("grp_"):
            self.ask(f"{action} to everyone in the group {chat.strip()}?")

    @contextmanager
    def sending(self, key: str | None, *message: object) -> Generator[Attempt]:
        """Yield an attempt to send under a key, or under one that is remembered while the outcome is unknown.

        Args:
            key: The user's own key.
            message: Everything that identifies the message.
        """
        from . import unknown_sends

        with ExitStack() as stack:
            if key is not None or self.dry_run:
                attempt = unknown_sends.Attempt(unknown_sends.new_key() if key is None else key)
            else:
                name = unknown_sends.identity(self.account.api_key, self.account.base_url, *message)
                attempt = stack.enter_context(unknown_sends.remembered(profiles.folder() / "unknown", name))
            if attempt.earlier is not None:
                self.out.note(
                    "The outcome of the last attempt to send this message is unknown: retrying with the same key, so "
                    f"it cannot be sent twice.\nTo send it as a new message, pass a new {self.key_option.strip(' =')}."
                )
            try:
                yield attempt
            except BaseException as error:
                self._settle(attempt, error)
                raise
            attempt.is_settled = True

    def _settle(self, attempt: Attempt, error: BaseException) -> None:
        from blooio_client import BlooioError

        if isinstance(error, BlooioError):
            attempt.is_settled = error.sent is False
        elif isinstance(error, Failure):
            attempt.is_settled = error.exit_code != SENT_BUT or bool(error.details.get("is_final"))
        elif isinstance(error, KeyboardInterrupt) and self.sent is None:
            self.sent = "It may have been sent. " + retry_advice(attempt.key, self.key_option)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Close the client, and turn an exception into a message and an exit code."""
        self._closing.close()
        if error is None:
            return
        code = self._print_error(error)
        if code is not None:
            raise typer.Exit(code) from None

    def _print_error(self, error: BaseException) -> int | None:
        from blooio_client import BlooioError

        if isinstance(error, BlooioError):
            error = failure_of(error, self.key_option)
        if isinstance(error, Failure):
            self.out.failure(error)
            return error.exit_code
        if isinstance(error, KeyboardInterrupt):
            in_doubt = "It may have been done: check before you run it again." if self._may_have_changed else None
            nothing = "Nothing was sent." if self._changes else None  # a listener sends nothing anyway
            message = self.sent or in_doubt or nothing
            self.out.note("\nInterrupted." + (f" {message}" if message else ""))
            return INTERRUPTED
        if isinstance(error, UnwritableError | OSError):
            return self._stopped_by(error)
        if self.dry_run:
            return self._planned(error)
        return None

    def _stopped_by(self, error: UnwritableError | OSError) -> int:
        """Print what the system does not allow, and what was done by then."""
        cause: object = error
        prefix = f"{error.filename}: " if isinstance(error, OSError) and error.filename else ""
        if isinstance(error, UnwritableError):
            self.out.stop()
            cause, prefix = error.__cause__, "the output cannot be written: "
            if isinstance(cause, BrokenPipeError):  # as with `| head`
                return DONE if self.sent else NOT_DONE
        code = SENT_BUT if self.sent else NOT_DONE
        reason = getattr(cause, "strerror", None) or type(cause).__name__
        self.out.failure(Failure(f"{prefix}{reason}" + (f"\n{self.sent}" if self.sent else ""), code))
        return code

    def _planned(self, error: BaseException) -> int | None:
        from .dry_run import Planned, curl, python

        if not isinstance(error, Planned):
            return None
        error.python = python(error.python)
        if self.out.as_json:
            self.out.done(error, "")
        else:
            self.out.block("Dry run: nothing was sent. With curl:", curl(error.request), "With Python:", error.python)
        return DONE


def given(**options: object) -> dict[str, Any]:
    """Return the options that were passed, which are neither None nor empty."""
    return {name: value for name, value in options.items() if value is not None and value != []}
