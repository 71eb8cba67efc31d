"""`blooio outbox`: the messages it sends, its prompts, exit codes and signals."""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path

import pytest
from cli_runs import PATIENCE, Cli
from waiting import wait_until

from blooio_client.outbox import Outbox
from blooio_sandbox import Sandbox

ANN, BEN = "+15551234567", "+15557654321"
# Quiet hours would delay these tests at night, and pacing would slow them down.
EAGER = ("--quiet-hours", "none", "--per-minute", "0")
RUN = ("outbox", "run", "--until-empty", *EAGER)


def _write(folder: Path, *lines: str) -> str:
    (folder / "people.csv").write_text("\n".join(lines) + "\n")
    return "people.csv"


def _many(folder: Path, count: int) -> str:
    return _write(folder, "to,text", *(f"+1555{number:07},Hi {number}" for number in range(count)))


def _recipients(sandbox: Sandbox) -> list[str]:
    return sorted(message.chat_id for message in sandbox.messages)


def test_a_file_is_sent_once(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """Columns are chosen by name, and adding and running again sends nothing again."""
    file = _write(cli.folder, "phone,name,words,zone", f"{ANN},Ann,Hi Ann,America/New_York", f"{BEN},Ben,Hi Ben,")
    add = ("outbox", "add", file, "--campaign", "spring", "--to-column", "phone", "--text-column", "words", "--json")

    added = [cli(*add).objects[0] for _ in range(2)]
    codes = [cli(*RUN).code for _ in range(2)]

    assert added == [{"new": 2, "known": 0, "bad": []}, {"new": 0, "known": 2, "bad": []}]
    assert codes == [0, 0]
    assert sorted((message.chat_id, message.text) for message in blooio_sandbox.messages) == [
        (ANN, "Hi Ann"),
        (BEN, "Hi Ben"),
    ]
    (progress,) = cli("outbox", "progress", "spring", "--json").objects
    assert (progress["total"], progress["left"], progress["counts"]) == (2, 0, {"sent": 2})
    outcomes = cli("outbox", "outcomes", "--state", "sent", "--json").objects
    assert {each["message_id"] for each in outcomes} == {message.id for message in blooio_sandbox.messages}


def test_one_message_with_its_options(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """A message is sent with its key, sender and no quiet hours; one that is not due waits."""
    number = blooio_sandbox.numbers[1]
    one = ["--to", ANN, "--text", "Your table is ready.", "--key", "table:1", "--from-number", number, "--any-time"]
    later = ["--to", BEN, "--text", "Later", "--key", "later:1", "--not-before", "2999-01-01T09:00+01:00"]
    assert [cli("outbox", "add", *options).code for options in (one, later)] == [0, 0]

    with cli.start("outbox", "run", "--json", PYTHONWARNINGS=None) as process:
        wait_until(lambda: bool(blooio_sandbox.messages))
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=PATIENCE)

    message = blooio_sandbox.assert_sent("Your table is ready.", to=ANN)
    assert blooio_sandbox.requests[-1].body["from_number"] == number
    assert (process.returncode, json.loads(out)["counts"]) == (0, {"sent": 1, "waiting": 1})
    assert cli("outbox", "outcomes").lines[0].split("\t")[:5] == ["table:1", ANN, "sent", "", message.id]


def test_styled_rows(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """--markdown styles all rows, and a column `format` its own row."""
    file = _write(cli.folder, "to,text,format", f"{ANN},**One**,plain", f"{BEN},**Two**,")
    assert cli("outbox", "add", file, "--campaign", "c", "--markdown").code == 0
    cli(*RUN)

    assert sorted(str(message.text) for message in blooio_sandbox.messages) == ["**One**", "Two"]


@pytest.mark.parametrize("column", ["", ",text"])
def test_rows_come_from_stdin(cli: Cli, blooio_sandbox: Sandbox, column: str) -> None:
    """A dash reads rows from stdin; --text goes to all rows, whatever they contain; several people are one group."""
    people = f'to{column}\n{BEN}{column}\n"{ANN}, ann@example.com"{column}\n'

    added = cli("outbox", "add", "-", "--campaign", "c", "--text", "We open at nine.", typed=people)

    assert (added.code, cli(*RUN).code) == (0, 0)
    assert [message.text for message in blooio_sandbox.messages] == ["We open at nine."] * 2
    assert len(blooio_sandbox.phone("ann@example.com").messages) == 1


def test_rows_from_a_spreadsheet(cli: Cli) -> None:
    """From stdin, too, a file may begin with a byte order mark, and its rows may end with empty columns."""
    added = cli.process("outbox", "add", "-", "--campaign", "c", typed=f"\ufeffto,text\n{ANN},Grüße,,\n")

    assert (added.code, added.err) == (0, "")
    assert cli("outbox", "progress", "c", "--json").objects[0]["total"] == 1


BAD_FILES: dict[str, tuple[list[str], str]] = {
    "column": (["phone,text", f"{ANN},Hi"], "no column 'to': name it with --to-column, such as 'phone'"),
    "semicolons": (["to;text", f"{ANN};Hi"], "separate the columns with commas, not semicolons"),
    "empty": ([], "no column 'to': it is empty"),
    "repeated": (["to,to,text", f"{ANN},{BEN},Hi"], "the file has several columns 'to': rename all but one"),
    "recipient": (["to,text", f"{ANN},Hi", "nobody,Hi"], "row 2: "),
    "text": (["to,text", f"{ANN},"], "row 1: text is missing or blank"),
    "time": (["to,text,not_before", f"{ANN},Hi,tomorrow"], "row 1: not_before must be a time with an offset"),
    "offset": (["to,text,not_before", f"{ANN},Hi,2999-01-01T09:00"], "row 1: not_before needs an offset"),
    "zone": (["to,text,zone", f"{ANN},Hi,Mars/Base"], "row 1: "),
    "quotes": (["to,text", f'{ANN},"Hi', f"{BEN},Hi"], "the file is not CSV in UTF-8: unexpected end of data"),
    "commas": (["to,text", f"{ANN},Hi", f"{BEN},Hi, Ben"], "line 3 has more columns than the heading: put texts"),
}


@pytest.mark.parametrize(("lines", "said"), BAD_FILES.values(), ids=BAD_FILES)
def test_an_invalid_file_adds_nothing(cli: Cli, lines: list[str], said: str) -> None:
    """An invalid row exits with code 2 and its number; a dry run prints the same without an outbox."""
    file = _write(cli.folder, *lines)
    dry = cli("outbox", "add", file, "--campaign", "c", "--dry-run")
    assert not (cli.folder / "outbox.db").exists()
    done = cli("outbox", "add", file, "--campaign", "c")

    assert (dry.code, done.code, done.out) == (2, 2, "")
    assert said in dry.err
    assert said in done.err
    assert "tzinfo" not in done.err


def test_one_invalid_message(cli: Cli) -> None:
    """The error of a single message does not speak of rows."""
    done = cli("outbox", "add", "--to", ANN, "--text", "Hi")

    assert done.code == 2
    assert done.err.startswith("blooio: pass --campaign or a key")
    assert "row" not in done.err.lower()


def test_invalid_rows_can_be_skipped(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """With --skip-bad, valid rows are added, and stderr lists the invalid ones."""
    file = _write(cli.folder, "to,text", f"{ANN},Hi", ",Hi", *("nobody,Hi" for _ in range(25)))

    done = cli("outbox", "add", file, "--campaign", "c", "--skip-bad", "--json")

    assert (done.code, done.objects[0]["new"], len(done.objects[0]["bad"])) == (0, 1, 26)
    assert done.objects[0]["bad"][0]["row"] == 2
    assert done.err.splitlines()[-1] == "… and 6 more"
    assert cli(*RUN).code == 0
    assert _recipients(blooio_sandbox) == [ANN]


def test_a_dry_run_adds_and_sends_nothing(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """A dry run of `add` counts new and known messages, and a dry run of the worker prints a preview."""
    cli("outbox", "add", "--to", ANN, "--text", "Hi", "--campaign", "c")
    file = _write(cli.folder, "to,text", f"{ANN},Hi", f"{BEN},Hi")

    added = cli("outbox", "add", file, "--campaign", "c", "--dry-run", "--json")
    ran = cli("outbox", "run", "--dry-run", "--json", "--per-minute", "4")

    assert (added.code, added.objects[0]) == (0, {"new": 1, "known": 1, "bad": []})
    assert cli("outbox", "progress", "--json").objects[0]["total"] == 1
    assert ran.objects == cli("outbox", "preview", "--per-minute", "4", "--json").objects
    assert ran.objects[0] == {"messages": 1, "opted_out": 0, "without_zone": 1, "per_number": {"": 1}, "seconds": 15.0}
    assert "per_number\tthe client's own: 1" in cli("outbox", "preview").lines
    assert blooio_sandbox.requests == []


@pytest.mark.parametrize("number", ["nan", "inf", "1e300"])
@pytest.mark.parametrize(
    "words", [("outbox", "prune", "--days"), ("outbox", "refresh", "--days"), ("send", ANN, "Hi", "--wait-seconds")]
)
def test_numbers_that_no_clock_can_use(cli: Cli, blooio_sandbox: Sandbox, words: tuple[str, ...], number: str) -> None:
    """An option that is not a usable number is a usage error, and nothing is sent."""
    done = cli(*words, number)

    assert done.code == 2
    assert "expected a number up to 100,000,000" in done.err
    assert blooio_sandbox.requests == []


def test_usage(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """A usage error exits with code 2, says what is expected, and creates no file."""
    for arguments, said in (
        (["add"], "pass either a file, or --to and --text"),
        (["add", "people.csv", "--to", ANN], "pass either a file, or --to and --text"),
        (["add", "nowhere.csv"], "nowhere.csv cannot be read"),
        (["add", "photo.jpg", "--campaign", "c"], "not CSV in UTF-8"),
        (["run", "--quiet-hours", "night", "--db", "photo.jpg"], "quiet hours must be 21:00-08:00 or none"),
        (["run", "--quiet-hours", "9pm-8am", "--db", "photo.jpg"], "local times such as 21:00-08:00"),
        (["progress"], "outbox.db does not exist: name your outbox with --db or BLOOIO_OUTBOX_URL"),
        (["run", "--db", "other.db"], "other.db does not exist"),
        (["migrate", "--db", "mysql://localhost/x"], "sqlite:/// or postgresql://"),
        (["migrate", "--db", "postgresql://ann:hunter2@localhost/x"], "set BLOOIO_OUTBOX_URL instead"),
        (["cancel"], "pass either a campaign or --key"),
    ):
        done = cli("outbox", *arguments)
        assert (done.code, done.out) == (1 if "mysql" in arguments[-1] else 2, ""), done
        assert said in " ".join(done.err.split())
        assert "hunter2" not in done.err
    assert [path.name for path in cli.folder.iterdir()] == ["photo.jpg"]
    assert blooio_sandbox.requests == []


def test_other_databases(cli: Cli) -> None:
    """--db or the environment names a file or a URL; a missing directory is an error."""
    one = ("outbox", "add", "--to", ANN, "--text", "Hi", "--key", "a")
    codes = [
        cli(*one, "--db", "mine.db").code,
        cli(*one, "--db", f"sqlite:///{cli.folder}/mine.db").code,
        cli(*one, BLOOIO_OUTBOX_URL="sqlite:///theirs.db").code,
    ]
    nowhere = cli(*one, "--db", "nowhere/mine.db")

    assert codes == [0, 0, 0]
    assert cli("outbox", "progress", "--db", "mine.db", "--json").objects[0]["total"] == 1
    assert (cli.folder / "theirs.db").stat().st_mode & 0o077 == 0
    assert (nowhere.code, "cannot be opened" in nowhere.err) == (1, True)


def test_a_damaged_file_is_an_error_in_one_line(cli: Cli) -> None:
    """A damaged file exits with code 1 and one line, without a traceback."""
    (cli.folder / "outbox.db").write_text("not a database, but text that is long enough to be mistaken for one")

    done = cli("outbox", "progress")

    assert (done.code, done.err.count("\n")) == (1, 1)
    assert "the outbox's database is unavailable: file is not a database" in done.err


def test_failed_messages_are_exit_code_4(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """A failed message exits with code 4; once its cause is fixed, a retry sends it once."""
    cli("outbox", "add", "--to", "ann@example.com", "--text", "Hi", "--key", "a")

    failed = cli("outbox", "run", "--until-empty")
    assert blooio_sandbox.messages == []
    retried, again = cli("outbox", "retry", "a"), cli(*RUN)

    assert (failed.code, retried.code, again.code) == (4, 0, 0)
    assert "1 message failed: see `blooio outbox outcomes --state failed`" in failed.err
    assert _recipients(blooio_sandbox) == ["ann@example.com"]
    assert cli("outbox", "retry", "a").code == cli("outbox", "retry", "nobody").code == 1


def test_an_unknown_outcome_is_exit_code_3(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """A message of unknown outcome is not cancelled, and retrying it requires --allow-duplicates."""
    cli("outbox", "add", "--to", ANN, "--text", "Hi", "--key", "a")
    blooio_sandbox.drop_next(times=None, operation="sendMessage", after_processing=True)
    outbox = Outbox(f"sqlite:///{cli.folder}/outbox.db")

    def cancel() -> None:
        wait_until(lambda: "retrying" in outbox.progress().counts)
        outbox.cancel(key="a")

    other = threading.Thread(target=cancel)
    other.start()
    ended = cli(*RUN)
    other.join()
    outbox.close()
    blooio_sandbox.stop_failing()
    refused = cli("outbox", "retry", "a")

    assert ended.code == 3
    assert "1 message with an unknown outcome: see `blooio outbox outcomes --state unknown`" in ended.err
    assert refused.code == 2
    assert "--allow-duplicates" in refused.err
    assert cli("outbox", "retry", "a", "--allow-duplicates").code == 0
    assert cli(*RUN).code == 0
    assert len(blooio_sandbox.messages) == 1  # Blooio still knew the key


def test_an_invalid_key_stops_the_worker(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """An invalid key exits with code 1, and the next run sends the message."""
    cli("outbox", "add", "--to", ANN, "--text", "Hi", "--key", "a")
    blooio_sandbox.fail_next(401)

    refused = cli(*RUN, "--json")

    assert (refused.code, blooio_sandbox.messages) == (1, [])
    assert '"kind": "OutboxStoppedError"' in refused.err
    assert cli(*RUN).code == 0
    assert _recipients(blooio_sandbox) == [ANN]


def test_numbers_pause_and_resume(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """A paused number sends nothing, and its pace is shown."""
    cli("outbox", "add", "--to", ANN, "--text", "Hi", "--key", "a")
    assert cli("outbox", "pace", "240").out == "The client's own number has 240 messages per minute.\n"
    assert cli("outbox", "pause").code == 0
    assert cli("outbox", "run", "--max-seconds", "0.3", *EAGER).code == 0
    assert blooio_sandbox.requests == []
    assert cli("outbox", "numbers").lines[0].split("\t") == [
        "the client's own",
        "240.0",
        "9999-12-31 23:59:59+00:00",
        "paused",
    ]

    assert cli("outbox", "resume").code == 0
    assert cli(*RUN).code == 0
    assert cli("outbox", "pace", "0", blooio_sandbox.number, "--json").objects == [
        {"number": blooio_sandbox.number, "per_minute": None}
    ]
    assert [each["per_minute"] for each in cli("outbox", "numbers", "--json").objects] == [240.0, None]
    assert _recipients(blooio_sandbox) == [ANN]


def test_cancel_and_opt_out(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """Messages that were cancelled, or whose recipients opted out before or after, are not sent."""
    for number, to in enumerate((ANN, BEN, "+15550000003", "+15550000004")):
        cli("outbox", "add", "--to", to, "--text", "Hi", "--key", str(number), "--campaign", f"c{number}")

    assert cli("outbox", "cancel", "c0").out == "1\n"
    assert cli("outbox", "cancel", "--key", "1", "--json").objects == [{"cancelled": 1}]
    assert cli("outbox", "opt-out", "+15550000003").out == "yes\n"
    assert [each["recipient"] for each in cli("outbox", "opt-outs", "--json").objects] == ["+15550000003"]
    assert cli(*RUN).code == 0

    assert _recipients(blooio_sandbox) == ["+15550000004"]
    assert cli("outbox", "progress", "--json").objects[0]["counts"] == {"cancelled": 2, "skipped": 1, "sent": 1}
    assert cli("outbox", "opt-in", "+15550000003").out == "no\n"
    assert cli("outbox", "opt-outs").out == ""


@pytest.mark.blooio(status_delay=0)
def test_refresh_prune_migrate(cli: Cli) -> None:
    """`refresh` requests statuses, `prune` deletes finished messages, and `migrate` creates the tables."""
    assert cli("outbox", "migrate").code == 0
    cli("outbox", "add", "--to", ANN, "--text", "Hi", "--key", "a")
    assert cli(*RUN).code == 0

    assert cli("outbox", "refresh").out == "1\n"
    assert cli("outbox", "outcomes", "--json").objects[0]["state"] == "delivered"
    assert cli("outbox", "prune").out == "0\n"
    assert cli("outbox", "prune", "--days", "0", "--json").objects == [{"deleted": 1}]
    assert cli("outbox", "progress", "--json").objects[0]["total"] == 0


def test_it_asks_before_sending_to_many(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """On a terminal, it asks before a file is added and before it is sent, unless --yes is passed."""
    file = _many(cli.folder, 3)
    add = ("outbox", "add", file, "--campaign", "c")

    refused = cli.on_screen(*add, typed="n\n")
    accepted = cli.on_screen(*add, typed="y\n")
    not_sent = cli.on_screen(*RUN, typed="\n")
    assert blooio_sandbox.requests == []
    sent = cli.on_screen(*RUN, "--yes")

    assert [refused.code, accepted.code, not_sent.code, sent.code] == [1, 0, 1, 0]
    assert "Add the messages of people.csv to the outbox, to be sent? [y/N]" in refused.err
    assert "Send 3 messages? [y/N]" in not_sent.err
    assert "[y/N]" not in sent.err
    assert "Adding people.csv" in accepted.err
    assert len(blooio_sandbox.messages) == 3


def test_without_the_extra(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without SQLAlchemy, the exit code is 1, and the error contains the pip command."""
    monkeypatch.delitem(sys.modules, "blooio_outbox")
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)

    done = cli("outbox", "migrate")

    assert (done.code, done.out) == (1, "")
    assert 'pip install "blooio-client[outbox]"' in done.err


def test_ctrl_c_on_a_terminal(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """Ctrl-C finishes current requests and prints the total, and a new run sends the rest."""
    cli("outbox", "add", _many(cli.folder, 12), "--campaign", "c")
    pace = ("--quiet-hours", "none", "--per-minute", "60")
    with cli.on_terminal("outbox", "run", "--yes", *pace, PYTHONWARNINGS=None) as terminal:
        terminal.wait_for("sent ")
        terminal.type("\x03")
        code = terminal.ended()
    sent = len(blooio_sandbox.messages)
    again = cli(*RUN)

    assert code == 130
    assert "Finishing current requests. Press Ctrl-C again to stop at once." in terminal.text
    assert f"Interrupted. Sent {sent} message" in terminal.text
    assert "Traceback" not in terminal.text
    assert 0 < sent < 12
    assert again.code == 0
    assert _recipients(blooio_sandbox) == [f"+1555{number:07}" for number in range(12)]


def test_sigterm_ends_a_service_cleanly(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """SIGTERM, as from systemd or Docker, ends the worker with exit code 0, and its progress is on stdout."""
    cli("outbox", "add", "--to", ANN, "--text", "Hi", "--key", "a")
    with cli.start("outbox", "run", *EAGER, "--json", PYTHONWARNINGS=None) as process:
        wait_until(lambda: bool(blooio_sandbox.messages))
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=PATIENCE)

    assert process.returncode == 0, err
    assert '"counts": {"sent": 1}' in out
    assert len(blooio_sandbox.messages) == 1
