"""What the tests of the commands share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis.cli import main


@pytest.fixture(scope="session")
def code_of() -> Callable[..., int]:
    """Run ``csp`` with arguments; its exit code."""

    def run(*arguments: str) -> int:
        try:
            main(list(arguments))
        except SystemExit as leaving:
            return int(leaving.code or 0)
        return 0

    return run
