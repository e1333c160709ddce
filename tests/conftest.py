"""Fixtures that every test folder may use."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def mirror() -> Path:
    """Folder with the published files; tests that need them skip where none is set."""
    named = os.environ.get("CSP_MIRROR")
    if not named:
        pytest.skip("CSP_MIRROR is not set: no folder with the published files to read")
    return Path(named)
