"""Small made-up files in a publisher's layout, written for one test."""

import csv
import gzip
import io
from pathlib import Path

import pytest


@pytest.fixture
def made_up(tmp_path):
    """Writer of a made-up published file: a header, rows of text, and its name."""

    def write(header: list[str], rows: list[list[str]], name: str = "made-up.csv") -> Path:
        text = io.StringIO()
        csv.writer(text).writerows([header, *rows])
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        content = text.getvalue().encode()
        path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
        return path

    return write
