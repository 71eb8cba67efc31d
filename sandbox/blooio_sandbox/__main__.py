"""`python -m blooio_sandbox` runs the command `blooio-sandbox`."""

from __future__ import annotations

from blooio_sandbox.command import main

raise SystemExit(main())
