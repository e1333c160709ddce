"""A made-up borough file, in the layout and on the list that a test asks for."""

import csv
import gzip
import io
from pathlib import Path

import pandas as pd
import pytest

from analysis.params.areas import area_name, borough_codes
from analysis.project import project_root

HEADER = ("MajorText", "MinorText", "BoroughName")
MONTHS = ("202404", "202405", "202406")


@pytest.fixture
def borough_rows():
    """Writer of rows, a borough and category each: major, minor, borough, then counts.

    Every count is 2, so that a sum says how many rows went into it.
    """

    def rows(
        category_list: str = "location_2025", months: int = len(MONTHS)
    ) -> list[list[str]]:
        categories = pd.read_csv(project_root() / "data/reference/offence_groups.csv")
        chosen = categories[categories["category_list"] == category_list]
        names = [area_name(code) for code in borough_codes()]
        return [
            [major, minor, name, *["2"] * months]
            for name in [*names, "Unknown"]
            for major, minor in zip(
                chosen["major_category"], chosen["minor_category"], strict=True
            )
        ]

    return rows


@pytest.fixture
def borough_file(tmp_path: Path):
    """Writer of a file from rows of text, gzipped where its name ends so."""

    def write(
        rows: list[list[str]],
        header: tuple[str, ...] = (*HEADER, *MONTHS),
        name: str = "made-up.csv",
    ) -> Path:
        text = io.StringIO()
        csv.writer(text).writerows([header, *rows])
        content = text.getvalue().encode()
        path = tmp_path / name
        path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
        return path

    return write
