"""How good the forecasts are, against peers that are run here from the same figures.

    python benchmarks/forecast_skill.py [--json FILE] [--fresh] [--peers-python PYTHON]

480 series of monthly counts (32 boroughs by 13 offence groups, MOPAC 7 and the total without
fraud; location basis, current list) are forecast 36 months ahead from March and September of
2015 to 2024, each time from nothing but the months to then, and scored on the months that
followed. Told apart: windows that hold months of COVID restrictions, the latest origins (kept
out of the search for the design, but seen when its last choice was made among near equals) and
the list of offences that no choice has seen.

The peers are statsforecast's, in an environment of its own: ``make bench`` makes it and runs
this command. Their forecasts are kept in ``cache/benchmarks/`` by a hash of all that they
depend on; ``--fresh`` makes them anew.
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, is_dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np

from analysis.data.vintages import Basis, OffenceList
from analysis.errors import AnalysisError
from analysis.project import project_root
from data_build import machine
from forecasting import peers as peers_module
from forecasting.bars import Row, percent, rows, told
from forecasting.evaluate import WHOLE_YEARS, Evaluation, PooledChances
from forecasting.figures import HORIZON, LATEST, OLD_ORIGINS, ORIGINS, Figures
from forecasting.ours import Ours, ours
from forecasting.peers import LABELS, NAMES, Peers, peers_at
from forecasting.scores import YEAR


@click.command(help=__doc__.partition("\n")[0])
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="File to write.")
@click.option("--fresh", is_flag=True, help="Run the peers anew, whatever is kept.")
@click.option("--jobs", default=2, show_default=True, help="Processes for our forecasts.")
@click.option("--peers-python", type=click.Path(path_type=Path), help="Their Python.")
def measure(json_path: Path | None, fresh: bool, jobs: int, peers_python: Path | None) -> None:
    """Forecast, score and print."""
    python = peers_python or project_root() / peers_module.PYTHON
    try:
        current = forecast_all("location", "current", ORIGINS, python, fresh, jobs)
        old = forecast_all("policing", "old", OLD_ORIGINS, python, fresh, jobs)
    except AnalysisError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    choices = evaluations(current, old)
    print(machine())
    report(choices)
    if json_path:
        json_path.write_text(json.dumps(plain(as_data(choices)), indent=1) + "\n")


def say(sentence: str) -> None:
    """Tell how far it is, apart from the results."""
    print(sentence, file=sys.stderr, flush=True)


def forecast_all(
    basis: Basis,
    offence_list: OffenceList,
    origins: tuple[str, ...],
    python: Path,
    fresh: bool,
    jobs: int,
) -> tuple[Figures, Peers, list[Ours]]:
    """Figures of one record, with the peers' and our forecasts at every origin."""
    figures = Figures.held(basis, offence_list, origins)
    peers = peers_at(figures, python, fresh=fresh, say=say)
    start = time.perf_counter()
    asked = partial(ours, basis=basis, offence_list=offence_list, series=figures.names)
    with ProcessPoolExecutor(jobs) as pool:
        said = list(pool.map(asked, origins))
    seconds = time.perf_counter() - start
    say(f"Our forecasts at {len(origins)} origins, {basis} basis: {seconds:.0f} s.")
    return figures, peers, said


def evaluations(
    current: tuple[Figures, Peers, list[Ours]], old: tuple[Figures, Peers, list[Ours]]
) -> dict[str, Evaluation]:
    """Each choice of windows by its name; the bars are judged on the first."""
    clear = current[0].clear()
    is_latest = np.isin(current[0].origins, LATEST)
    return {
        "clear of COVID": Evaluation(*current, clear),
        "all windows": Evaluation(*current, np.ones_like(clear)),
        "clear, 2015-22": Evaluation(*current, clear, ~is_latest),
        "latest, 2023-24": Evaluation(*current, clear, is_latest),
        "held out, old list": Evaluation(*old, old[0].clear()),
    }


def report(choices: dict[str, Evaluation]) -> None:
    """Print the bars, then what stands behind them."""
    main = next(iter(choices.values()))
    bars = rows(main)
    print(f"\nBars, windows clear of COVID, {main.figures.counts.shape[1]} series")
    print(table(["measure", "must", "stretch", "measured", ""], [cells(row) for row in bars]))
    judged = [row for row in bars if row.passes is not None]
    print(
        f"\n{sum(bool(row.passes) for row in judged)} of {len(judged)} bars pass, "
        f"{sum(bool(row.stretches) for row in bars)} of "
        f"{sum(row.stretches is not None for row in bars)} stretches. Limits are 95 %, over "
        "origins (jackknife, Student's t)."
    )
    for title, section in (
        ("The same on other windows (limits left out)", other_windows),
        ("All methods: scaled error of totals / AutoETS; mean absolute % error", methods),
        ("Other scale, and limits with the origins of one year as one", alternatives),
        ("Coverage at 80 % by offence group, with clustered standard errors", by_measure),
        ("P(met): Brier scores", chances),
        ("P(met) in fifths by year: forecast > happened (standard error)", fifths),
        ("P(met), both records together, windows clear of COVID", both_records),
        ("By origin: ratios to AutoETS and to last 12; coverage at 80 %", by_origin),
    ):
        print(f"\n{title}\n{section(choices)}")


