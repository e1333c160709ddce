"""Order of the tests, those of ``src`` (doctests) and of ``tests`` alike."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put slow tests last, so that a plain mistake is told within seconds."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)
