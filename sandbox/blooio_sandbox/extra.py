"""The packages in the extra `sandbox`."""

from __future__ import annotations

from importlib.util import find_spec

NEEDED_MODULES: tuple[str, ...] = (
    "jsonschema_rs",
    "phonenumbers",
    "python_multipart",
    "starlette",
    "uvicorn",
    "yaml",
)
MISSING_EXTRA: str = 'The sandbox needs packages of its own: pip install "blooio-client[sandbox]"'


def is_installed() -> bool:
    """Return whether every package that the sandbox needs is installed."""
    return all(find_spec(module) is not None for module in NEEDED_MODULES)
