import json

import pandas as pd
import pytest

from analysis.data import compile as compiling
from analysis.data.compile import (
    Field,
    TableSpec,
    compile_tables,
    months_across,
    require_sum,
)
from analysis.errors import DataContractError, SourceError


def spec(name="burglary", build=None, **changes):
    fields = {"area_code": Field("string", "GSS code"), "rate": Field("number", "a rate")}
    made = pd.DataFrame({"area_code": ["E09000016", "E09000015"], "rate": [0.1 + 0.2, 7.0]})
    return TableSpec(
        name=name,
        title="Made up",
        source_ids=("made_up_source",),
        fields=changes.get("fields", fields),
        primary_key=("area_code",),
        build=build or (lambda load: made),
    )


def compiled(folder, *specs, **options):
    return compile_tables(
        specs, lambda source_id: pd.DataFrame(), lambda source_id: {"id": source_id}, folder,
        **options,
    )  # fmt: skip


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_compiling_twice_gives_the_same_bytes(tmp_path):
    compiled(tmp_path / "once", spec(), spec("robbery"))
    compiled(tmp_path / "twice", spec(), spec("robbery"))
    assert contents(tmp_path / "once") == contents(tmp_path / "twice")
    assert set(contents(tmp_path / "once")) == {
        "burglary.csv",
        "robbery.csv",
        "datapackage.json",
    }


def test_the_order_in_which_rows_are_made_does_not_show(tmp_path):
    first = pd.DataFrame({"area_code": ["b", "a"], "rate": [1.0, 2.0]})
    compiled(tmp_path / "once", spec(build=lambda load: first))
    compiled(tmp_path / "twice", spec(build=lambda load: first[::-1]))
    assert contents(tmp_path / "once") == contents(tmp_path / "twice")


def test_numbers_are_written_without_binary_dust_and_large_ones_whole(tmp_path):
    table = pd.DataFrame({"area_code": ["a", "b"], "rate": [0.1 + 0.2, 359_863_200.0]})
    compiled(tmp_path / "out", spec(build=lambda load: table))
    text = (tmp_path / "out/burglary.csv").read_text()
    assert text == "area_code,rate\na,0.3\nb,359863200\n"


def test_every_column_key_and_source_is_described(tmp_path):
    compiled(tmp_path / "out", spec())
    package = json.loads((tmp_path / "out/datapackage.json").read_text())
    resource = package["resources"][0]
    assert [field["name"] for field in resource["schema"]["fields"]] == ["area_code", "rate"]
    assert resource["schema"]["primaryKey"] == ["area_code"]
    assert resource["sources"] == [{"id": "made_up_source"}]
    assert resource["bytes"] == (tmp_path / "out/burglary.csv").stat().st_size


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"area_code": ["a"], "rate": [1.0], "extra": [1]}, r"undescribed \['extra'\]"),
        ({"area_code": ["a"]}, r"absent \['rate'\]"),
        ({"area_code": ["a", "a"], "rate": [1.0, 2.0]}, "not unique and complete"),
        ({"area_code": ["a", None], "rate": [1.0, 2.0]}, "not unique and complete"),
    ],
)
def test_a_table_that_breaks_its_description_is_refused(tmp_path, table, told):
    with pytest.raises(DataContractError, match=told):
        compiled(tmp_path / "out", spec(build=lambda load: pd.DataFrame(table)))


def test_nothing_is_written_when_one_table_fails(tmp_path):
    def missing(load):
        message = "made_up_source: not loaded."
        raise SourceError(message)

    compiled(tmp_path / "out", spec())
    before = contents(tmp_path / "out")
    other = pd.DataFrame({"area_code": ["a"], "rate": [9.0]})
    with pytest.raises(SourceError, match="made_up_source"):
        compiled(
            tmp_path / "out", spec(build=lambda load: other), spec("robbery", build=missing)
        )
    assert contents(tmp_path / "out") == before
    with pytest.raises(SourceError):
        compiled(tmp_path / "new", spec("robbery", build=missing))
    assert not (tmp_path / "new").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_table_that_is_compiled_no_more_is_taken_away(tmp_path):
    compiled(tmp_path / "out", spec(), spec("robbery"))
    compiled(tmp_path / "out", spec())
    assert set(contents(tmp_path / "out")) == {"burglary.csv", "datapackage.json"}


def test_figures_over_the_limit_are_refused_and_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr(compiling, "MAX_PACKAGE_BYTES", 100)
    with pytest.raises(DataContractError, match="over the limit of 100"):
        compiled(tmp_path / "out", spec())
    assert not (tmp_path / "out").exists()


def test_a_line_is_told_as_each_table_is_done(tmp_path):
    lines = []
    compiled(tmp_path / "out", spec(), spec("robbery"), tell=lines.append)
    assert lines[0].startswith("burglary: 2 rows, ")
    assert len(lines) == 2


def test_months_across_are_in_order_and_a_missing_month_is_blank():
    tidy = pd.DataFrame(
        {
            "area_code": ["a", "a", "b"],
            "month": pd.to_datetime(["2011-01-01", "2010-12-01", "2011-01-01"]),
            "offence_count": pd.array([3, 2, 1], dtype="Int64"),
        }
    )
    wide = months_across(tidy, ["area_code"], "offence_count")
    assert list(wide.columns) == ["area_code", "2010-12", "2011-01"]
    assert wide["2010-12"].isna().tolist() == [False, True]


def test_a_sum_that_is_not_the_published_one_is_refused_with_both():
    with pytest.raises(
        DataContractError, match="adds up to 1,999, the published file to 2,000"
    ):
        require_sum(pd.Series([1_000, 999]), pd.Series([2_000]), where="made_up_source")
