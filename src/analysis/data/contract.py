"""A table checked against its schema, and its failure told in one sentence.

Schemas are pandera's. A check's ``error`` is the end of a sentence that begins with the
offending value: ``Check.ge(0, error="is negative")``. Only single values are told, never
a row: rows of some sources are about people.
"""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from analysis.errors import DataContractError

_MEND = (
    "Correct the file or fetch it again; if the publisher has changed the layout, see "
    "docs/data-sources.md."
)


def validated(table: pd.DataFrame, schema: pa.DataFrameSchema, where: str) -> pd.DataFrame:
    """The table itself, once it has met its schema.

    Parameters
    ----------
    table : DataFrame
        What a reader made of a published file.
    schema : DataFrameSchema
        Names, types, ranges and keys that it promises.
    where : str
        File, for the error.

    Returns
    -------
    DataFrame
        ``table``, unchanged.

    Raises
    ------
    DataContractError
        Naming the column, the first bad value, how many there are, and what to do.

    Examples
    --------
    >>> schema = pa.DataFrameSchema(
    ...     {"age": pa.Column(int, pa.Check.lt(120, error="is no age"))}
    ... )
    >>> validated(pd.DataFrame({"age": [31, 140]}), schema, "people.csv")
    Traceback (most recent call last):
    ...
    analysis.errors.DataContractError: people.csv, column age: '140' is no age (1 row). ...
    """
    try:
        return schema.validate(table, lazy=True, inplace=True)
    except pa.errors.SchemaErrors as error:
        message = f"{where}{_sentence(error.failure_cases)} {_MEND}"
        raise DataContractError(message) from error


def _sentence(failures: pd.DataFrame) -> str:
    # A missing column explains most of what fails after it, so it is told first.
    shape = failures[failures["check"].isin(["column_in_dataframe", "column_in_schema"])]
    first = (shape if len(shape) else failures).iloc[0]
    value, column, check = first["failure_case"], first["column"], str(first["check"])
    same = (failures["check"] == check) & failures["column"].eq(column)
    rows = failures.loc[same, "index"].nunique()
    count = f"({rows} row{'s' if rows != 1 else ''})."
    if check == "column_in_dataframe":
        return f": column {value} is missing."
    if check == "column_in_schema":
        return f": column {value} is not expected."
    if check.startswith("dtype"):
        return f", column {column}: its type is {value}, not {_inside(check)}."
    if check == "not_nullable":
        return f", column {column}: blank where a value is needed {count}"
    if "uniqueness" in check:
        keys = _keys(failures, check)
        return f": rows occur twice by {keys}, the first with '{value}' {count}"
    return f", column {column}: '{value}' {_ending(check)} {count}"


def _keys(failures: pd.DataFrame, check: str) -> str:
    columns = failures.loc[failures["check"] == check, "column"].unique()
    return ", ".join(map(str, columns))


def _inside(check: str) -> str:
    return check[check.find("(") + 1 : -1].strip("'") if "(" in check else check


def _ending(check: str) -> str:
    # A check without its own wording is shown as pandera writes it: greater_than(0).
    return f"does not meet {check}" if check.endswith(")") and "(" in check else check
