import pytest

from analysis.data.readers.harm_weights import (
    CAMBRIDGE_LICENCE,
    read_cambridge_harm_index,
    read_crime_category_mappings,
    read_ons_severity_by_borough,
    read_ons_severity_weights,
    read_police_uk_code_join,
)
from analysis.errors import DataContractError
from analysis.project import project_root

WEIGHTS_HEADER = (
    "category_counts,description,code_severity,code_original,category_severity,offence,weight\n"
)
CAMBRIDGE_HEADER = (
    "ATHENA URN,FULL_OFFENCE_TITLE,CCHI Score,"
    "Sentencing data from actual offence available: ,SUB_GROUP,CLASSIFICATION_CODE,NOTIFIABLE\n"
)


def made_up(tmp_path, text):
    path = tmp_path / "made_up.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_codes_that_share_a_weight_keep_their_own_code(tmp_path):
    rows = (
        'violence,Murder,"1, 4.1/2/10",1,v,Homicide,7973.4\n'
        'violence,Corporate manslaughter,"1, 4.1/2/10",4.1,v,Homicide,7973.4\n'
        'violence,Manslaughter,"1, 4.1/2/10",4.1,v,Homicide,7973.4\n'
    )
    table = read_ons_severity_weights(made_up(tmp_path, WEIGHTS_HEADER + rows))
    assert table["offence_code"].tolist() == ["1", "4.1", "4.1"]
    assert table["weight_code"].nunique() == 1


@pytest.mark.parametrize(
    ("weight", "told"),
    [("heavy", "is not a number"), ("0", "is not above nought"), ("", "blank")],
)
def test_a_weight_that_is_no_number_above_nought_is_refused(tmp_path, weight, told):
    row = f"theft,Shoplifting,46,46,t,Shoplifting,{weight}\n"
    with pytest.raises(DataContractError, match=told):
        read_ons_severity_weights(made_up(tmp_path, WEIGHTS_HEADER + row))


def test_an_offence_that_occurs_twice_is_refused(tmp_path):
    row = "theft,Shoplifting,46,46,t,Shoplifting,11.9\n"
    with pytest.raises(DataContractError, match="occur twice by offence_code, description"):
        read_ons_severity_weights(made_up(tmp_path, WEIGHTS_HEADER + row + row))


def test_codes_that_a_spreadsheet_turned_into_dates_are_not_kept(tmp_path):
    text = (
        "ONS_COUNTS_category,ONS_COUNTS_description,ONS_COUNTS_code,ONS_SEVERITY_weight,"
        "POLICE_UK_CAT_MAP_code,POLICE_UK_CAT_MAP_category\n"
        "violence,Murder,1,7973.4,43831,Violence and Sexual Offences\n"
    )
    table = read_police_uk_code_join(made_up(tmp_path, text))
    assert "43831" not in table.to_string()
    assert table["police_uk_type"].tolist() == ["Violence and sexual offences"]


def test_two_spellings_of_a_police_uk_type_become_one(tmp_path):
    text = (
        ",Offence_Group,Offence_Code,Offence_Description,Offence_Subgroup,Police.uk_Cat\n"
        "0,Fraud,AF,Action Fraud,Fraud: action fraud,Other crime\n"
        "1,Misc,26,Bigamy,Miscellaneous crimes,Other Crime\n"
    )
    table = read_crime_category_mappings(made_up(tmp_path, text))
    assert set(table["police_uk_type"]) == {"Other crime"}


def test_an_unpublished_score_is_missing_and_a_merged_council_flagged(tmp_path):
    text = (
        '"ltla23_code","crime_severity_score"\n"E09000001",":"\n"E09000015","12.9"\n'
        '"E06000061","15.2"\n"E06000061","16.3"\n'
    )
    table = read_ons_severity_by_borough(made_up(tmp_path, text))
    assert table["severity_score"].isna().tolist() == [True, False, False, False]
    assert table["is_predecessor"].tolist() == [False, False, True, True]


def test_a_london_borough_that_occurs_twice_is_refused(tmp_path):
    text = "ltla23_code,crime_severity_score\nE09000015,12.9\nE09000015,13.0\n"
    with pytest.raises(DataContractError, match="E09000015"):
        read_ons_severity_by_borough(made_up(tmp_path, text))


def test_the_cambridge_index_carries_its_licence_and_columns_of_no_use_are_left(tmp_path):
    row = "9.9.9.9,Made-up offence,0.3,no - another,MISC,99,Non-Notifiable\n"
    table = read_cambridge_harm_index(made_up(tmp_path, CAMBRIDGE_HEADER + row))
    assert table.attrs["licence"] == CAMBRIDGE_LICENCE
    assert "not under the Open Government Licence" in CAMBRIDGE_LICENCE
    assert table.loc[0, ["harm_days", "is_notifiable", "has_own_guideline"]].tolist() == [
        0.3,
        False,
        False,
    ]


def test_nothing_of_the_cambridge_index_is_kept_in_the_project_s_data():
    data = project_root() / "data"
    named = [path for path in data.rglob("*") if "cambridge" in path.name.casefold()]
    headed = [
        path
        for path in data.rglob("*.csv")
        if "cchi" in path.read_text(encoding="utf-8").split("\n", 1)[0].casefold()
    ]
    assert named + headed == []


@pytest.mark.mirror
def test_published_weights_give_the_figures_read_by_hand(mirror):
    table = read_ons_severity_weights(mirror / "context/reference/severity_codes.csv")
    assert len(table) == 134
    weights = table.set_index("description")["weight"].round(2)
    assert weights["Shoplifting"] == 11.86
    assert weights["Murder"] == weights["Manslaughter"] == 7973.39
    assert weights["Possession of controlled drugs (Cannabis)"] == 1.77


@pytest.mark.mirror
def test_published_code_tables_give_the_figures_read_by_hand(mirror):
    folder = mirror / "context/reference"
    join = read_police_uk_code_join(folder / "policeuk-ons-code-join.csv")
    assert len(join) == 134
    trafficking = join.set_index("offence_code").loc["92A"]
    assert (trafficking["weight"], trafficking["police_uk_type"]) == (512.9573594, "Drugs")
    mappings = read_crime_category_mappings(folder / "CrimeCatMappings.csv")
    assert len(mappings) == 132
    harassment = mappings.set_index("offence_code").loc["8L"]
    assert harassment["offence_subgroup"] == "Stalking and harassment"
    assert mappings["police_uk_type"].nunique() == join["police_uk_type"].nunique()


@pytest.mark.mirror
def test_published_scores_of_councils_give_the_figures_read_by_hand(mirror):
    table = read_ons_severity_by_borough(
        mirror / "context/reference/ons_crime_severity_by_ltla23.csv"
    )
    assert len(table) == 300
    assert table["severity_score"].isna().sum() == 15
    scores = table[~table["is_predecessor"]].set_index("area_code")["severity_score"]
    assert scores["E09000015"] == pytest.approx(12.865290557928525)
    assert scores["E09000033"] == pytest.approx(60.324752212711374)


@pytest.mark.mirror
def test_the_user_s_cambridge_file_gives_the_figures_read_by_hand(mirror):
    table = read_cambridge_harm_index(
        mirror / "context/reference/cambridge_crime_harm_index_2020_values.csv"
    )
    assert len(table) == 698
    assert table["is_notifiable"].sum() == 580
    found = table.set_index("offence_id")
    assert found.loc["1.1.1.1", "harm_days"] == 5475
    assert found.loc["46.46.0.0", "harm_days"] == 1
