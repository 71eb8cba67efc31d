"""API keys: where they are read and stored, and that they show up nowhere else."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cli_runs import COMMAND, Cli, Terminal

from blooio_cli import profiles
from blooio_client import Blooio
from blooio_sandbox import Sandbox

ANN = "+15551234567"
# A keyring that stores keys in a file, in place of the system's.
KEYRING = """
import json, pathlib
STORE = pathlib.Path(__file__).with_name("vault.json")
class Backend:
    priority = {priority}
def get_keyring():
    return Backend()
def _all():
    if STORE.with_name("locked").exists():
        raise RuntimeError("the vault is locked")
    return json.loads(STORE.read_text()) if STORE.exists() else {{}}
def set_password(service, name, secret):
    STORE.write_text(json.dumps({{**_all(), service + name: secret}}))
def get_password(service, name):
    return _all().get(service + name)
def delete_password(service, name):
    STORE.write_text(json.dumps({{each: value for each, value in _all().items() if each != service + name}}))
"""


def _login(cli: Cli, sandbox: Sandbox, *options: str, **variables: str) -> str:
    """Log in with a key on stdin, and return the output."""
    done = cli("login", "--base-url", sandbox.base_url, *options, typed=sandbox.api_key + "\n", **variables)
    assert done.code == 0
    return done.out


@pytest.fixture
def install_keyring(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Install the replacement for `keyring` with a priority, and return its directory."""

    def install(priority: int) -> Path:
        system = tmp_path / "system"
        system.mkdir()
        (system / "keyring.py").write_text(KEYRING.format(priority=priority))
        monkeypatch.setattr(sys, "path", [str(system), *sys.path])
        return system

    yield install
    sys.modules.pop("keyring", None)


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_login_stores_a_key_in_a_private_file(bare_cli: Cli, blooio_sandbox: Sandbox) -> None:
    """Login does not print the key, stores it in a file that only its owner can read, and commands use it."""
    with bare_cli.on_terminal("login", "--base-url", blooio_sandbox.base_url) as terminal:
        terminal.wait_for("API key (not shown): ")
        terminal.type(blooio_sandbox.api_key + "\n")
        assert terminal.ended() == 0
    shown = terminal.raw
    done = bare_cli("send", ANN, "Hello")

    stored = bare_cli.folder / ".config" / "blooio" / "credentials.json"
    assert blooio_sandbox.api_key not in shown
    assert "Logged in to Sandbox as profile 'default'" in shown
    assert (stored.stat().st_mode & 0o777, stored.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert done.code == 0
    blooio_sandbox.assert_sent("Hello")


def test_login_reads_stdin(bare_cli: Cli, blooio_sandbox: Sandbox) -> None:
    """In a script, login reads one line from stdin, and prints JSON without the key."""
    options = ["--base-url", blooio_sandbox.base_url, "--profile", "work", "--json"]
    done = bare_cli("login", *options, typed=blooio_sandbox.api_key + "\n")

    assert (done.code, done.err) == (0, "")
    assert done.objects[0]["profile"] == "work"
    assert done.objects[0]["organization"] == "Sandbox"
    assert blooio_sandbox.api_key not in done.out


@pytest.mark.parametrize(("typed", "code", "said"), [("\n", 2, "no API key"), ("wrong-key\n", 1, "401")])
def test_an_invalid_key_is_not_stored(bare_cli: Cli, blooio_sandbox: Sandbox, typed: str, code: int, said: str) -> None:
    """A key that is missing or rejected is not stored."""
    before = _files(bare_cli.folder)
    done = bare_cli("login", "--base-url", blooio_sandbox.base_url, typed=typed)

    assert done.code == code
    assert said in done.err
    assert _files(bare_cli.folder) == before


def test_logout_deletes_the_key(bare_cli: Cli, blooio_sandbox: Sandbox) -> None:
    """Logout deletes the key from the file, and a second logout fails."""
    _login(bare_cli, blooio_sandbox, "--profile", "work")
    codes = [bare_cli("logout", "--profile", "work").code for _ in range(2)]

    assert codes == [0, 1]
    assert blooio_sandbox.api_key.encode() not in b"".join(_files(bare_cli.folder).values())
    assert bare_cli("chats", "--profile", "work").code == 2


def test_a_keyring_is_used_if_there_is_one(
    bare_cli: Cli, blooio_sandbox: Sandbox, install_keyring: Callable[[int], Path]
) -> None:
    """With a keyring, the key is in none of our files, and logout deletes it from the keyring."""
    system = install_keyring(5)
    shown = _login(bare_cli, blooio_sandbox)
    worked = bare_cli("chats")
    vault = (system / "vault.json").read_text()
    ours = _files(bare_cli.folder / ".config")
    bare_cli("logout")

    assert "the system's keyring" in shown
    assert worked.code == 0
    assert blooio_sandbox.api_key in vault
    assert blooio_sandbox.api_key.encode() not in b"".join(ours.values())
    assert json.loads((system / "vault.json").read_text()) == {}


def test_a_locked_keyring(bare_cli: Cli, blooio_sandbox: Sandbox, install_keyring: Callable[[int], Path]) -> None:
    """If the keyring is locked, login stores the key in the file, and a key in the keyring is asked for again."""
    system = install_keyring(5)
    _login(bare_cli, blooio_sandbox, "--profile", "work")
    (system / "locked").touch()
    locked = bare_cli("chats", "--profile", "work")

    assert (locked.code, "unlock the keyring, or run `blooio login` again" in locked.err) == (2, True)
    assert "credentials.json" in _login(bare_cli, blooio_sandbox, "--profile", "work")
    assert bare_cli("chats", "--profile", "work").code == 0
    assert bare_cli("logout", "--profile", "work").code == 0


def test_profiles_of_the_same_name_in_two_folders(
    bare_cli: Cli, blooio_sandbox: Sandbox, install_keyring: Callable[[int], Path]
) -> None:
    """Two configuration folders, such as those of two customers, keep their keys apart, in one keyring, too."""
    install_keyring(5)
    first, second = (str(bare_cli.folder / name) for name in ("first", "second"))
    _login(bare_cli, blooio_sandbox, BLOOIO_CONFIG_DIR=first)
    with Sandbox() as other:
        _login(bare_cli, other, BLOOIO_CONFIG_DIR=second)
        _login(bare_cli, other, BLOOIO_CONFIG_DIR=second)
        sent = [bare_cli("send", ANN, "Hello", BLOOIO_CONFIG_DIR=folder).code for folder in (first, second)]
        assert [len(sandbox.messages) for sandbox in (blooio_sandbox, other)] == [1, 1]
        bare_cli("logout", BLOOIO_CONFIG_DIR=second)

    assert sent == [0, 0]
    assert bare_cli("chats", BLOOIO_CONFIG_DIR=first).code == 0


def test_a_keyring_without_a_backend_is_not_used(
    bare_cli: Cli, blooio_sandbox: Sandbox, install_keyring: Callable[[int], Path]
) -> None:
    """If the keyring package has no working backend, the key is stored in the file."""
    system = install_keyring(0)

    assert "credentials.json" in _login(bare_cli, blooio_sandbox)
    assert not (system / "vault.json").exists()


def test_which_key_is_used(bare_cli: Cli, blooio_sandbox: Sandbox) -> None:
    """--profile comes first, then BLOOIO_API_KEY, then BLOOIO_PROFILE, then the default profile."""
    _login(bare_cli, blooio_sandbox, "--profile", "work")
    url = blooio_sandbox.base_url
    good, bad = blooio_sandbox.api_key, "some-other-key"

    used = {
        "flag": bare_cli("me", "--profile", "work", BLOOIO_API_KEY=bad, BLOOIO_BASE_URL=url).code,
        "key": bare_cli("me", BLOOIO_API_KEY=good, BLOOIO_PROFILE="none", BLOOIO_BASE_URL=url).code,
        "wrong key": bare_cli("me", BLOOIO_API_KEY=bad, BLOOIO_PROFILE="work", BLOOIO_BASE_URL=url).code,
        "profile": bare_cli("me", BLOOIO_PROFILE="work").code,
        "no default": bare_cli("me").code,
    }

    assert used == {"flag": 0, "key": 0, "wrong key": 1, "profile": 0, "no default": 2}


def test_a_stored_key_goes_to_its_own_url_only(bare_cli: Cli, blooio_sandbox: Sandbox) -> None:
    """A stored key is not sent to another host set in BLOOIO_BASE_URL."""
    _login(bare_cli, blooio_sandbox)
    with Sandbox() as other:
        done = bare_cli("chats", BLOOIO_BASE_URL=other.base_url)

        assert done.code == 0
        assert other.requests == []


def test_a_file_that_others_can_read_raises(bare_cli: Cli, blooio_sandbox: Sandbox) -> None:
    """A key file that others can read raises an error that says how to fix its permissions."""
    _login(bare_cli, blooio_sandbox)
    stored = bare_cli.folder / ".config" / "blooio" / "credentials.json"
    stored.chmod(0o644)
    refused = bare_cli("chats")
    stored.chmod(0o600)
    stored.write_text("{")
    broken = bare_cli("chats")

    assert (refused.code, broken.code) == (1, 1)
    assert f"chmod 600 {stored}" in refused.err
    assert "delete it" in broken.err


def test_an_empty_profile_is_an_error(bare_cli: Cli, blooio_sandbox: Sandbox) -> None:
    """An empty profile, such as an unset variable, does not stand for the default one, which is another account."""
    _login(bare_cli, blooio_sandbox)

    done = bare_cli("send", "+15551234567", "Hello", "--profile", "")

    assert (done.code, "--profile is empty" in done.err) == (2, True)
    assert blooio_sandbox.messages == []


@pytest.mark.parametrize("text", ["", '{"profiles": []}', '{"profiles": null}', '{"profiles": {"default": "key"}}'])
def test_a_damaged_file_of_keys(bare_cli: Cli, text: str) -> None:
    """A file of keys that has another form raises an error that says what to do."""
    stored = bare_cli.folder / ".config" / "blooio" / "credentials.json"
    stored.parent.mkdir(parents=True)
    stored.touch(0o600)
    stored.write_text(text)
    done = bare_cli("chats")

    assert done.code == 1
    assert "delete it, then run `blooio login` again" in done.err


def test_a_file_of_keys_that_cannot_be_read(bare_cli: Cli, blooio_sandbox: Sandbox) -> None:
    """If the keys cannot be read or stored, the error names the file."""
    stored = bare_cli.folder / ".config" / "blooio" / "credentials.json"
    stored.mkdir(0o700, parents=True)
    read = bare_cli("chats")
    in_a_file = str(bare_cli.folder / "photo.jpg" / "keys")
    new = bare_cli(
        "login", typed=blooio_sandbox.api_key, BLOOIO_BASE_URL=blooio_sandbox.base_url, BLOOIO_CONFIG_DIR=in_a_file
    )

    assert (read.code, new.code) == (1, 1)
    assert read.err == f"blooio: {stored} cannot be read: Is a directory\n"
    assert new.err == f"blooio: {in_a_file}/credentials.json cannot be read: Not a directory\n"


def test_a_user_without_a_home_directory(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container whose user has no home directory, the error says which variable to set."""

    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    done = cli("send", "+15551234567", "Hello")

    assert (done.code, done.err) == (1, "blooio: this user has no home directory: set BLOOIO_CONFIG_DIR\n")
    assert cli("send", "+15551234567", "Hello", BLOOIO_CONFIG_DIR=str(cli.folder)).code == 0


def test_the_default_url_is_the_clients() -> None:
    """A key without a URL is sent to the client's default URL."""
    assert profiles.PUBLISHED_URL in repr(Blooio("a-key"))


@pytest.mark.parametrize(
    "argument",
    [
        "bl_live_0123456789abcdef",
        "api_0123456789abcdef",
        "sk_live_0123456789abcdef",
        "blo_at_0123456789abcdef",
        "whsec_0123456789abcdef",
        "--api-key=bl_live_0123456789abcdef",
        "my key is api_0123456789abcdef, keep it",
        "some-key-in-use",
    ],
)
def test_an_argument_that_looks_like_a_key_is_rejected(cli: Cli, blooio_sandbox: Sandbox, argument: str) -> None:
    """A command whose argument looks like an API key does not run, and the argument is not printed."""
    done = cli("send", ANN, argument, BLOOIO_API_KEY="some-key-in-use")

    assert (done.code, done.out) == (2, "")
    assert "looks like an API key" in done.err
    assert argument not in done.err
    assert blooio_sandbox.requests == []


@pytest.mark.parametrize("text", ["the api_key field", "whsec_ is a prefix", "see bl_live_", "capi_talisation_works"])
def test_words_about_keys_are_not_keys(cli: Cli, blooio_sandbox: Sandbox, text: str) -> None:
    """Text about keys is sent like any other text."""
    assert cli("send", ANN, text).code == 0
    blooio_sandbox.assert_sent(text)


def test_the_key_is_in_no_output(bare_cli: Cli, blooio_sandbox: Sandbox, tmp_path: Path) -> None:
    """After a session in an interactive shell, the key is in no argument, history, output or file.

    The only exception is the file where the key is stored.
    """
    history = tmp_path / "history"
    (tmp_path / "blooio").write_text(f'#!/bin/sh\nexec {" ".join(COMMAND)} "$@"\n')
    (tmp_path / "blooio").chmod(0o755)
    variables = bare_cli.variables(
        HISTFILE=str(history), PATH=f"{tmp_path}:{bare_cli.environment['PATH']}", PS1="ready> ", TERM="xterm"
    )
    arguments = b""
    with Terminal(["/bin/bash", "--norc", "-i"], variables, tmp_path) as shell:
        shell.wait_for("ready> ")
        shell.type(f"blooio login --base-url {blooio_sandbox.base_url}\n")
        shell.wait_for("API key (not shown): ")
        arguments += _arguments_of(history)
        shell.type(blooio_sandbox.api_key + "\n")
        shell.wait_for("Logged in")
        blooio_sandbox.fail_next(503, retry_after=1)
        for line in (
            f"blooio send {ANN} Hello",
            "blooio me",
            "blooio call get_me --json",
            f"blooio send {ANN} Hi --dry-run",
            f"blooio outbox add --to {ANN} --text Hi --key a",
            "blooio outbox run --until-empty --quiet-hours none",
        ):
            shell.type(line + "; echo done=$?\n")
            arguments += _arguments_of(history)
            shell.wait_for("done=0")
            shell.raw, seen = "", shell.raw
            assert blooio_sandbox.api_key not in seen
        blooio_sandbox.fail_next(401, code="invalid_key", times=1)
        shell.type("blooio doctor; echo done=$?\n")
        shell.wait_for("done=1")
        shell.type("exit\n")
        shell.ended()

    key = blooio_sandbox.api_key.encode()
    assert b"login" in history.read_bytes()
    assert key not in arguments
    assert b"blooio" in arguments
    assert key not in shell.raw.encode()
    stored = os.path.join(".config", "blooio", "credentials.json")  # noqa: PTH118
    assert [name for name, content in _files(tmp_path).items() if key in content] == [stored]


def _arguments_of(history: Path) -> bytes:
    """Return the arguments and environments of all processes of a shell, found by its history file."""
    found = b""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes()
            if str(history).encode() in environment:
                found += (process / "cmdline").read_bytes() + environment
        except OSError:
            continue
    return found


def test_a_missing_extra_prints_the_pip_command(bare_cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without typer, the command prints one line and no traceback."""
    monkeypatch.setitem(sys.modules, "typer", None)

    done = bare_cli("chats")

    assert (done.code, done.out) == (1, "")
    assert done.err == 'the command blooio needs an extra: pip install "blooio-client[cli]"\n'
