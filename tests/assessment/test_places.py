"""Crime by place of a borough, against the tables added up another way and the files."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.assessment import Assessment, places, street_places
from analysis.data import partner

FIGURES = Path(__file__).parents[2] / "data/figures"
HARROW, HAVERING = "E09000015", "E09000016"

Open = Callable[..., Assessment]


def _rows(name: str) -> list[dict[str, str]]:
    with (FIGURES / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def by_year() -> dict[str, dict[str, int]]:
    """Offences of Harrow by LSOA in either year, from the table as plain text."""
    names = {"lsoa_code", "area_code", "year_ending", "basis", "offence_list", "published"}
    years: dict[str, dict[str, int]] = {}
    for row in _rows("lsoa_offences"):
        if row["area_code"] == HARROW:
            total = sum(int(value or 0) for name, value in row.items() if name not in names)
            years.setdefault(row["year_ending"][:7], {})[row["lsoa_code"]] = total
    return years


def test_the_share_of_the_worst_places_is_that_of_the_table(
    opened: Open, by_year: dict[str, dict[str, int]]
) -> None:
    found = places.gathering(opened("harrow"))
    assert found is not None
    counts = sorted(by_year["2025-07"].values(), reverse=True)
    # A twentieth of 144 places is 7.2: seven whole ones.
    share = 100 * sum(counts[:7]) / sum(counts)
    assert found.shares.loc[5, "offence_pct"] == pytest.approx(share)
    assert found.gini.offence_count == sum(counts)
    half = np.searchsorted(np.cumsum(counts), sum(counts) / 2) + 1
    assert found.holding.loc[50, "place_count"] == half


def test_places_are_chosen_on_one_year_and_judged_on_the_next(
    opened: Open, by_year: dict[str, dict[str, int]]
) -> None:
    row = places.out_of_time(opened("harrow"), ["total"]).loc["total"]
    earlier, later = by_year["2024-07"], by_year["2025-07"]
    chosen = sorted(earlier, key=lambda code: -earlier[code])[:7]
    assert set(row["chosen_places"]) == set(chosen)
    hit = 100 * sum(later[code] for code in chosen) / sum(later.values())
    best = 100 * sum(sorted(later.values(), reverse=True)[:7]) / sum(later.values())
    assert row["hit_pct"] == pytest.approx(hit)
    assert row["best_pct"] == pytest.approx(best)
    assert row["predictive_accuracy_index"] == pytest.approx(hit / (100 * 7 / 144))
    assert row["predictive_efficiency_index"] == pytest.approx(hit / best)


def test_the_worst_of_both_years_are_those_of_the_table(
    opened: Open, by_year: dict[str, dict[str, int]]
) -> None:
    found = places.stability(opened("harrow"))
    assert found is not None
    worst = [
        set(sorted(counts, key=lambda code: -counts[code])[:7]) for counts in by_year.values()
    ]
    always = found.places[found.places["is_always_leading"]]
    assert set(always.index) == worst[0] & worst[1]
    assert found.overlap["stayed_count"].iloc[-1] == len(worst[0] & worst[1])


def test_small_areas_hold_about_nineteen_in_twenty_offences(opened: Open) -> None:
    share = places.located_share(opened("harrow"))
    # 24 months to July 2025 are held by small area, the borough's months to May 2025 alone.
    assert [f"{year:%Y-%m}" for year in share.index] == ["2024-07"]
    assert share.between(93, 99).all()


def test_heathrow_counts_as_hillingdon_where_it_had_rows_of_its_own(opened: Open) -> None:
    # Its offences lie in Hillingdon's small areas all along, in the borough's since March 2024.
    share = places.located_share(opened("hillingdon"))
    assert share.between(93, 101).all()


def test_shares_near_the_border_add_up_another_way(opened: Open) -> None:
    row = places.border_effects(opened("havering"), 500, ["total"]).loc["total"]
    near = {
        each["lsoa_code"]: int(each["population_count"])
        for each in _rows("lsoa_centroids")
        if each["area_code"] == HAVERING and int(each["border_distance_m"]) <= 500
    }
    residents = sum(
        int(each["population_count"])
        for each in _rows("lsoa_centroids")
        if each["area_code"] == HAVERING
    )
    assert row["near_place_count"] == len(near) == 14
    assert row["resident_pct"] == pytest.approx(100 * sum(near.values()) / residents)


def test_borders_are_judged_over_all_offences_together(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []
    whole = places.border_share

    def nearly(*given: object, **named: object) -> object:
        asked.append(0.04 if not asked else 0.9)
        return replace(
            whole(*given, **named), p_value=asked[-1], is_told_apart=asked[-1] < 0.05
        )

    monkeypatch.setattr(places, "border_share", nearly)
    table = places.border_effects(opened("havering"), 500, ["total", "weapons", "shoplifting"])
    assert table["p_value"].tolist() == [0.04, 0.9, 0.9]
    assert not table["is_told_apart"].any()


def test_a_border_nearer_than_any_place_gives_nothing(opened: Open) -> None:
    assert places.border_effects(opened("harrow"), 0).empty


def test_retail_areas_hold_the_offences_of_their_small_areas(opened: Open) -> None:
    found = places.retail_small_areas(opened("harrow"))
    assert found is not None
    theft = sum(
        int(row[group])
        for row in _rows("lsoa_offences")
        for group in places.RETAIL_GROUPS
        if row["area_code"] == HARROW and row["year_ending"].startswith("2025-07")
    )
    assert found.found.offence_total == theft
    inside = found.found.members[found.found.members["is_retail"]]
    assert inside["offence_count"].sum() == found.found.areas["offence_count"].sum()
    # St George's and St Ann's shopping centres are in Greenhill.
    assert found.names.iloc[0] == "Greenhill"


def test_hot_spots_name_every_small_area_once(opened: Open) -> None:
    found = places.hot_spots(opened("havering"))
    assert found is not None
    assert sorted(found.table.index) == sorted(places.small_areas(opened("havering")).index)
    hot = found.table[found.table["hot_spot_class"] == "hot spot"]
    # Romford town centre is in St Edward's.
    assert "St Edward's" in set(hot["ward_name"])
    assert hot["q_value"].max() <= 0.05


def test_vulnerability_says_what_is_absent(opened: Open) -> None:
    found = places.vulnerable_places(opened("havering"))
    assert found is not None
    assert found.absent == ("aged_15_to_24",)
    names = [f"{name}_index" for name in found.held]
    assert np.allclose(found.table[names].mean(), 100)
    index = found.table["vulnerable_localities_index"]
    assert np.allclose(index, found.table[names].mean(axis="columns"))


@pytest.mark.parametrize("as_of", ["2013-03", "2024-06"])
def test_before_the_small_area_figures_nothing_is_told(opened: Open, as_of: str) -> None:
    cut = opened("harrow", as_of)
    assert places.gathering(cut) is None
    assert places.stability(cut) is None
    assert places.out_of_time(cut).empty
    assert places.hot_spots_of(cut, ["total"]) == [None]
    assert places.retail_small_areas(cut) is None
    assert places.vulnerable_places(cut) is None
    assert places.border_effects(cut, 500).empty
    assert places.located_share(cut).empty


def test_with_one_year_seen_nothing_is_said_of_what_lasts(opened: Open) -> None:
    cut = opened("harrow", "2024-08")
    assert places.gathering(cut) is not None
    assert places.stability(cut) is None
    assert places.out_of_time(cut).empty


@pytest.fixture
def burgled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Write so many dated burglaries for Harrow, every second one a near repeat."""

    def write(count: int) -> None:
        rng = np.random.default_rng(11)
        table = pd.DataFrame(
            {
                "date": pd.Timestamp("2024-01-01")
                + pd.to_timedelta(rng.integers(0, 365, count), "D"),
                "easting": rng.uniform(512_000, 518_000, count).round(),
                "northing": rng.uniform(186_000, 192_000, count).round(),
            }
        )
        repeats = table.assign(
            date=table["date"] + pd.Timedelta(days=2), easting=table["easting"] + 60
        )
        path = tmp_path / "burglary_records.csv"
        pd.concat([table, repeats]).to_csv(path, index=False, date_format="%Y-%m-%d")
        monkeypatch.setattr(partner, "partner_path", lambda *given: path)

    return write


