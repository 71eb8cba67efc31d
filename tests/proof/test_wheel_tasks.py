"""The examples of twelve tasks, copied out of the repository, with the wheel and the packages in their table."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final

import attrs
import pytest
from forwarding import forwarding_proxy
from page_blocks import blocks
from waiting import wait_until
from wheel_places import environment_of, python_with

from blooio_client import Blooio
from blooio_sandbox import Sandbox

pytestmark = pytest.mark.proof

EXAMPLES: Final = Path(__file__).resolve().parents[2] / "examples"
ROW: Final = re.compile(r"^\| .+ \| `([\w./]+)` \| `(blooio-client.*)` \| \[", re.MULTILINE)
TASKS: Final = dict(ROW.findall((EXAMPLES / "README.md").read_text("utf-8")))
PHONE, OTHER = "+15551234567", "+15557654321"


@attrs.frozen
class User:
    """A user who copied one example to an empty folder, with a new virtual environment."""

    example: str
    python: str
    folder: Path
    sandbox: Sandbox

    def starts(self, *command: str, **settings: str) -> subprocess.Popen[str]:
        """Start a command in the folder, with stdout and stderr in one pipe."""
        key, url = self.sandbox.api_key, self.sandbox.base_url
        environment = environment_of(self.python, self.folder, BLOOIO_API_KEY=key, BLOOIO_BASE_URL=url, **settings)
        pipe, program = subprocess.PIPE, shutil.which(command[0], path=environment["PATH"])
        assert program, command[0]
        return subprocess.Popen(
            [program, *command[1:]], cwd=self.folder, env=environment, stdout=pipe, stderr=subprocess.STDOUT, text=True
        )

    def runs(self, *command: str, **settings: str) -> str:
        """Run a command to its end, and return what it printed."""
        with self.starts(*command, **settings) as process:
            said, _ = process.communicate(timeout=120)
        assert process.returncode == 0, said
        return said

    def texts(self) -> list[str | None]:
        """Return the texts of all messages."""
        return [message.text for message in self.sandbox.messages]

    @contextmanager
    def serves(self, *command: str, kind: str = "message") -> Generator[None]:
        """Subscribe a server to webhooks, and run it while a block runs."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        with Blooio(self.sandbox.api_key, base_url=self.sandbox.base_url) as client:
            secret = client.webhooks.create(f"http://127.0.0.1:{port}/blooio", type=kind).signing_secret
        assert secret
        with self.starts(*command, "--port", str(port), BLOOIO_WEBHOOK_SECRET=secret.reveal()) as server:
            assert server.stdout
            said: list[str] = []
            for line in server.stdout:
                said.append(line)
                if "running on http" in line.lower():
                    break
            else:
                pytest.fail("".join(said))
            yield
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=30)


def one_message(user: User) -> None:
    """The message is sent, and its status is printed."""
    assert "sent" in user.runs("python", user.example, PHONE, "See you!")
    assert user.texts() == ["See you!"]


def reminders(user: User) -> None:
    """After a kill and a restart, each of 500 reminders is sent once."""
    rows = "".join(f"+1555200{number:04d},Guest {number},19:00\n" for number in range(500))
    (user.folder / "appointments.csv").write_text(f"phone,name,time\n{rows}")
    command, fast = ("python", user.example, "appointments.csv"), {"PER_MINUTE": "1000000", "QUIET": "no"}
    with user.starts(*command, **fast) as victim:
        user.sandbox.phone("+15552000100").wait_for(timeout=60)
        victim.kill()
    user.runs(*command, **fast)

    assert len({message.chat_id for message in user.sandbox.messages}) == len(user.sandbox.messages) == 500


def replying(*command: str) -> Callable[[User], None]:
    """Return a task: a bot, served by a command, replies to a message."""

    def task(user: User) -> None:
        with user.serves(*command):
            user.sandbox.phone(PHONE).sends("Hi")
            user.sandbox.phone(PHONE).wait_for("You wrote: Hi", timeout=30)

    return task


def group_assistant(user: User) -> None:
    """A command becomes a poll, and two votes decide it."""
    with Blooio(user.sandbox.api_key, base_url=user.sandbox.base_url) as client:
        group = client.groups.create("Lunch", members=[PHONE, OTHER]).group_id
    with user.serves("flask", "--app", "group_assistant", "run", kind="all"):
        user.sandbox.phone(PHONE).sends("/poll Lunch? Pizza, Sushi", group=group)
        wait_until(lambda: any(request.operation == "sendPoll" for request in user.sandbox.requests))
        for phone in (PHONE, OTHER):
            user.sandbox.phone(phone).votes("Sushi", group=group)
        wait_until(lambda: "It is Sushi!" in user.texts())

    assert user.texts().count("It is Sushi!") == 1


def crm_sync(user: User) -> None:
    """Each new message is reported once."""
    user.sandbox.phone(PHONE).sends("Is my order ready?")
    assert [user.runs("python", user.example) for _ in range(2)] == [
        "2 contacts, 1 new messages\n",
        "2 contacts, 0 new messages\n",
    ]


