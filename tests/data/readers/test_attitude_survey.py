import pandas as pd
import pytest

from analysis.data.readers.attitude_survey import (
    MEASURES,
    read_attitude_survey_borough,
    read_attitude_survey_london,
)
from analysis.errors import DataContractError

HEADER = ",Date,Survey,Borough,Measure,Proportion,MPS\n"
BOROUGH_FILE = "mopac/pas_borough_2014-12_2023-12.csv"
LONDON_FILE = "mopac/pas_london_2014-12_2025-09.csv"


def borough_file(tmp_path, *rows):
    # Made up: a few rows in the published layout.
    path = tmp_path / "survey.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def london_file(tmp_path, *rows):
    path = tmp_path / "survey.csv"
    path.write_text("date,measure,proportion\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_both_spellings_of_richmond_and_city_of_westminster_become_codes(tmp_path):
    table = read_attitude_survey_borough(
        borough_file(
            tmp_path,
            "0,12/31/2014,PAS,Richmond upon Thames,Trust MPS,0.78,0.67",
            "1,6/30/2023,PAS,Richmond Upon Thames,Trust MPS,0.53,0.48",
            "2,6/30/2023,PAS,City of Westminster,Trust MPS,0.61,0.48",
        )
    )
    assert table["area_code"].tolist() == ["E09000027", "E09000027", "E09000033"]


def test_dates_are_read_month_first(tmp_path):
    table = read_attitude_survey_borough(
        borough_file(tmp_path, "0,6/30/2023,PAS,Harrow,Trust MPS,0.5,0.5")
    )
    assert table["quarter"].tolist() == [pd.Timestamp("2023-06-30")]


@pytest.mark.parametrize("date", ["30/06/2023", "7/30/2023", "2023-06-30", ""])
def test_a_date_that_does_not_end_a_quarter_month_first_is_refused(tmp_path, date):
    path = borough_file(tmp_path, f"0,{date},PAS,Harrow,Trust MPS,0.5,0.5")
    with pytest.raises(DataContractError, match="not the last day of a quarter"):
        read_attitude_survey_borough(path)


def test_quoted_measure_name_gets_the_same_id_in_both_files(tmp_path):
    quoted = '0,12/31/2014,PAS,Harrow,"""Good Job"" local",0.74,0.67'
    table = read_attitude_survey_borough(borough_file(tmp_path, quoted))
    assert table["measure"].tolist() == ["good_job_local"]
    assert table["measure_label"].tolist() == ['"Good Job" local']
    london = read_attitude_survey_london(
        london_file(tmp_path, "Dec-14,Police do a good job in the local area,67")
    )
    assert london["measure"].tolist() == ["good_job_local"]


def test_proportions_and_percentages_both_become_percentages(tmp_path):
    table = read_attitude_survey_borough(
        borough_file(tmp_path, "0,12/31/2014,PAS,Harrow,Trust MPS,0.57,0.07")
    )
    assert table[["value_pct", "london_pct"]].to_numpy().tolist() == [[57.0, 7.0]]


def test_percentages_in_the_file_of_proportions_are_refused(tmp_path):
    path = borough_file(tmp_path, "0,12/31/2014,PAS,Harrow,Trust MPS,57,0.67")
    with pytest.raises(DataContractError, match="'57' is not a proportion"):
        read_attitude_survey_borough(path)


def test_an_unknown_measure_is_refused_with_the_nearest_known(tmp_path):
    path = borough_file(tmp_path, "0,12/31/2014,PAS,Harrow,Trust MP,0.57,0.67")
    with pytest.raises(DataContractError, match="Did you mean 'Trust MPS'"):
        read_attitude_survey_borough(path)


def test_a_row_that_occurs_twice_under_two_spellings_is_refused(tmp_path):
    path = borough_file(
        tmp_path,
        "0,12/31/2014,PAS,Richmond upon Thames,Trust MPS,0.78,0.67",
        "1,12/31/2014,PAS,Richmond Upon Thames,Trust MPS,0.78,0.67",
    )
    with pytest.raises(DataContractError, match=r"1 row\(s\) occur twice"):
        read_attitude_survey_borough(path)


def test_a_measure_that_stops_has_no_later_row_in_the_london_table(tmp_path):
    table = read_attitude_survey_london(
        london_file(
            tmp_path,
            "Mar-22,Knows how to contact their local ward officer,27",
            "Mar-22,Agree the police can be relied upon to be there when needed,60",
            "Jun-22,Agree the police can be relied upon to be there when needed,59",
        )
    )
    by_measure = table.groupby("measure")["quarter"].max()
    assert by_measure["contact_ward_officer"] == pd.Timestamp("2022-03-31")
    assert by_measure["relied_on_to_be_there"] == pd.Timestamp("2022-06-30")
    assert table["value_pct"].notna().all()


def test_a_london_month_that_ends_no_quarter_is_refused(tmp_path):
    path = london_file(tmp_path, "Feb-22,Police do a good job in the local area,50")
    with pytest.raises(DataContractError, match="Feb-22 does not end a quarter"):
        read_attitude_survey_london(path)


@pytest.mark.mirror
def test_published_borough_file_gives_the_figures_read_by_hand(mirror):
    table = read_attitude_survey_borough(mirror / BOROUGH_FILE)
    assert len(table) == 9312
    assert table["measure"].nunique() == 8
    assert table["area_code"].nunique() == 32
    found = table.set_index(["quarter", "area_code", "measure"])
    harrow = found.loc[(pd.Timestamp("2023-12-31"), "E09000015", "trust_mps")]
    assert (harrow["value_pct"], harrow["london_pct"]) == (82, 69)
    richmond = found.loc[(pd.Timestamp("2023-06-30"), "E09000027", "good_job_local")]
    assert (richmond["value_pct"], richmond["london_pct"]) == (53, 48)
    westminster = found.loc[(pd.Timestamp("2019-09-30"), "E09000033", "treat_everyone_fairly")]
    assert (westminster["value_pct"], westminster["london_pct"]) == (88, 77)
    assert "trust_mps" not in set(table.loc[table["quarter"] < "2016-01-01", "measure"])


@pytest.mark.mirror
def test_published_london_file_gives_the_figures_read_by_hand(mirror):
    table = read_attitude_survey_london(mirror / LONDON_FILE)
    assert len(table) == 280
    latest = table[table["quarter"] == "2025-09-30"].set_index("measure")["value_pct"]
    assert latest.to_dict() == {
        "good_job_local": 46,
        "understand_issues": 54,
        "relied_on_to_be_there": 57,
        "listen_to_concerns": 54,
        "treat_everyone_fairly": 66,
    }
    last = table.groupby("measure")["quarter"].max()
    assert last["contact_ward_officer"] == last["informed_local"] == pd.Timestamp("2022-03-31")


@pytest.mark.mirror
def test_the_two_files_name_the_same_questions_since_their_london_figures_agree(mirror):
    borough = read_attitude_survey_borough(mirror / BOROUGH_FILE)
    london = read_attitude_survey_london(mirror / LONDON_FILE)
    both = borough.merge(london, on=["quarter", "measure"], suffixes=("", "_in_london"))
    assert both["measure"].nunique() == 7
    assert (both["london_pct"] - both["value_pct_in_london"]).abs().max() < 1e-6
    assert len(set(MEASURES.values())) == 8
