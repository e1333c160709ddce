"""Months given on the command line, refused before anything is read."""

from __future__ import annotations

import re

from analysis.errors import ParamsError

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def refuse_unless_months(*given: str | None) -> None:
    """Refuse anything given that is not written ``YYYY-MM``.

    Raises
    ------
    ParamsError

    Examples
    --------
    >>> refuse_unless_months("2012-03", None)
    >>> refuse_unless_months("March 2012")
    Traceback (most recent call last):
    ...
    analysis.errors.ParamsError: 'March 2012' is not a month. Write YYYY-MM, such as 2012-03.
    """
    for month in given:
        if month is not None and not _MONTH.fullmatch(month):
            message = f"'{month}' is not a month. Write YYYY-MM, such as 2012-03."
            raise ParamsError(message)
