"""Forecasts of the peers at every origin: run in their own environment, kept by content.

What is kept is named by a hash of the series seen, the program that forecasts and the lock
of its environment, so that nothing stale is ever read.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import UsageError
from analysis.project import project_root

from .figures import HORIZON, Figures
from .scores import YEAR, Array, at_levels

SCRIPT = Path(__file__).parents[1] / "forecast_peers.py"
LOCK = "requirements-bench.lock"
PYTHON = ".venv-bench/bin/python"
"""Where ``make bench`` puts the environment of the peers."""

NAMES = ("last12", "ets", "theta", "mstl", "mean")
LABELS = {
    "last12": "last 12 months",
    "ets": "AutoETS",
    "theta": "Theta",
    "mstl": "MSTL",
    "mean": "mean of four",
}


@dataclass(frozen=True)
class Peers:
    """What the peers said at each origin.

    ``monthly`` by name, (n_origins, n_series, 36); ``ets_total_quantiles`` at ``LEVELS``,
    (n_origins, n_series, 3, n_levels): the sums of AutoETS's monthly quantiles.
    """

    monthly: dict[str, Array]
    ets_total_quantiles: Array


def peers_at(
    figures: Figures, python: Path, *, fresh: bool, say: Callable[[str], None]
) -> Peers:
    """Forecasts of every peer at every origin.

    Raises
    ------
    UsageError
        If the environment of the peers is missing, not that of the lock, or fails.
    """
    files = [kept_at(figures.before(origin)) for origin in figures.origins]
    wanted = [
        (figures.before(origin), file)
        for origin, file in zip(figures.origins, files, strict=True)
        if fresh or not file.is_file()
    ]
    if wanted:
        check_environment(python)
        say(f"Peers: {len(wanted)} of {len(files)} origins to forecast, about 40 s each ...")
        with ThreadPoolExecutor(2) as pool:
            waiting = [pool.submit(forecast, *one, python) for one in wanted]
            for one in waiting:
                one.result()
    return gathered(figures, files)


def kept_at(history: pd.DataFrame) -> Path:
    """File for the peers' forecasts from a history."""
    digest = hashlib.sha256()
    for part in (
        history.to_numpy().tobytes(),
        "\n".join(history.columns).encode(),
        f"{history.index[0]} {history.index[-1]} {HORIZON}".encode(),
        SCRIPT.read_bytes(),
        (project_root() / LOCK).read_bytes(),
    ):
        digest.update(hashlib.sha256(part).digest())
    return project_root() / "cache/benchmarks" / f"peers-{digest.hexdigest()[:32]}.npz"


def check_environment(python: Path) -> None:
    """Refuse an environment that is not the one of the lock."""
    locked = dict(re.findall(r"^(\S+)==(\S+)", (project_root() / LOCK).read_text(), re.M))
    names = ["statsforecast", "coreforecast", "pandas"]
    code = f"from importlib.metadata import version as v; print(*map(v, {names}))"
    try:
        said = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        message = (
            f"{python}: no environment with statsforecast there. 'make bench' makes it from "
            f"{LOCK}; name another with --peers-python."
        )
        raise UsageError(message) from error
    wanted = [locked[name] for name in names]
    if said.stdout.split() != wanted:
        message = (
            f"{python}: has {', '.join(names)} {said.stdout.strip()}, where {LOCK} has "
            f"{' '.join(wanted)}. Make the environment anew with 'make bench'."
        )
        raise UsageError(message)


def forecast(
    history: pd.DataFrame, out: Path, python: Path, extra: Iterable[str] = ("--jobs", "1")
) -> None:
    """Run the peers once; the file appears only when it is whole."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        series, answer = Path(folder) / "series.csv", Path(folder) / "answer.npz"
        history.to_csv(series)
        command: list[str | Path] = [
            python,
            SCRIPT,
            series,
            answer,
            "--horizon",
            str(HORIZON),
            *extra,
        ]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no word why"])[-1]
            message = f"{SCRIPT.name}: failed at {history.index[-1]:%Y-%m}: {last}"
            raise UsageError(message)
        answer.replace(out)


def notes_of(file: Path) -> dict[str, dict[str, float]]:
    """Seconds by method, and versions, of one run."""
    with np.load(file) as held:
        found: dict[str, dict[str, float]] = json.loads(str(held["notes"]))
        return found


def gathered(figures: Figures, files: list[Path]) -> Peers:
    """The kept forecasts of all origins, with those that need no model."""
    held = []
    for file in files:
        with np.load(file) as one:
            held.append({name: one[name] for name in one.files if name != "notes"})
    monthly = {
        name: np.stack([one[name] for one in held])
        for name in ("ets", "theta", "mstl", "airline")
    }
    monthly["last12"] = np.tile(figures.last_year, HORIZON // YEAR)
    four = ("ets", "theta", "airline", "last12")
    monthly["mean"] = np.mean([monthly[name] for name in four], axis=0)
    totals = [summed_bounds(one["ets_quantiles"], one["levels"]) for one in held]
    return Peers(monthly, np.stack(totals))


def summed_bounds(monthly: Array, levels: Array) -> Array:
    """Quantiles of the years' totals, had all months been at the same quantile together.

    From (n_series, horizon, n_held) to (n_series, n_years, n_levels).
    """
    n_series, horizon, n_held = monthly.shape
    years = monthly.reshape(n_series, horizon // YEAR, YEAR, n_held).sum(axis=2)
    return at_levels(years, levels)
