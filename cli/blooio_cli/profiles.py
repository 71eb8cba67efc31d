"""Where API keys come from and where they are stored: the environment, the system's keyring, or a private file."""

from __future__ import annotations

import json
import os
import stat
import sys
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from .exits import NOT_DONE, USAGE, Failure

DEFAULT: Final = "default"
PUBLISHED_URL: Final = "https://backend.blooio.com/v2/api"
SERVICE: Final = "blooio-client"
NO_KEY: Final = "no API key: run `blooio login`, or set BLOOIO_API_KEY"


@dataclass(frozen=True)
class Account:
    """An API key, and the only URL that it is sent to."""

    api_key: str = field(repr=False)
    base_url: str
    source: str
    """The source of the key, for `blooio doctor`."""


def account(profile: str | None) -> Account:
    """Return the account to use: `--profile` first, then BLOOIO_API_KEY, then BLOOIO_PROFILE, then `default`.

    A stored key is only ever sent to the URL that it was stored with, regardless of BLOOIO_BASE_URL.

    Raises:
        Failure: No key was found.
    """
    key = os.environ.get("BLOOIO_API_KEY", "").strip()
    if profile is None and key:
        return Account(key, environment_base_url(), "BLOOIO_API_KEY")
    name = name_of(profile)
    stored = _stored().get(name)
    if stored is None:
        raise Failure(
            NO_KEY if name == DEFAULT else f"profile {name!r} does not exist: `blooio login --profile {name}`", 2
        )
    found = stored.get("api_key") or _from_keyring(stored.get("keyring", name))
    if not found:
        raise Failure(
            f"the keyring has no key for profile {name!r}: unlock the keyring, or run `blooio login` again", USAGE
        )
    return Account(found, stored.get("base_url") or PUBLISHED_URL, f"profile {name!r}")


def name_of(profile: str | None) -> str:
    """Return the profile to use: the one given, else the one in BLOOIO_PROFILE, else `default`.

    Raises:
        Failure: The one given is empty.
    """
    if profile == "":  # such as "$PROFILE", which is not set: another account must not send instead
        raise Failure("--profile is empty: name a profile, or leave it out", USAGE)
    return profile or os.environ.get("BLOOIO_PROFILE") or DEFAULT


def environment_base_url() -> str:
    """Return the URL for a key from the environment."""
    return os.environ.get("BLOOIO_BASE_URL") or PUBLISHED_URL


def store(profile: str, api_key: str, base_url: str) -> str:
    """Store a key, in the keyring if the system has one that works, and return where it went."""
    profiles = _stored()
    before = profiles.get(profile)
    # A name of its own, since a profile in another configuration folder may have the same name.
    name = f"{profile}-{uuid.uuid4()}"
    in_keyring = _is_in_keyring(name, api_key)
    entry = {"keyring": name} if in_keyring else {"api_key": api_key}
    _write({**profiles, profile: {"base_url": base_url, **entry}})
    _delete_from_keyring(profile, before)
    return "the system's keyring" if in_keyring else str(credentials_file())


def forget(profile: str) -> None:
    """Delete a stored key.

    Raises:
        Failure: The profile does not exist.
    """
    profiles = _stored()
    stored = profiles.pop(profile, None)
    if stored is None:
        raise Failure(f"profile {profile!r} does not exist", 1)
    _delete_from_keyring(profile, stored)
    _write(profiles)


def folder() -> Path:
    """Return the configuration folder."""
    if chosen := os.environ.get("BLOOIO_CONFIG_DIR"):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or _home()) / "blooio"
    return Path(os.environ.get("XDG_CONFIG_HOME") or _home() / ".config") / "blooio"


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # as in a container that runs as a user without a name
        raise Failure("this user has no home directory: set BLOOIO_CONFIG_DIR", NOT_DONE) from None


def credentials_file() -> Path:
    """Return the file of the profiles."""
    return folder() / "credentials.json"


def private_folder(path: Path) -> Path:
    """Create a folder that only its owner can access."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _stored() -> dict[str, dict[str, str]]:
    path = credentials_file()
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise Failure(f"other users can read {path}: run `chmod 600 {path}`", 1)
        profiles: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8"))["profiles"]
        return {name: {**entry} for name, entry in profiles.items()}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise Failure(f"{path} cannot be read: {error.strerror}", 1) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Failure(f"{path} is not readable: delete it, then run `blooio login` again", 1) from None


def _write(profiles: dict[str, dict[str, str]]) -> None:
    """Replace the file atomically, so a crash leaves the old or the new one; it is private before it has content."""
    path = private_folder(folder()) / "credentials.json"
    new = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump({"profiles": profiles}, file, indent=2)
    new.replace(path)


# Each backend raises its own errors if it is locked or has no such key.


def _from_keyring(name: str) -> str | None:
    found: str | None = None
    if (keyring := _keyring()) is not None:
        with suppress(Exception):
            found = keyring.get_password(SERVICE, name)
    return found


def _is_in_keyring(name: str, api_key: str) -> bool:
    """Store a key in the keyring, and return whether that worked."""
    keyring = _keyring()
    if keyring is None:
        return False
    try:
        keyring.set_password(SERVICE, name, api_key)
    except Exception:  # noqa: BLE001 - as above
        return False
    return True


def _delete_from_keyring(profile: str, stored: dict[str, str] | None) -> None:
    keyring = _keyring()
    if stored is not None and "api_key" not in stored and keyring is not None:
        with suppress(Exception):
            keyring.delete_password(SERVICE, stored.get("keyring", profile))


def _keyring() -> Any:
    """Return the package `keyring` if it is installed and has a usable backend."""
    if find_spec("keyring") is None:
        return None
    keyring = import_module("keyring")
    # Backends that always fail have a priority of 0 or less.
    return keyring if getattr(keyring.get_keyring(), "priority", 0) > 0 else None
