import pandas as pd
import pytest

from analysis.data.population import one_borough_series
from analysis.data.readers.population import (
    read_borough_population,
    read_gla_population,
    read_lsoa_population,
)
from analysis.errors import DataContractError


def rows(*pairs, **more):
    return pd.DataFrame(
        [
            {"area_code": area, "year": year, "population_count": persons, **more}
            for area, year, persons in pairs
        ]
    )


def test_each_year_is_taken_from_one_source_and_says_which():
    # Made up; LSOAs of 2019 and the projection of 2011 must not be used.
    gla = pd.concat(
        [
            rows(("E09000015", 2010, 100), is_projection=False),
            rows(("E09000015", 2011, 999), is_projection=True),
        ]
    )
    lsoa = pd.concat(
        [
            rows(("E09000015", 2018, 60), ("E09000015", 2019, 500), lsoa21_code="E01000001"),
            rows(("E09000015", 2018, 55), ("E09000015", 2019, 500), lsoa21_code="E01000002"),
        ]
    )
    series = one_borough_series(gla, lsoa, rows(("E09000015", 2019, 120)))
    assert series["population_count"].tolist() == [100, 115, 120]
    assert series["published_source"].tolist() == [
        "gla_estimate",
        "ons_lsoa_sum",
        "ons_borough",
    ]


def test_areas_larger_than_a_council_are_left_out():
    gla = pd.concat(
        [
            rows(("E09000015", 2010, 100), is_projection=False),
            rows(("E12000007", 2010, 8061495), is_projection=False),
        ]
    )
    series = one_borough_series(gla, rows(("E09000015", 2011, 1)), rows(("E09000015", 2019, 1)))
    assert set(series["area_code"]) == {"E09000015"}


def test_a_council_without_a_year_that_others_have_is_refused():
    gla = rows(("E09000015", 2010, 100), ("E09000016", 2010, 100), is_projection=False)
    lsoa = rows(("E09000015", 2011, 101))
    borough = rows(("E09000015", 2019, 120), ("E09000016", 2019, 120))
    with pytest.raises(DataContractError, match="E09000016 has no figure for 2011"):
        one_borough_series(gla, lsoa, borough)


@pytest.mark.mirror
def test_published_series_is_whole_and_its_vintages_meet_as_documented(mirror):
    folder = mirror / "context/population"
    gla = read_gla_population(folder / "gla_population_density_borough_1999_2050.csv")
    lsoa = read_lsoa_population(folder / "ons_lsoa21_midyear_population_2011_2022.csv.gz")
    borough = read_borough_population(folder / "ons_borough_midyear_population_2019_2024.csv")
    series = one_borough_series(gla, lsoa, borough)
    assert len(series) == 33 * 26
    wide = series.pivot(index="area_code", columns="year", values="population_count")
    assert wide.loc["E09000015", [2010, 2011, 2018, 2019]].tolist() == [
        237451,
        240499,
        259861,
        262065,
    ]
    step = (wide[2011] / wide[2010] - 1).astype(float)
    assert step.idxmin() == "E09000020"
    assert step.min() == pytest.approx(-0.014, abs=5e-4)
    assert step.max() == pytest.approx(0.038, abs=5e-4)
    sums = lsoa.groupby(["area_code", "year"])["population_count"].sum()
    apart = (sums - borough.set_index(["area_code", "year"])["population_count"]).dropna()
    assert (apart.drop(2022, level="year") == 0).all()
    assert apart["E09000028", 2022] == 2165
