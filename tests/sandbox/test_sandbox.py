"""The class `Sandbox`: start, stop, reset and persistence."""

from __future__ import annotations

import gc
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

import blooio_sandbox
from blooio_sandbox import Sandbox, extra
from blooio_sandbox.server import NotLoopbackError, PortInUseError

if TYPE_CHECKING:
    from collections.abc import Callable

OPEN_FILES = Path("/proc/self/fd")
IPV6 = pytest.mark.skipif(not Path("/proc/net/if_inet6").exists(), reason="this machine has no IPv6")
CHAT = "/chats/%2B15551234567/messages"


def test_imports_are_light() -> None:
    """Importing the package or its pytest plugin loads no server, validator or client."""
    program = """
import sys
before = set(sys.modules)
import blooio_sandbox, blooio_sandbox.pytest_plugin
heavy = {"httpx", "jsonschema_rs", "starlette", "uvicorn", "sqlite3", "blooio_client"}
raise SystemExit(", ".join(heavy & (set(sys.modules) - before)) or 0)
"""
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


def test_public_names_are_found() -> None:
    """Every public name can be imported, and no other name."""
    assert all(getattr(blooio_sandbox, name) for name in blooio_sandbox.__all__)
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        getattr(blooio_sandbox, "nothing_of_the_kind")  # noqa: B009 - to the type checker, the name does not exist


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, the error contains the pip command."""
    monkeypatch.setattr(extra, "NEEDED_MODULES", ("no_such_module",))
    with pytest.raises(ImportError, match="pip install"):
        _ = blooio_sandbox.Phone


@pytest.mark.skipif(not OPEN_FILES.exists(), reason="open files are counted where Linux shows them")
def test_stop_closes_everything(connect: Callable[[Sandbox], httpx.Client]) -> None:
    """Stopping closes threads, sockets and files, even with connected clients and deliveries in flight."""
    gc.collect()  # it closes what earlier tests left behind
    threads, open_files = set(threading.enumerate()), _open_files()
    for _ in range(3):
        with Sandbox() as sandbox:
            api = connect(sandbox)
            api.post("/webhooks", json={"webhook_url": "http://127.0.0.1:1/hook", "webhook_type": "all"})
            api.post(CHAT, json={"text": "Hello"})
        api.close()
    gc.collect()

    assert set(threading.enumerate()) <= threads
    assert _open_files() <= open_files


def _open_files() -> int:
    return len(list(OPEN_FILES.iterdir()))


def test_several_run_at_once(connect: Callable[[Sandbox], httpx.Client]) -> None:
    """Two sandboxes have separate ports and states."""
    with Sandbox() as first, Sandbox() as second:
        connect(first).post(CHAT, json={"text": "Hello"})

        assert first.base_url != second.base_url
        assert (len(first.messages), len(second.messages)) == (1, 0)


def test_a_file_survives_a_restart(connect: Callable[[Sandbox], httpx.Client], tmp_path: Path) -> None:
    """A restart keeps messages, keys, webhooks and the clock, in a file that only its owner can read."""
    for expected in (202, 200):
        with Sandbox(db=tmp_path / "blooio.db", clock="stepped") as sandbox:
            api = connect(sandbox)
            if expected == 202:
                sandbox.advance(seconds=3600)
            assert api.post(CHAT, json={"text": "Hello"}, headers={"Idempotency-Key": "a"}).status_code == expected
            assert api.get(CHAT).json()["pagination"]["total"] == 1
    with Sandbox(db=tmp_path / "blooio.db") as sandbox:
        sandbox.advance(seconds=2)
        assert sandbox.messages[0].status == "delivered"
    assert (tmp_path / "blooio.db").stat().st_mode & 0o077 == 0


def test_pending_deliveries_continue_after_a_restart(
    connect: Callable[[Sandbox], httpx.Client], tmp_path: Path
) -> None:
    """Pending deliveries continue after a restart."""
    with Sandbox(db=tmp_path / "blooio.db", clock="stepped") as sandbox:
        webhook = connect(sandbox).post("/webhooks", json={"webhook_url": "http://127.0.0.1:1/hook"}).json()
        connect(sandbox).post(CHAT, json={"text": "Hello"})
    with Sandbox(db=tmp_path / "blooio.db", clock="stepped") as sandbox:
        sandbox.advance(seconds=1)
        sandbox.wait_for_deliveries()
        logs = connect(sandbox).get(f"/webhooks/{webhook['webhook_id']}/logs").json()["logs"]

    assert [log["metadata"]["event_name"] for log in logs] == ["message.sent"]


def test_a_reset_clears_everything(api: httpx.Client, sandbox: Sandbox) -> None:
    """A reset clears messages, requests, webhooks, faults and keys."""
    api.post("/webhooks", json={"webhook_url": "https://example.com/hook"})
    api.post(CHAT, json={"text": "Hello"}, headers={"Idempotency-Key": "a"})
    sandbox.fail_next(503)
    sandbox.reset()

    assert (sandbox.messages, sandbox.requests) == ([], [])
    assert api.get("/webhooks").json() == {"webhooks": []}
    assert api.post(CHAT, json={"text": "Hello"}, headers={"Idempotency-Key": "a"}).status_code == 202


def test_a_port_in_use_raises() -> None:
    """A port in use raises an error that names it, and nothing stays open."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortInUseError, match=str(port)):
            Sandbox(port=port).start()


