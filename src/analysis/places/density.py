"""Kernel density of points on the National Grid.

From points in metres, with cell and bandwidth said in metres, never guessed: the bandwidth is
what the picture shows. Points are shared out among the four cell centres about them, and the
kernel, summed to one over its cells, is laid on each cell: so the surface holds exactly as
many offences as there are points, the margin included. Known weaknesses: police.uk points
are snapped to some map point of a street, so a bandwidth under about 200 metres draws the map
points; and crime spills over the border of what was counted, where the surface falls off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.signal import oaconvolve

from analysis.errors import DataContractError

REACH = {"quartic": 1.0, "gaussian": 4.0}
# Bandwidths beyond which a kernel counts for nothing; the quartic ends at one.

MOST_CELLS = 25_000_000
# A surface of 200 MB; more is a mistake in the cell size.

PER_SQ_KM = 1_000_000

Kernel = Literal["quartic", "gaussian"]
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class DensitySurface:
    """Offences per square kilometre at the centres of square cells.

    ``density[row, column]`` is at ``northings[row]``, ``eastings[column]``, both rising, so
    the first cell is the south-west one. ``offence_count`` is what the surface sums to.
    """

    eastings: Numbers
    northings: Numbers
    density: Numbers
    cell_m: float
    bandwidth_m: float
    kernel: str
    offence_count: float


def kernel_density(
    points: pd.DataFrame,
    *,
    cell_m: float,
    bandwidth_m: float,
    kernel: Kernel = "quartic",
    weights: npt.ArrayLike | None = None,
) -> DensitySurface:
    """Density of points, as offences per square kilometre.

    Parameters
    ----------
    points : DataFrame, shape (n_points, ...)
        ``easting`` and ``northing``, metres, none missing.
    cell_m : float
        Side of a cell, metres; at most half the bandwidth.
    bandwidth_m : float
        Radius of the quartic kernel, or standard deviation of the Gaussian one, metres.
    kernel : {"quartic", "gaussian"}
        The quartic falls to nought at the bandwidth; the Gaussian is cut at four.
    weights : array_like, shape (n_points,), optional
        Offences (or harm) of each point, nought or more; 1 if not given.

    Returns
    -------
    DensitySurface
        Reaching beyond the points as far as the kernel does. Cells lie on whole multiples
        of ``cell_m``, so surfaces of two periods overlay.

    Raises
    ------
    DataContractError
        If there is no point, a position is missing, a weight negative, the cell too coarse
        for the bandwidth, or the surface too large.

    References
    ----------
    Silverman (1986), Density Estimation, section 4.2; Chainey & Ratcliffe (2005), GIS and
    Crime Mapping, chapter 6.

    Examples
    --------
    >>> points = pd.DataFrame({"easting": [515_000, 515_040], "northing": 188_000})
    >>> surface = kernel_density(points, cell_m=50, bandwidth_m=200)
    >>> (surface.density.sum() * 0.05**2).round(6).item()
    2.0
    """
    position, weight = _checked(points, weights, cell_m, bandwidth_m)
    reach = int(np.ceil(REACH[kernel] * bandwidth_m / cell_m)) + 1
    corner = np.floor(position.min(axis=0) / cell_m).astype(int) - reach
    size = np.floor(position.max(axis=0) / cell_m).astype(int) + reach + 2 - corner
    if size.prod() > MOST_CELLS:
        message = (
            f"cells of {cell_m:g} m make {size.prod():,} cells, more than {MOST_CELLS:,}. "
            "Is a point far away, or the cell too small?"
        )
        raise DataContractError(message)
    counts = _shared_out(position / cell_m - corner, weight, size)
    laid = oaconvolve(counts, _kernel(kernel, bandwidth_m / cell_m, reach), mode="same")
    # The transform leaves rounding of either sign where there is nothing.
    density = np.where(laid > 1e-12 * weight.sum(), laid, 0.0)
    density *= weight.sum() / density.sum()
    return DensitySurface(
        eastings=(corner[0] + np.arange(size[0])) * float(cell_m),
        northings=(corner[1] + np.arange(size[1])) * float(cell_m),
        density=density / cell_m**2 * PER_SQ_KM,
        cell_m=float(cell_m),
        bandwidth_m=float(bandwidth_m),
        kernel=kernel,
        offence_count=float(weight.sum()),
    )


def density_cells(surface: DensitySurface, *, least_per_sq_km: float = 0) -> pd.DataFrame:
    """Cells of a surface, densest first.

    Parameters
    ----------
    surface : DensitySurface
    least_per_sq_km : float
        Only cells above this density, offences per square kilometre.

    Returns
    -------
    DataFrame
        ``easting``, ``northing`` (centre, metres), ``offences_per_sq_km``, and as cells are
        taken in this order the cumulative ``offence_pct`` (of the surface's offences) and
        ``area_sq_km``.

    Examples
    --------
    >>> points = pd.DataFrame({"easting": [515_000], "northing": [188_000]})
    >>> cells = density_cells(kernel_density(points, cell_m=50, bandwidth_m=200))
    >>> cells[["easting", "northing"]].iloc[0].tolist(), round(cells["offence_pct"].iloc[-1])
    ([515000.0, 188000.0], 100)
    """
    rows, columns = np.nonzero(surface.density > least_per_sq_km)
    found = surface.density[rows, columns]
    order = np.argsort(-found, kind="stable")
    cell_sq_km = surface.cell_m**2 / PER_SQ_KM
    return pd.DataFrame(
        {
            "easting": surface.eastings[columns[order]],
            "northing": surface.northings[rows[order]],
            "offences_per_sq_km": found[order],
            "offence_pct": found[order].cumsum() * cell_sq_km / surface.offence_count * 100,
            "area_sq_km": np.arange(1, len(order) + 1) * cell_sq_km,
        }
    )


def _checked(
    points: pd.DataFrame, weights: npt.ArrayLike | None, cell_m: float, bandwidth_m: float
) -> tuple[Numbers, Numbers]:
    position = points[["easting", "northing"]].to_numpy(dtype=float)
    weight = np.ones(len(position)) if weights is None else np.asarray(weights, dtype=float)
    if not len(position) or not np.isfinite(position).all():
        message = f"{len(position)} point(s), or one without a position: leave those out."
        raise DataContractError(message)
    if weight.shape != (len(position),) or not (weight >= 0).all() or weight.sum() == 0:
        message = "weights: one a point, nought or more, and not all nought."
        raise DataContractError(message)
    if not 0 < cell_m <= bandwidth_m / 2:
        message = (
            f"a cell of {cell_m:g} m for a bandwidth of {bandwidth_m:g} m: the cell must be "
            "above nought and at most half the bandwidth."
        )
        raise DataContractError(message)
    return position, weight


def _shared_out(place: Numbers, weight: Numbers, size: npt.NDArray[np.int64]) -> Numbers:
    """Points shared among the four centres about each, the nearer having more."""
    column, row = np.floor(place).astype(int).T
    right, up = (place - np.floor(place)).T
    counts = np.zeros(int(size.prod()))
    for east, share_east in ((0, 1 - right), (1, right)):
        for north, share_north in ((0, 1 - up), (1, up)):
            cell = (row + north) * size[0] + column + east
            part = weight * share_east * share_north
            counts += np.bincount(cell, weights=part, minlength=len(counts))
    return counts.reshape(size[1], size[0])


def _kernel(kernel: Kernel, bandwidth_cells: float, reach: int) -> Numbers:
    """Weights of the cells about a point, summing to one."""
    step = np.arange(-reach, reach + 1) / bandwidth_cells
    squared = step[:, None] ** 2 + step[None, :] ** 2
    if kernel == "quartic":
        weight = np.clip(1 - squared, 0, None) ** 2
    else:
        weight = np.where(squared <= REACH[kernel] ** 2, np.exp(-squared / 2), 0.0)
    return weight / weight.sum()
