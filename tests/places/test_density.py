"""Kernel density: a point by hand, a slower library, totals kept, surfaces that overlay."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import DataContractError
from analysis.places.density import density_cells, kernel_density

POSITIONS = st.lists(
    st.tuples(st.integers(500_000, 504_000), st.integers(180_000, 184_000)),
    min_size=1,
    max_size=30,
)


def _points(positions):
    return pd.DataFrame(positions, columns=["easting", "northing"], dtype=float)


def _cloud(count, seed=41):
    rng = np.random.default_rng(seed)
    return _points(rng.normal((515_000, 188_000), 400, (count, 2)))


def _at(surface, easting, northing):
    column = np.argmin(np.abs(surface.eastings - easting))
    row = np.argmin(np.abs(surface.northings - northing))
    return surface.density[row, column]


def test_a_quartic_point_by_hand():
    # 3 / (pi h²) (1 - d² / h²)² at d = 0 and d = 300 m for h = 500 m, per square kilometre.
    surface = kernel_density(_points([(515_000, 188_000)]), cell_m=10, bandwidth_m=500)
    middle = 3 / (np.pi * 0.25)
    assert _at(surface, 515_000, 188_000) == pytest.approx(middle, rel=1e-3)
    assert _at(surface, 515_300, 188_000) == pytest.approx(middle * 0.64**2, rel=1e-3)
    assert _at(surface, 515_500, 188_000) == pytest.approx(0, abs=1e-9)


def test_a_gaussian_point_by_hand():
    surface = kernel_density(
        _points([(515_000, 188_000)]), cell_m=10, bandwidth_m=200, kernel="gaussian"
    )
    middle = 1 / (2 * np.pi * 0.04)
    # Cut at four standard deviations, where 0.03 % of the kernel lies.
    assert _at(surface, 515_000, 188_000) == pytest.approx(middle, rel=1e-3)
    assert _at(surface, 515_000, 188_200) == pytest.approx(middle * np.exp(-0.5), rel=1e-3)


def test_the_surface_is_that_of_scikit_learn():
    from sklearn.neighbors import KernelDensity

    points = _cloud(300)
    surface = kernel_density(points, cell_m=20, bandwidth_m=200, kernel="gaussian")
    columns, rows = np.meshgrid(surface.eastings, surface.northings)
    cells = np.column_stack([columns.ravel(), rows.ravel()])
    model = KernelDensity(bandwidth=200, kernel="gaussian").fit(points.to_numpy())
    theirs = np.exp(model.score_samples(cells)).reshape(columns.shape) * 300 * 1e6
    assert np.abs(surface.density - theirs).max() <= 0.005 * theirs.max()


def test_the_quartic_surface_is_the_sum_over_points():
    points = _cloud(150, seed=42)
    surface = kernel_density(points, cell_m=10, bandwidth_m=250)
    columns, rows = np.meshgrid(surface.eastings, surface.northings)
    summed = np.zeros(columns.shape)
    for easting, northing in points.to_numpy():
        squared = ((columns - easting) ** 2 + (rows - northing) ** 2) / 250**2
        summed += np.clip(1 - squared, 0, None) ** 2 * 3 / (np.pi * 0.25**2)
    assert np.abs(surface.density - summed).max() <= 0.005 * summed.max()


@given(POSITIONS, st.sampled_from(["quartic", "gaussian"]), st.sampled_from([50, 100]))
@settings(max_examples=30, deadline=None)
def test_the_total_is_kept(positions, kernel, cell_m):
    surface = kernel_density(_points(positions), cell_m=cell_m, bandwidth_m=300, kernel=kernel)
    total = surface.density.sum() * (cell_m / 1_000) ** 2
    assert total == pytest.approx(len(positions), rel=1e-9)
    assert (surface.density >= 0).all()
    edges = [surface.density[0], surface.density[-1], surface.density[:, 0]]
    assert all(edge.sum() == 0 for edge in [*edges, surface.density[:, -1]])


@given(POSITIONS, st.integers(-20, 20), st.integers(-20, 20))
@settings(max_examples=20, deadline=None)
def test_moving_all_points_by_whole_cells_moves_the_surface(positions, east, north):
    here = kernel_density(_points(positions), cell_m=100, bandwidth_m=300)
    moved_points = [(x + 100 * east, y + 100 * north) for x, y in positions]
    there = kernel_density(_points(moved_points), cell_m=100, bandwidth_m=300)
    assert there.density == pytest.approx(here.density, abs=1e-9)
    assert there.eastings[0] - here.eastings[0] == 100 * east


def test_weights_count_as_so_many_points():
    points = _points([(515_000, 188_000), (515_700, 188_300)])
    weighted = kernel_density(points, cell_m=50, bandwidth_m=300, weights=[3, 1])
    repeated = kernel_density(points.loc[[0, 0, 0, 1]], cell_m=50, bandwidth_m=300)
    assert weighted.density == pytest.approx(repeated.density)
    assert weighted.offence_count == 4


def test_surfaces_of_two_periods_lie_on_the_same_cells():
    surfaces = [kernel_density(_cloud(9, seed), cell_m=70, bandwidth_m=200) for seed in (1, 2)]
    for surface in surfaces:
        assert (surface.eastings % 70 == 0).all()
        assert (surface.northings % 70 == 0).all()


def test_the_planted_spot_is_the_densest_cell():
    spot = np.random.default_rng(43).normal((516_000, 189_000), 60, (40, 2))
    points = pd.concat([_cloud(200, seed=44), _points(spot)])
    cells = density_cells(kernel_density(points, cell_m=50, bandwidth_m=150))
    assert np.hypot(cells["easting"][0] - 516_000, cells["northing"][0] - 189_000) <= 100
    assert cells["offences_per_sq_km"].is_monotonic_decreasing
    assert cells["offence_pct"].iloc[-1] == pytest.approx(100)


def test_cells_below_a_density_are_left_out():
    surface = kernel_density(_cloud(50), cell_m=50, bandwidth_m=200)
    cells = density_cells(surface, least_per_sq_km=20)
    assert len(cells) == (surface.density > 20).sum()
    assert cells["area_sq_km"].iloc[-1] == pytest.approx(len(cells) * 0.0025)


@pytest.mark.parametrize(
    ("points", "options", "said"),
    [
        (_points([]), {"cell_m": 50, "bandwidth_m": 200}, "0 point"),
        (_points([(None, 1)]), {"cell_m": 50, "bandwidth_m": 200}, "position"),
        (_points([(1, 1)]), {"cell_m": 150, "bandwidth_m": 200}, "half the bandwidth"),
        (_points([(0, 0), (9e6, 9e6)]), {"cell_m": 50, "bandwidth_m": 200}, "far away"),
        (_points([(1, 1)]), {"cell_m": 50, "bandwidth_m": 200, "weights": [-1]}, "weights"),
    ],
)
def test_what_has_no_surface_is_refused(points, options, said):
    with pytest.raises(DataContractError, match=said):
        kernel_density(points, **options)