def test_a_sandbox_is_used_while_it_runs() -> None:
    """Only a running sandbox has an address; a second start fails, and a second stop does nothing."""
    sandbox = Sandbox()
    with pytest.raises(RuntimeError, match="not running"):
        _ = sandbox.base_url
    sandbox.start()
    with pytest.raises(RuntimeError, match="already"):
        sandbox.start()
    assert sandbox.base_url in repr(sandbox)
    sandbox.stop()
    sandbox.stop()
    assert repr(sandbox) == "Sandbox(not started)"


@pytest.mark.parametrize("host", ["localhost", pytest.param("::1", marks=IPV6)])
def test_it_listens_on_other_names_of_loopback(connect: Callable[[Sandbox], httpx.Client], host: str) -> None:
    """The base URL uses the given host."""
    with Sandbox(host=host) as sandbox:
        assert host in sandbox.base_url
        assert connect(sandbox).get("/me").status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.com", ""])  # noqa: S104 - rejected
def test_it_listens_on_loopback_only(host: str) -> None:
    """Hosts other than loopback are rejected."""
    with pytest.raises(NotLoopbackError, match="loopback"):
        Sandbox(host=host).start()


def test_many_threads_send_at_once(connect: Callable[[Sandbox], httpx.Client], sandbox: Sandbox) -> None:
    """Under load, each message is accepted once."""
    api = connect(sandbox)

    def send(key: str) -> None:
        api.post(CHAT, json={"text": key}, headers={"Idempotency-Key": key})

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(send, [f"key-{index % 10}" for index in range(20)]))

    assert len(sandbox.messages) == 10
    sandbox.assert_no_duplicates()


def test_time_moves_forward_only(sandbox: Sandbox) -> None:
    """The clock cannot be turned back."""
    with pytest.raises(ValueError, match="forward"):
        sandbox.advance(seconds=-1)


@pytest.mark.parametrize("seconds", [1e300, float("inf"), float("nan"), 4e9])
def test_time_stays_within_a_century(api: httpx.Client, sandbox: Sandbox, seconds: float) -> None:
    """A longer advance raises and changes nothing, since dates out of range would break later requests."""
    with pytest.raises(ValueError, match="seconds must be"):
        sandbox.advance(seconds=seconds)

    assert api.post(CHAT, json={"text": "Hello"}).status_code == 202


def test_time_ends_with_the_year_3000(sandbox: Sandbox) -> None:
    """Repeated advances end at the year 3000, before dates can no longer be written."""
    with pytest.raises(ValueError, match="year 3000"):  # noqa: PT012 - the one that raises is unknown
        for _ in range(20):
            sandbox.advance(seconds=3e9)
    sandbox.advance(seconds=1)


@pytest.mark.parametrize("option", ["status_delay", "retry_schedule", "webhook_timeout"])
def test_delays_stay_within_a_century(option: str) -> None:
    """Delays of more than a century raise an error."""
    with pytest.raises(ValueError, match=option):
        Sandbox(**{option: [1e300] if option == "retry_schedule" else 1e300})  # type: ignore[arg-type]


def test_a_phone_waits_for_a_message(api: httpx.Client, sandbox: Sandbox) -> None:
    """`wait_for` returns the latest message from the API, and ignores the phone's own."""
    phone = sandbox.phone("+15551234567")
    phone.sends("Hello")
    with pytest.raises(TimeoutError):
        phone.wait_for(timeout=0.01)
    sender = threading.Thread(target=lambda: api.post(CHAT, json={"text": "Hi"}))
    sender.start()

    assert phone.wait_for(text="Hi").direction == "outbound"
    sender.join()
    assert [message.text for message in phone.messages] == ["Hello", "Hi"]


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="Windows cannot stop a process")
def test_a_pause_of_the_machine_does_not_use_up_a_timeout() -> None:
    """While a machine pauses, as in CI, the timeout of `wait_for` does not pass."""
    program = """
import sys, threading
from blooio_client import Blooio
from blooio_sandbox import Sandbox

def send():
    sys.stdin.readline()
    with Blooio(sandbox.api_key, base_url=sandbox.base_url) as client:
        client.chat("+15551234567").send("Hi")

with Sandbox() as sandbox:
    threading.Thread(target=send).start()
    print("waits", flush=True)
    print(sandbox.phone("+15551234567").wait_for("Hi", timeout=3.0).text, flush=True)
"""
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "waits\n"
        process.send_signal(signal.SIGSTOP)
        time.sleep(3.5)  # the length of the pause, not a synchronization
        process.send_signal(signal.SIGCONT)
        assert process.communicate("\n", timeout=60)[0] == "Hi\n"