def cells(row: Row) -> list[str]:
    """Cells of one bar."""
    return [row.measure, row.must, row.stretch, row.measured, row.verdict]


def other_windows(choices: dict[str, Evaluation]) -> str:
    """The points and coverage of every choice of windows, a column each."""
    lines: dict[str, list[str]] = {}
    for found in choices.values():
        for name, value in summary(found).items():
            lines.setdefault(name, []).append(value)
    return table(["", *choices], [[name, *values] for name, values in lines.items()])


def summary(found: Evaluation) -> dict[str, str]:
    """One column: the main numbers by name."""
    years = list(WHOLE_YEARS)
    ratios = {
        "monthly MASE / AutoETS, h<=12": [found.mase(YEAR)],
        "monthly MASE / AutoETS, h<=36": [found.mase(HORIZON)],
        "totals / AutoETS, Y1 Y2 Y3": [found.total_ratio(year) for year in years],
        "totals / last 12, Y1 Y2 Y3": [found.total_ratio(year, "last12") for year in years],
    } | {
        f"  the same, {family}": ratios for family, ratios in found.against_last_year().items()
    }
    ratios["CRPS / AutoETS, Y1 Y2 Y3"] = [found.crps_ratio(year) for year in years]
    lines = {
        name: " ".join(number(one.value) for one in values) for name, values in ratios.items()
    }
    for level in (80, 95):
        for label, name in (("", "ours"), (", AutoETS summed", "ets")):
            shares = found.coverage(level / 100, name)
            lines[f"coverage {level} %{label}"] = " ".join(percent(one.value) for one in shares)
    for cell in found.chance_cells():
        name = f"P(met) -{cell['fall_pct']} % Y{cell['year']}: said, happened; Brier, of rate"
        lines[name] = (
            f"{percent(cell['forecast'])} {percent(cell['observed'].value)}; "
            f"{number(cell['brier'], 4)} {number(cell['brier_known_rate'], 4)}"
        )
    origins = [one.origins for one in ratios["totals / AutoETS, Y1 Y2 Y3"]]
    return {"origins, Y1 Y2 Y3": " ".join(map(str, origins))} | lines


def methods(choices: dict[str, Evaluation]) -> str:
    """Every method on the windows of the bars."""
    found = next(iter(choices.values()))
    made = []
    for name in ("ours", *NAMES):
        ratios = [told(found.total_ratio(year, name=name)) for year in WHOLE_YEARS]
        errors = np.nanmean(found.total_error(name, "percent"), axis=(0, 1))
        percents = " ".join(f"{error:.1f}" for error in errors)
        mase = [number(found.mase(h, name=name).value) for h in (YEAR, HORIZON)]
        made.append([LABELS.get(name, "ours"), *ratios, percents, " ".join(mase)])
    head = ["", "Y1", "Y2", "Y3", "% error Y1 Y2 Y3", "MASE / AutoETS, 12 and 36"]
    return table(head, made)


def alternatives(choices: dict[str, Evaluation]) -> str:
    """How the ratios to AutoETS change with the scale and with the unit."""
    found = next(iter(choices.values()))
    years = list(WHOLE_YEARS)
    kinds: dict[str, dict[str, Any]] = {
        "scale: annual change of the total": {"scale": "annual"},
        "scale: the total itself (percent)": {"scale": "percent"},
        "unit: calendar year of the origin": {"groups": found.calendar_years},
    }
    made = [
        [name, *(told(found.total_ratio(year, **kind)) for year in years)]
        for name, kind in kinds.items()
    ]
    return table(["", "Y1", "Y2", "Y3"], made)


def by_measure(choices: dict[str, Evaluation]) -> str:
    """Coverage by offence group, all years and each."""
    found = next(iter(choices.values()))
    columns = [found.coverage_by_measure(), *map(found.coverage_by_measure, WHOLE_YEARS)]
    others = ("all windows", "latest, 2023-24", "held out, old list")
    columns += [choices[name].coverage_by_measure() for name in others]
    missing = (np.nan, np.nan)
    made = [
        [name, *(with_error(*one.get(name, missing)) for one in columns)] for name in columns[0]
    ]
    return table(["", "all years", "Y1", "Y2", "Y3", *others], made)


def chances(choices: dict[str, Evaluation]) -> str:
    """Brier scores of the chances as reported, before they are shrunk, of base rates."""
    found = next(iter(choices.values()))
    made = []
    for cell in found.chance_cells():
        name = f"-{cell['fall_pct']} % by Y{cell['year']}"
        kinds = ("brier", "brier_unshrunk", "brier_known_rate", "brier_final_rate")
        said = [percent(cell[kind]) for kind in ("forecast", "forecast_unshrunk")]
        seen = cell["observed"]
        limits = f"{percent(seen.value)} ({percent(seen.lower)} to {percent(seen.upper)})"
        made.append([name, *(number(cell[kind], 4) for kind in kinds), *said, limits])
    head = ["", "reported", "not shrunk", "rate known", "rate of all years"]
    return table([*head, "mean reported", "not shrunk", "happened"], made)


