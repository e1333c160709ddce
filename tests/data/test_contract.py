import pandas as pd
import pandera.pandas as pa
import pytest

from analysis.data.contract import validated
from analysis.errors import DataContractError

SCHEMA = pa.DataFrameSchema(
    {
        "count": pa.Column("Int64", pa.Check.ge(0, error="is negative"), nullable=True),
        "area": pa.Column(str, pa.Check.isin(["a", "b"])),
    },
    strict=True,
    unique=["area"],
)


def table(**changes):
    return pd.DataFrame({"count": pd.array([1, None], "Int64"), "area": ["a", "b"]} | changes)


def test_a_table_that_meets_its_schema_comes_back_unchanged():
    pd.testing.assert_frame_equal(validated(table(), SCHEMA, "made-up.csv"), table())


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (
            table(count=pd.array([-1, -2], "Int64")),
            "column count: '-1' is negative (2 rows)",
        ),
        (table(area=["a", None]), "column area: blank where a value is needed (1 row)"),
        (table().drop(columns="area"), ": column area is missing"),
        (table(extra=1), ": column extra is not expected"),
        (table(area=["a", "z"]), "column area: 'z' does not meet isin(['a', 'b']) (1 row)"),
        (table(area=["a", "a"]), "rows occur twice by area, the first with 'a' (2 rows)"),
        (table(count=[1.5, 2.5]), "column count: its type is float64, not Int64"),
    ],
)
def test_each_kind_of_failure_is_one_sentence(bad, sentence):
    with pytest.raises(DataContractError) as caught:
        validated(bad, SCHEMA, "made-up.csv")
    message = str(caught.value)
    assert message.startswith("made-up.csv")
    assert sentence in message
    assert "fetch it again" in message
    assert "\n" not in message


def test_a_failure_tells_one_value_and_not_the_rest_of_its_row():
    people = table(count=pd.array([-1, 2], "Int64"), area=["b", "a"])
    with pytest.raises(DataContractError) as caught:
        validated(people, SCHEMA, "people.csv")
    assert "'b'" not in str(caught.value)
