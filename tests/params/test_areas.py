"""London's areas: every spelling of every publisher, and what is no area of ours."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.data.figures import read_table
from analysis.errors import DataContractError, ParamsError
from analysis.params.areas import (
    HEATHROW_CODE,
    LONDON_CODE,
    UNKNOWN_CODE,
    area_name,
    borough_codes,
    load_areas,
    load_tiles,
    match_area_codes,
    resolve_area,
)


def test_there_are_32_boroughs_and_the_city_is_none_of_them() -> None:
    # GSS codes run from E09000001, the City, to E09000033, Westminster.
    assert borough_codes() == [f"E090000{number:02}" for number in range(2, 34)]
    assert resolve_area("City of London").kind == "city"


@pytest.mark.parametrize("code", borough_codes())
def test_a_borough_is_found_by_code_and_by_name_in_any_case(code: str) -> None:
    name = area_name(code)
    for spelling in (code, code.lower(), name, name.upper(), f"  {name}  "):
        assert resolve_area(spelling).area_code == code


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("City of Westminster", "Westminster"),
        ("Hammersmith & Fulham", "Hammersmith and Fulham"),
        ("Barking & Dagenham", "Barking and Dagenham"),
        ("Kensington & Chelsea", "Kensington and Chelsea"),
        ("Kingston\xa0upon Thames", "Kingston upon Thames"),
    ],
)
def test_usual_spellings_mean_the_same_borough(spelling: str, name: str) -> None:
    assert resolve_area(spelling).area_name == name


def test_the_other_areas_keep_their_own_codes() -> None:
    assert resolve_area("london").area_code == LONDON_CODE
    assert resolve_area("heathrow").area_code == HEATHROW_CODE
    assert resolve_area("unknown").area_code == UNKNOWN_CODE
    assert {resolve_area(code).kind for code in (HEATHROW_CODE, UNKNOWN_CODE)} == {"other"}


@pytest.mark.parametrize(
    ("given", "offered"), [("Harow", "Harrow"), ("lewishm", "Lewisham"), ("sutten", "Sutton")]
)
def test_a_misspelt_borough_is_refused_with_the_nearest(given: str, offered: str) -> None:
    with pytest.raises(ParamsError, match=f"no area '{given}'. Did you mean '{offered}'"):
        resolve_area(given)


def test_an_area_far_from_any_is_refused_without_a_guess() -> None:
    with pytest.raises(ParamsError) as refused:
        resolve_area("Zzyzx")
    assert "Did you mean" not in str(refused.value)
    assert "data/reference/areas.csv" in str(refused.value)


def test_a_published_column_is_matched_row_by_row_and_keeps_its_index() -> None:
    names = pd.Series(["Harrow", "City of Westminster", "Harrow"], index=[7, 3, 5])
    codes = match_area_codes(names, where="made.csv, column Borough")
    assert codes.to_dict() == {7: "E09000015", 3: "E09000033", 5: "E09000015"}


def test_unknown_names_in_a_column_are_counted_and_named_with_the_file() -> None:
    names = pd.Series(["Harrow", "Gotham", "Metropolis", "Gotham"])
    with pytest.raises(DataContractError) as refused:
        match_area_codes(names, where="made.csv, column Borough")
    assert str(refused.value).startswith(
        "made.csv, column Borough: 2 area name(s) not known: 'Gotham', 'Metropolis'."
    )


def test_no_spelling_means_two_areas() -> None:
    areas = load_areas()
    spellings = [
        spelling.casefold()
        for code, row in areas.iterrows()
        for spelling in {str(code).casefold(), row["area_name"].casefold()}
        | {alias.casefold() for alias in row["aliases"].split(";") if alias}
    ]
    assert len(spellings) == len(set(spellings))


def test_the_areas_handed_out_may_be_changed_without_changing_the_next() -> None:
    handed_out = load_areas()
    handed_out["area_name"] = "changed"
    assert area_name("E09000015") == "Harrow"
    assert load_areas().loc["E09000015", "area_name"] == "Harrow"


def test_every_borough_has_one_square_of_its_own_on_the_map() -> None:
    tiles = load_tiles()
    assert tiles.index.tolist() == borough_codes()
    assert not tiles.duplicated(["tile_row", "tile_column"]).any()
    assert tiles["tile_row"].min() == tiles["tile_column"].min() == 0
    assert tiles["abbreviation"].str.fullmatch("[A-Z]{3}").all()
    assert tiles["abbreviation"].is_unique


def test_most_true_neighbours_touch_on_the_map() -> None:
    pairs = read_table("borough_neighbours")
    pairs = pairs[pairs["area_code"] < pairs["neighbour_code"]]
    tiles = load_tiles()
    one, other = (tiles.loc[pairs[name]] for name in ("area_code", "neighbour_code"))
    down = np.abs(one["tile_row"].to_numpy() - other["tile_row"].to_numpy())
    across = np.abs(one["tile_column"].to_numpy() - other["tile_column"].to_numpy())
    # Counted: 45 of the 72 pairs share a side and 66 at least a corner. The layout with
    # eight columns that is often drawn has 41 and 64.
    assert (np.maximum(down, across) == 1).mean() > 0.9
    assert (down + across == 1).mean() > 0.6


def test_north_is_up_and_west_is_left_on_the_map() -> None:
    centres = (
        read_table("lsoa_centroids").groupby("area_code")[["latitude", "longitude"]].mean()
    )
    tiles = load_tiles().join(centres)
    assert tiles["tile_row"].corr(tiles["latitude"], method="spearman") < -0.9
    assert tiles["tile_column"].corr(tiles["longitude"], method="spearman") > 0.9