def fifths(choices: dict[str, Evaluation]) -> str:
    """Reliability of P(met), all years and each."""
    found = next(iter(choices.values()))
    made = []
    for label, year in (("all years", None), *((f"Y{y + 1}", y) for y in WHOLE_YEARS)):
        told_fifths = [
            f"{percent(one.forecast)} > {with_error(one.observed, one.standard_error)}"
            for one in found.reliability(year)
        ]
        made.append([label, *told_fifths, *[""] * (5 - len(told_fifths))])
    return table(["", "lowest", "second", "third", "fourth", "highest"], made)


def both_records(choices: dict[str, Evaluation]) -> str:
    """P(met) over the windows of the bars and those of the old list."""
    pooled = pooled_chances(choices)
    made = [
        [
            f"-{cell['fall_pct']} % by Y{cell['year']}",
            percent(cell["forecast"]),
            percent(cell["observed"].value),
            f"{100 * cell['gap'].value:+.1f} ({100 * cell['gap'].lower:+.1f} to "
            f"{100 * cell['gap'].upper:+.1f})",
            f"{number(cell['brier'], 4)} {number(cell['brier_known_rate'], 4)}",
            str(cell["observed"].origins),
        ]
        for cell in pooled.cells()
    ]
    reliability = "  ".join(
        f"{percent(one.forecast)} > {with_error(one.observed, one.standard_error)}"
        for one in pooled.fifths()
    )
    head = ["", "mean reported", "happened", "gap, points", "Brier, of known rate", "origins"]
    return f"{table(head, made)}\nfifths: {reliability}"


def pooled_chances(choices: dict[str, Evaluation]) -> PooledChances:
    """Chances over the windows of the bars and those of the old list."""
    return PooledChances.of(choices["clear of COVID"], choices["held out, old list"])


def by_origin(choices: dict[str, Evaluation]) -> str:
    """A line an origin, all windows that are clear, on both records."""
    made = []
    for name in ("clear of COVID", "held out, old list"):
        for line in choices[name].by_origin():
            made.append(
                [
                    line["origin"] + (" old" if "old" in name else ""),
                    number(line["mase_12"]),
                    number(line["mase_36"]),
                    " ".join(map(number, line["totals"])),
                    " ".join(map(number, line["totals_last12"])),
                    " ".join(map(percent, line["coverage_80"][:-1])),
                ]
            )
    head = ["origin", "MASE 12", "MASE 36", "totals Y1 Y2 Y3", "totals / last 12", "coverage"]
    return table(head, made)


def as_data(choices: dict[str, Evaluation]) -> dict[str, Any]:
    """Everything that was measured, for other programs."""
    main = next(iter(choices.values()))
    return {
        "machine": machine(),
        "bars": [asdict(row) | {"verdict": row.verdict} for row in rows(main)],
        "chances_of_both_records": pooled_chances(choices).cells(),
        "windows": {name: as_numbers(found) for name, found in choices.items()},
    }


def as_numbers(found: Evaluation) -> dict[str, Any]:
    """The numbers of one choice of windows."""
    years = list(WHOLE_YEARS)
    return {
        "mase": {
            name: [found.mase(h, name=name) for h in (YEAR, HORIZON)]
            for name in ("ours", *NAMES)
        },
        "totals": {
            name: {
                scale: [found.total_ratio(year, name=name, scale=scale) for year in years]
                for scale in ("monthly", "annual", "percent")
            }
            for name in ("ours", *NAMES)
        },
        "against_last_12": found.against_last_year(),
        "crps": [found.crps_ratio(year) for year in years],
        "coverage": {level: found.coverage(level / 100) for level in (80, 95)},
        "coverage_by_measure": {
            "all": found.coverage_by_measure(),
            **{f"Y{year + 1}": found.coverage_by_measure(year) for year in years},
        },
        "chances": found.chance_cells(),
        "reliability": found.reliability(),
        "by_origin": found.by_origin(),
    }


def plain(value: object) -> object:
    """The same in JSON's own words; a number that is not known becomes null."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(one) for one in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    return None if isinstance(value, float) and np.isnan(value) else value


def number(value: float, decimals: int = 3) -> str:
    """A number, or a dash where there is none."""
    return "-" if np.isnan(value) else f"{value:.{decimals}f}"


def with_error(value: float, error: float) -> str:
    """A share with its standard error."""
    return f"{percent(value)} ({number(100 * error, 1)})"


def table(head: list[str], body: list[list[str]]) -> str:
    """Columns in line, as wide as they need be."""
    widths = [max(map(len, column)) for column in zip(head, *body, strict=True)]

    def line(one: list[str]) -> str:
        padded = (cell.ljust(width) for cell, width in zip(one, widths, strict=True))
        return "  ".join(padded).rstrip()

    return "\n".join([line(head), line(["-" * width for width in widths]), *map(line, body)])


if __name__ == "__main__":
    measure()
