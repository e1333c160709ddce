"""Columns that the tables of many readers share, as pandera columns.

One definition each of a month, an area, a count, a repeated text and a flag, so that the
same name has the same type and range in every table.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import pandera.pandas as pa

from analysis.data.months import MONTH_DTYPE

FIRST_MONTH = pd.Timestamp("1990-01-01")
# No published table reaches back further; an earlier date is a placeholder or a slip.


def month_column(*, nullable: bool = False) -> pa.Column:
    """First-of-month dates from 1990 on."""
    checks = [
        pa.Check.ge(FIRST_MONTH, error="is before 1990"),
        pa.Check(lambda dates: dates.dt.day == 1, error="is not the first of a month"),
    ]
    return pa.Column(MONTH_DTYPE, checks, nullable=nullable)


def area_column(*, nullable: bool = False) -> pa.Column:
    """Area codes, already matched to known areas."""
    return pa.Column("category", nullable=nullable)


def count_column(*, least: int = 0, nullable: bool = False) -> pa.Column:
    """Whole numbers, missing only where a publisher left or struck out a value."""
    check = pa.Check.ge(least, error=f"is below {least}")
    return pa.Column("Int64", check, nullable=nullable)


def text_column(known: Iterable[str] | None = None, *, nullable: bool = False) -> pa.Column:
    """Repeated text, one of the known words where they are given."""
    listed = list(known or ())
    error = f"is not one of {', '.join(listed)}"
    check = pa.Check.isin(listed, error=error) if listed else None
    return pa.Column("category", check, nullable=nullable)


def code_column(pattern: str, kind: str, *, nullable: bool = False) -> pa.Column:
    """Published codes of one form, such as a ward's ``E05`` and six digits."""
    check = pa.Check.str_matches(f"^(?:{pattern})$", error=f"is not the code of {kind}")
    return pa.Column("category", check, nullable=nullable)


def flag_column() -> pa.Column:
    """True or false, never missing."""
    return pa.Column(bool)