def test_planted_near_repeats_are_found(opened: Open, burgled: Callable[[int], None]) -> None:
    burgled(60)
    table = places.near_repeats(opened("harrow"))
    assert table is not None
    assert table.attrs["record_count"] == 120
    near = table[table["is_more_than_chance"]]
    assert ("up to 100 m", "0 to 3 days") in set(
        zip(near["distance_band"], near["day_band"], strict=True)
    )


def test_few_burglaries_give_no_near_repeats(
    opened: Open, burgled: Callable[[int], None]
) -> None:
    burgled(10)
    table = places.near_repeats(opened("harrow"))
    assert table is not None
    assert table.empty
    assert places.near_repeats(opened("harrow", "2013-03")) is not None


def test_without_records_near_repeats_are_not_loaded(opened: Open) -> None:
    assert places.near_repeats(opened("kingston upon thames")) is None


def test_without_the_files_nothing_of_the_streets_is_told(
    opened: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CSP_MIRROR", raising=False)
    monkeypatch.setattr("analysis.assessment.street_places.is_held", lambda source: False)
    monkeypatch.setattr("analysis.assessment.assessment.load_detail", lambda *a, **k: None)
    harrow = opened("harrow")
    assert street_places.burglary_points(harrow) is None
    assert street_places.crime_points(harrow) is None
    assert street_places.retail_streets(None) is None
    assert street_places.wards(harrow) is None
    ground = street_places.map_ground(harrow)
    assert ground.outline is None
    assert ground.shapes is None


@pytest.fixture(scope="module")
def burglary(mirror: Path) -> Counter[tuple[str, str]]:
    """Harrow's burglaries by month and map point, from the files as plain text."""
    found: Counter[tuple[str, str]] = Counter()
    for path in sorted((mirror / "police-uk/burglary-2018-2023").glob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                if row["LSOA name"].startswith("Harrow "):
                    point = f"{row['Longitude']},{row['Latitude']}"
                    found[row["Month"], point] += 1
    return found


@pytest.mark.mirror
def test_the_publisher_drew_its_map_points_anew_in_july_2022(
    burglary: Counter[tuple[str, str]],
) -> None:
    # When this fails, look again at POINTS_REDRAWN.
    def seen_before(month: str) -> float:
        own = [point for when, point in burglary if when == month]
        earlier = {point for when, point in burglary if when < month}
        return sum(point in earlier for point in own) / len(own)

    assert seen_before("2022-06") > 0.85
    assert seen_before("2022-07") < 0.2
    assert f"{street_places.POINTS_REDRAWN:%Y-%m}" == "2022-07"


@pytest.mark.mirror
def test_burglary_points_are_those_of_the_files(
    opened: Open, burglary: Counter[tuple[str, str]]
) -> None:
    found = street_places.burglary_points(opened("harrow"))
    assert found is not None
    assert list(found.counts.columns) == [2018, 2019, 2020, 2021]
    old = {key: count for key, count in burglary.items() if key[0] < "2022"}
    assert found.gini.offence_count == sum(old.values())
    points = Counter({point: 0 for _, point in old})
    for (_, point), count in old.items():
        points[point] += count
    assert len(found.points) == len(points)
    assert found.points["offence_count"].max() == max(points.values())
    newest = sum(count for (month, _), count in burglary.items() if month >= "2023")
    assert found.newest["offence_count"].sum() == newest
    surface = found.density
    assert surface.density.sum() * (surface.cell_m / 1000) ** 2 == pytest.approx(newest)
    assert found.peaks["density"].is_monotonic_decreasing


@pytest.mark.mirror
def test_a_cut_keeps_the_years_it_holds_whole(opened: Open, mirror: Path) -> None:
    found = street_places.burglary_points(opened("harrow", "2019-06"))
    assert found is not None
    assert list(found.counts.columns) == [2018]
    assert found.overlap.empty
    assert found.newest_period == ("2018-07", "2019-06")
    assert street_places.crime_points(opened("harrow", "2017-03")) is None


@pytest.mark.mirror
def test_street_crime_keeps_incidents_and_the_transport_police_apart(
    opened: Open, mirror: Path
) -> None:
    months = [f"{year}-{month:02d}" for year in (2016, 2017, 2018) for month in range(1, 13)]
    kept, apart = 0, Counter[str]()
    for month in [each for each in months if "2016-07" <= each <= "2018-06"]:
        path = mirror / f"police-uk/street-2016-2018/{month}-metropolitan-street.csv.gz"
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                if not row["LSOA name"].startswith("Harrow ") or not row["Longitude"]:
                    continue
                if row["Crime type"] == "Anti-social behaviour":
                    apart["anti-social behaviour incidents"] += 1
                elif row["Reported by"] == "British Transport Police":
                    apart["British Transport Police records"] += 1
                else:
                    kept += 1
    found = street_places.crime_points(opened("harrow"))
    assert found is not None
    assert found.apart == apart
    assert found.gini.offence_count == kept
    streets = street_places.retail_streets(found)
    assert streets is not None
    assert streets.found.areas["offence_count"].sum() <= streets.found.offence_total


@pytest.mark.mirror
def test_a_borough_that_is_not_among_the_seven_has_no_street_crime(
    opened: Open, mirror: Path
) -> None:
    assert street_places.crime_points(opened("westminster")) is None


@pytest.mark.mirror
def test_wards_add_up_to_the_file_and_fall_below_the_borough(
    opened: Open, mirror: Path
) -> None:
    harrow = opened("harrow")
    found = street_places.wards(harrow)
    assert found is not None
    assert (found.before, found.latest) == (("2023-06", "2024-05"), ("2024-06", "2025-05"))
    assert len(found.table) == 22
    assert found.located_pct["latest"] < found.located_pct["before"] < 100
    borough = harrow.series("total_without_fraud").loc["2024-06":"2025-05"].sum()
    share = 100 * found.table["after_count"].sum() / borough
    assert share == pytest.approx(found.located_pct["latest"])
    one = street_places.wards(opened("harrow", "2024-08"))
    assert one is not None
    assert one.before is None


@pytest.mark.mirror
def test_heathrow_villages_did_not_rise_when_heathrow_joined(
    opened: Open, mirror: Path
) -> None:
    found = street_places.wards(opened("hillingdon"))
    assert found is not None
    heathrow = found.table.set_index("ward_name").loc["Heathrow Villages"]
    assert heathrow["before_count"] == pytest.approx(heathrow["after_count"], rel=0.25)
    assert found.located_pct.between(90, 101).all()


@pytest.mark.mirror
def test_maps_are_drawn_on_the_boroughs_own_outlines(opened: Open, mirror: Path) -> None:
    harrow = opened("harrow")
    ground = street_places.map_ground(harrow)
    areas = places.small_areas(harrow)
    assert ground.shapes is not None
    assert sorted(ground.shapes.index) == sorted(areas.index)
    assert ground.outline is not None
    # Harrow is 5,046 hectares on every list.
    assert ground.outline.area / 10_000 == pytest.approx(5_046, rel=0.01)
    assert sum(shape.area for shape in ground.shapes) / 10_000 == pytest.approx(5_046, rel=0.01)
