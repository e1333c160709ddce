"""Figures added up by another path than the package's: the tables as plain text."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

FIGURES = Path(__file__).parents[2] / "data/figures"
REFERENCE = Path(__file__).parents[2] / "data/reference"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="session")
def added_up() -> Callable[..., int]:
    """Offences of areas in some months, on the location basis, newest publication first."""
    newest = _rows(FIGURES / "monthly_offences_location_current_2026-04.csv")
    older = _rows(FIGURES / "monthly_offences_location_current_2025-06.csv")
    schemes = _rows(REFERENCE / "schemes.csv")

    def add(areas: list[str], measure: str, first: str, last: str) -> int:
        members = {row["offence_group"] for row in schemes if row["scheme"] == measure}
        members = members or {measure}
        total = 0
        for month in newest[0].keys() | older[0].keys():
            if month[:2] == "20" and first <= month <= last:
                table = newest if month in newest[0] else older
                total += sum(
                    int(row[month])
                    for row in table
                    if row["area_code"] in areas and row["offence_group"] in members
                )
        return total

    return add


@pytest.fixture(scope="session")
def residents() -> Callable[[str, int], int]:
    """Residents of an area in a year."""
    held = {
        (row["area_code"], int(row["year"])): int(row["population_count"])
        for row in _rows(FIGURES / "population.csv")
    }
    return lambda code, year: held[code, year]