def pytest_suite(user: User) -> None:
    """The tests pass with the fixtures of the package."""
    assert "3 passed" in user.runs("pytest", user.example)


def notebook(user: User) -> None:
    """IPython runs the cells, and their output contains no text and no phone number."""
    driver = python_with(user.folder / "driver", "nbclient")
    # Jupyter is installed elsewhere, like an editor's; the kernel is the user's.
    kernels = user.folder / "share" / "kernels" / "user"
    kernels.mkdir(parents=True)
    argv = [user.python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (kernels / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "user", "language": "python"}))
    user.runs(
        driver,
        "-m",
        "jupyter",
        "execute",
        "--inplace",
        "--kernel_name=user",
        user.example,
        JUPYTER_PATH=str(kernels.parents[1]),
    )
    cells = json.loads((user.folder / user.example).read_bytes())["cells"]
    shown = ["".join(output["data"]["text/plain"]) for cell in cells for output in cell.get("outputs", [])]

    assert shown[0].startswith("<Me valid=True")
    assert shown[-2:] == ["['outbound']", "1"]
    assert "Hello" not in "".join(shown)
    assert PHONE not in "".join(shown)
    assert user.texts() == ["Hello from a notebook!"]


def concurrent_sends(user: User) -> None:
    """After a cancellation and a retry, 200 sends are 200 messages."""
    assert "all 200 have it" in user.runs("python", user.example)
    assert len(user.sandbox.messages) == 200


def own_client(user: User) -> None:
    """The message goes through the proxy."""
    with forwarding_proxy() as (url, seen):
        user.runs("python", user.example, PROXY=url)

    assert len(seen) == 1
    assert user.texts() == ["Hello through the proxy"]


def lambda_receiver(user: User) -> None:
    """A test event is accepted and replied to."""
    assert user.runs("python", user.example) == "{'statusCode': 200} {'statusCode': 200}\n"
    assert user.texts() == ["You wrote: Hi"]


def command_line(user: User) -> None:
    """The script sends one message."""
    user.runs("bash", user.example, PHONE)
    assert user.texts() == ["Your table is booked."]


DONE: Final[Mapping[str, Callable[[User], None]]] = MappingProxyType(
    {
        "one_message.py": one_message,
        "reminders.py": reminders,
        "webhooks_fastapi.py": replying("uvicorn", "webhooks_fastapi:app"),
        "webhooks_flask.py": replying("flask", "--app", "webhooks_flask", "run"),
        "group_assistant.py": group_assistant,
        "crm_sync.py": crm_sync,
        "pytest_suite/": pytest_suite,
        "notebook.ipynb": notebook,
        "concurrent_sends.py": concurrent_sends,
        "own_client.py": own_client,
        "lambda_receiver.py": lambda_receiver,
        "command_line.sh": command_line,
    }
)


def test_the_table_has_all_tasks() -> None:
    """The table of the examples has all twelve tasks."""
    assert TASKS.keys() == DONE.keys()


@pytest.mark.skipif(sys.platform == "win32", reason="one of the tasks is a script for bash")
@pytest.mark.parametrize("example", list(DONE))
def test_an_example_does_its_task(example: str, wheel: Path, blooio_sandbox: Sandbox, tmp_path: Path) -> None:
    """With only the wheel and the packages in the table, the example does its task."""
    packages = [word.replace("blooio-client", str(wheel)) for word in TASKS[example].split()]
    python = python_with(tmp_path / "venv", *packages)
    folder = tmp_path / "work"
    folder.mkdir()
    source = EXAMPLES / example
    if source.is_dir():
        shutil.copytree(source, folder / example, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, folder)
    DONE[example](User(example, python, folder, blooio_sandbox))

    blooio_sandbox.assert_no_duplicates()


@pytest.mark.parametrize(
    ("page", "packages"),
    [
        ("README.md", "blooio-client[sandbox]"),
        ("docs/index.md", "blooio-client[sandbox]"),
        ("docs/guides/data.md", "blooio-client[fast] pandas pydantic"),
    ],
)
def test_a_page_runs_from_the_wheel(
    page: str, packages: str, wheel: Path, blooio_sandbox: Sandbox, tmp_path: Path
) -> None:
    """The README, the quickstart and the recipes for pandas and pydantic run unchanged, with the packages they name."""
    python = python_with(tmp_path / "venv", *(word.replace("blooio-client", str(wheel)) for word in packages.split()))
    blooio_sandbox.phone(PHONE).sends("Is there a table?")
    (tmp_path / "page.py").write_text("\n".join(blocks(EXAMPLES.parent / page)), "utf-8")
    said = User("page.py", python, tmp_path, blooio_sandbox).runs("python", "-W", "error", "page.py")

    assert "Is there a table?" in said or "inbound" in said
