"""Within-borough slopes: a difference of differences by hand, a planted slope, none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.confidence.movement import within_areas_slope


def panel(slope: float, *, seed: int = 1, areas: int = 32, years: int = 9) -> pd.DataFrame:
    """Boroughs with levels of their own, years shared by all, and a slope within."""
    generator = np.random.default_rng(seed)
    area, year = np.meshgrid(np.arange(areas), np.arange(years))
    tenths = generator.normal(0, 1, area.shape) + 2 * generator.normal(0, 1, areas)
    tenths = tenths + generator.normal(0, 1, (years, 1))
    level = generator.normal(0, 5, areas) + generator.normal(0, 4, (years, 1))
    value = 55 + slope * tenths + level + generator.normal(0, 2, area.shape)
    return pd.DataFrame(
        {
            "area_code": [f"E{code}" for code in area.ravel()],
            "year": year.ravel(),
            "rate": 80 * 1.1 ** tenths.ravel(),
            "value_pct": value.ravel(),
        }
    )


def test_a_planted_slope_is_found_within_its_interval() -> None:
    found = within_areas_slope(panel(-1.5))
    assert found.lower < -1.5 < found.upper
    assert found.upper < 0
    assert (found.area_count, found.year_count) == (32, 9)


def test_without_a_slope_it_is_called_one_time_in_twenty() -> None:
    called = [within_areas_slope(panel(0.0, seed=seed)).p_value < 0.05 for seed in range(30)]
    assert sum(called) <= 5


def test_slope_and_interval_are_those_of_another_program() -> None:
    rows = panel(-1.5, areas=12, years=6).drop(index=[3, 20])
    tenths = (np.log(rows["rate"]) / np.log(1.1)).rename("tenths")
    dummies = [
        pd.get_dummies(rows[name].astype(str), dtype=float) for name in ("area_code", "year")
    ]
    design = pd.concat([tenths, dummies[0], dummies[1].iloc[:, 1:]], axis=1)
    clusters = pd.factorize(rows["area_code"])[0]
    fitted = sm.OLS(rows["value_pct"], design).fit(
        cov_type="cluster", cov_kwds={"groups": clusters}, use_t=True
    )
    found = within_areas_slope(rows)
    assert found.points_per_tenth == pytest.approx(fitted.params["tenths"])
    assert [found.lower, found.upper] == pytest.approx(fitted.conf_int().loc["tenths"].tolist())
    assert found.p_value == pytest.approx(fitted.pvalues["tenths"])


def test_levels_and_shared_years_do_not_make_a_slope() -> None:
    # Rich boroughs have less crime and more confidence, and both moved everywhere: no slope.
    rows = panel(0.0)
    rows["value_pct"] = 60 - 3 * rows["area_code"].str[1:].astype(int) + 2 * rows["year"]
    assert within_areas_slope(rows).points_per_tenth == pytest.approx(0, abs=1e-9)


def test_with_two_kinds_of_area_it_is_a_difference_of_differences() -> None:
    # Five areas whose crime rose by a tenth in the last year and lost 2 points more than the
    # five whose crime did not: minus two points for a tenth.
    rows = [
        (f"E{area}", year, 100 * (1.1 if area < 5 and year == 2 else 1.0), 60.0 + area - year)
        for area in range(10)
        for year in range(3)
    ]
    table = pd.DataFrame(rows, columns=["area_code", "year", "rate", "value_pct"])
    is_hit = table["area_code"].isin([f"E{area}" for area in range(5)]) & table["year"].eq(2)
    table.loc[is_hit, "value_pct"] -= 2
    assert within_areas_slope(table).points_per_tenth == pytest.approx(-2)


def test_too_few_years_tell_nothing() -> None:
    found = within_areas_slope(panel(-1.5, years=2))
    assert np.isnan(found.points_per_tenth)
    assert found.year_count == 2
