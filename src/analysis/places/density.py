"""Kernel density of points on the National Grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Kernel = Literal["quartic", "gaussian"]
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class DensitySurface:
    """Offences per square kilometre on a grid; ``density[row, column]``, south-west cell first."""

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
    """Density from ``easting`` and ``northing``; the sum over cells times their area is the number of points."""
    raise NotImplementedError


def density_cells(surface: DensitySurface, *, least_per_sq_km: float = 0) -> pd.DataFrame:
    """Cells above a density, densest first: ``easting``, ``northing``, ``offences_per_sq_km``, ``offence_pct`` (cumulative), ``area_pct`` (cumulative)."""
    raise NotImplementedError