def test_invalid_actions_of_a_phone_raise(api: httpx.Client, sandbox: Sandbox) -> None:
    """Unknown messages, groups, reactions and options, and empty messages, raise an error."""
    phone = sandbox.phone("+15551234567")
    with pytest.raises(LookupError):
        phone.reacts("love")
    with pytest.raises(LookupError):
        phone.sends("Hi", group="grp_unknown")
    with pytest.raises(ValueError, match="text"):
        phone.sends()
    with pytest.raises(ValueError, match=r"attachments\[1\] must be an http\(s\) URL, not 'cat.png'"):
        phone.sends(attachments=["https://example.com/a.jpg", "cat.png"])
    for latitude, longitude in ((91, 0), (0, -181), (float("nan"), 0), (0, float("inf"))):
        with pytest.raises(ValueError, match="latitude must be from -90 to 90, and longitude from -180 to 180"):
            phone.shares_location(latitude, longitude)
    phone.sends("Hi")
    with pytest.raises(ValueError, match="tapback"):
        phone.reacts("+love")
    api.post("/chats/%2B15551234567/polls", json={"options": ["yes", "no"]})
    with pytest.raises(ValueError, match="maybe"):
        phone.votes("maybe")
    assert repr(phone) == "Phone('+15551234567')"


def test_a_frozen_clock() -> None:
    """With a frozen clock, as with freezegun, a sandbox starts, responds, delivers and stops."""
    program = """
import httpx, time
from blooio_sandbox import Sandbox
now = time.time()
time.time, time.time_ns = lambda: now, lambda: int(now * 1e9)
time.monotonic, time.monotonic_ns = lambda: 1.0, lambda: 1_000_000_000
with Sandbox() as sandbox:
    with httpx.Client(trust_env=False, timeout=60.0) as client:
        print(client.get(sandbox.base_url).status_code)
        sandbox.seed({"webhooks": [{"url": "http://127.0.0.1:1/"}]})
        sandbox.phone("+15551234567").sends("Hi")
        sandbox.wait_for_deliveries()
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)

    assert (result.stdout, result.returncode) == ("401\n", 0), result.stderr


def test_allow_network() -> None:
    """With `allow_network`, it listens on all interfaces with a random key, and serves only allowed names."""
    with Sandbox(host="0.0.0.0", allow_network=True, allowed_hosts=["Sandbox"]) as sandbox, Sandbox() as local:  # noqa: S104
        headers = {"Authorization": f"Bearer {sandbox.api_key}"}
        with httpx.Client(base_url=sandbox.base_url, headers=headers, trust_env=False, timeout=60.0) as client:
            named = [client.get("/me", headers={"Host": host}).status_code for host in ("sandbox:80", "other:80")]

        assert sandbox.base_url.startswith("http://127.0.0.1:")
        assert sandbox.api_key != local.api_key
        assert named == [200, 403]


def test_another_container_gets_addresses_that_it_can_use() -> None:
    """The base URL has the name that the client used, and attached files the first allowed name."""
    with Sandbox(host="0.0.0.0", allow_network=True, allowed_hosts=["Sandbox", "other"]) as sandbox:  # noqa: S104
        with httpx.Client(base_url=sandbox.page_url, trust_env=False, timeout=60.0) as client:
            asked = [client.get("", headers={"Host": host}).json() for host in ("other:9000", "localhost")]
            attached = client.post("files/a.txt", content=b"Hello").json()["url"]
            fetched = client.get(attached.partition("/_sandbox/")[2], headers={"Host": "sandbox"}).content
        port = sandbox.base_url.split(":")[2].removesuffix("/v2/api")

    assert [each["base_url"] for each in asked] == ["http://other:9000/v2/api", "http://localhost/v2/api"]
    assert attached.startswith(f"http://sandbox:{port}/_sandbox/files/")
    assert fetched == b"Hello"
