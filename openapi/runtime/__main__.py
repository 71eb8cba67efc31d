# Generated from openapi/ by `make generate`. Do not edit.
"""`python -m blooio_client` runs the command `blooio`."""

from blooio_cli.entry import main

raise SystemExit(main())
