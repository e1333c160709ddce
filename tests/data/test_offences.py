import pandas as pd
import pytest

from analysis.data.offences import (
    is_on_list,
    load_offence_groups,
    map_offence_groups,
    measure_label,
    members,
)
from analysis.data.readers.borough_monthly import read_borough_monthly
from analysis.errors import DataContractError, ParamsError
from analysis.params.measure_names import known_measures
from analysis.project import project_root

LISTS = ("until_2019", "location_2026", "location_2025", "policing_detail")


@pytest.fixture(scope="module")
def categories():
    return pd.read_csv(project_root() / "data/reference/offence_groups.csv", dtype=str)


def mapped(path):
    return map_offence_groups(read_borough_monthly(path), where="made-up.csv")


def one_month(table, area_code, group):
    row = table[(table["area_code"] == area_code) & (table["offence_group"] == group)]
    return row["offence_count"].iloc[0]


def test_every_category_goes_to_a_known_group_once(categories):
    assert set(categories["offence_group"]) <= set(load_offence_groups().index)
    key = ["category_list", "major_category", "minor_category"]
    assert not categories.duplicated(key).any()


@pytest.mark.parametrize("category_list", LISTS)
def test_every_published_count_goes_into_one_group(borough_file, borough_rows, category_list):
    rows = borough_rows(category_list)
    table = mapped(borough_file(rows))
    # Two offences a cell, three months: nothing lost, nothing counted twice.
    assert table["offence_count"].sum() == len(rows) * 2 * 3


def test_the_two_kinds_of_residential_burglary_make_one_group(borough_file, borough_rows):
    table = mapped(borough_file(borough_rows("location_2026")))
    assert one_month(table, "E09000015", "residential_burglary") == 6
    assert one_month(table, "E09000015", "business_burglary") == 2


def test_stalking_is_in_violence_without_injury_on_every_current_list(
    borough_file, borough_rows
):
    shown_apart = mapped(borough_file(borough_rows("location_2026")))
    shown_within = mapped(borough_file(borough_rows("location_2025")))
    assert one_month(shown_apart, "E09000015", "violence_without_injury") == 4
    assert one_month(shown_within, "E09000015", "violence_without_injury") == 2


def test_a_category_that_appears_is_named(borough_file, borough_rows):
    rows = [*borough_rows(), ["THEFT", "THEFT OF DRONES", "Harrow", "1", "1", "1"]]
    with pytest.raises(DataContractError, match="1 offence category has appeared") as refused:
        mapped(borough_file(rows))
    assert "THEFT / THEFT OF DRONES" in str(refused.value)
    assert "data/reference/offence_groups.csv" in str(refused.value)


def test_a_category_that_vanishes_is_named(borough_file, borough_rows):
    rows = [row for row in borough_rows() if row[1] not in {"SHOPLIFTING", "BICYCLE THEFT"}]
    with pytest.raises(
        DataContractError, match="2 offence categories have vanished"
    ) as refused:
        mapped(borough_file(rows))
    assert "THEFT / SHOPLIFTING" in str(refused.value)


def test_a_renamed_category_appears_and_is_not_taken_for_another(borough_file, borough_rows):
    rows = [
        [row[0], row[1].replace("SHOPLIFTING", "SHOP THEFT"), *row[2:]]
        for row in borough_rows()
    ]
    with pytest.raises(DataContractError, match="THEFT / SHOP THEFT"):
        mapped(borough_file(rows))


def test_a_category_that_is_not_always_published_may_be_absent(borough_file, borough_rows):
    rows = [row for row in borough_rows() if row[1] != "NFIB"]
    assert "nfib_fraud" not in set(mapped(borough_file(rows))["offence_group"])


def test_what_a_publication_leaves_out_may_be_absent_and_nothing_else(
    borough_file, borough_rows
):
    rows = [row for row in borough_rows() if row[0] != "SEXUAL OFFENCES"]
    table = read_borough_monthly(borough_file(rows))
    groups = map_offence_groups(table, where="made-up.csv", left_out=("rape", "other_sexual"))
    assert "rape" not in set(groups["offence_group"])
    with pytest.raises(DataContractError, match="SEXUAL OFFENCES / OTHER SEXUAL OFFENCES"):
        map_offence_groups(table, where="made-up.csv", left_out=("rape",))


def test_a_borough_without_a_row_of_a_category_has_none_of_it(borough_file, borough_rows):
    rows = [row for row in borough_rows() if (row[1], row[2]) != ("HOMICIDE", "Harrow")]
    assert one_month(mapped(borough_file(rows)), "E09000015", "homicide") == 0


def test_a_blank_category_leaves_its_whole_group_missing(borough_file, borough_rows):
    rows = borough_rows("location_2026")
    for row in rows:
        if (row[1], row[2]) == ("DOMESTIC BURGLARY", "Harrow"):
            row[3] = ""
    table = mapped(borough_file(rows))
    assert pd.isna(one_month(table, "E09000015", "residential_burglary"))
    assert one_month(table, "E09000015", "business_burglary") == 2


def test_the_order_of_rows_does_not_matter(borough_file, borough_rows):
    rows = borough_rows()
    straight = mapped(borough_file(rows))
    turned = mapped(borough_file(rows[::-1], name="turned.csv"))
    pd.testing.assert_frame_equal(straight, turned)


def test_total_holds_every_group_but_fraud_recorded_nationally():
    groups = set(load_offence_groups().index)
    assert set(members("total")) == groups - {"nfib_fraud"}
    assert set(members("total")) - set(members("total_without_fraud")) == {"fraud_and_forgery"}


def test_victim_based_is_total_without_fraud_and_crimes_against_society():
    society = {
        "drug_possession",
        "drug_trafficking",
        "weapons",
        "public_order",
        "miscellaneous",
    }
    left_out = set(members("total")) - set(members("victim_based"))
    assert left_out == society | {"fraud_and_forgery"}


def test_mopac7_is_its_seven_crimes():
    # Violence with injury, robbery, burglary, theft of and from vehicles, theft from the
    # person, criminal damage (with arson, which was within it).
    assert len(members("mopac7")) == 10
    assert "violence_without_injury" not in members("mopac7")
    assert {"business_robbery", "business_burglary", "arson"} <= set(members("mopac7"))


def test_a_measure_that_the_old_list_cannot_show_is_said_so():
    assert not is_on_list("public_order", "old")
    assert is_on_list("total", "old")


def test_every_measure_has_a_label_and_a_misspelt_one_a_suggestion():
    assert all(measure_label(measure) for measure in known_measures())
    with pytest.raises(ParamsError, match="Did you mean 'shoplifting'"):
        members("shoplifing")
