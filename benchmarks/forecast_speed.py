"""Seconds to forecast 480 series 36 months ahead, ours and statsforecast's AutoETS.

    python benchmarks/forecast_speed.py [--times 3] [--json FILE] [--peers-python PYTHON]

Three things are timed: the points alone; points and intervals with the calibration from
nothing; and points and intervals where a calibration is kept, in a process that has it.
Imports and reading the figures are left out of all of them, of AutoETS too; it runs on two
processes. Fastest and slowest of the times are told.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
import pandas as pd

from analysis.errors import AnalysisError
from analysis.project import project_root
from data_build import machine
from forecasting import ours, peers
from forecasting.figures import HORIZON, Figures

BARS = {
    "points": 5.0,
    "points and intervals, calibration from nothing": 60.0,
    "points and intervals from stored calibration": 1.0,
}
"""What is timed, and the most seconds it may take."""


@click.command(help=__doc__.partition("\n")[0])
@click.option("--times", default=3, show_default=True, help="How often to time each.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="File to write.")
@click.option("--peers-python", type=click.Path(path_type=Path), help="Python of the peers.")
def measure(times: int, json_path: Path | None, peers_python: Path | None) -> None:
    """Time each part and print a line of each."""
    last = Figures.held("location", "current", ())
    history = last.counts
    try:
        taken = {"AutoETS": peer_seconds(history, peers_python or default_python(), times)}
    except AnalysisError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    stored = ours.calibrated(history)
    parts: tuple[Callable[..., object], ...] = (
        ours.points,
        ours.from_nothing,
        partial(ours.from_stored, calibration=stored),
    )
    taken |= {
        name: seconds_of(part, history, times) for name, part in zip(BARS, parts, strict=True)
    }
    print(machine())
    print(f"{history.shape[1]} series of {len(history)} months, {HORIZON} months ahead")
    lines = report(taken)
    print("\n".join(lines))
    if json_path:
        found = {"machine": machine(), "seconds": taken}
        json_path.write_text(json.dumps(found, indent=1) + "\n")


def default_python() -> Path:
    """Where ``make bench`` puts the environment of the peers."""
    return project_root() / peers.PYTHON


def seconds_of(part: Callable[..., object], history: pd.DataFrame, times: int) -> list[float]:
    """Seconds of each time."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        part(history)
        taken.append(time.perf_counter() - start)
    return taken


def peer_seconds(history: pd.DataFrame, python: Path, times: int) -> list[float]:
    """Seconds of AutoETS with its intervals on two processes, as it tells them itself."""
    peers.check_environment(python)
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(times):
            answer = Path(folder) / f"{number}.npz"
            peers.forecast(history, answer, python, ("--jobs", "2", "--only", "ets"))
            taken.append(peers.notes_of(answer)["seconds"]["ets"])
    return taken


def report(taken: dict[str, list[float]]) -> list[str]:
    """A line each: seconds, the bar, and how many times faster than AutoETS."""
    peer = min(taken["AutoETS"])
    lines = [f"  {'AutoETS with intervals, 2 processes':<48} {span(taken['AutoETS'])}"]
    for name, bar in BARS.items():
        best = min(taken[name])
        verdict = "pass" if max(taken[name]) <= bar else "SHORT"
        lines.append(
            f"  {name:<48} {span(taken[name])}  at most {bar:g} s: {verdict}; "
            f"AutoETS takes {peer / best:,.1f} times as long"
        )
    return lines


def span(seconds: list[float]) -> str:
    """Fastest and slowest."""
    return f"{min(seconds):8.2f} to {max(seconds):.2f} s"


if __name__ == "__main__":
    measure()
