"""Run a command that never ends until it has written a line, then press Ctrl-C: python until_ctrl_c.py COMMAND..."""

import signal
import subprocess
import sys

with subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
    assert process.stdout is not None
    line = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate()
print(line + rest, end="")
sys.exit(1 if not line or line.startswith("blooio:") or process.returncode not in (0, 130) else 0)
