"""``csp forecast``: forecasts of any monthly counts, for a spreadsheet or a script."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import click

from analysis.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from analysis.data.series_file import SeriesFile
    from analysis.forecasts.counts import CountsForecast

FARTHEST = 60
# Five years: beyond, the figures say next to nothing.

TELL_AFTER = 2.0
TELL_EVERY = 10.0
# Seconds of silence that a reader of the screen should not have to wonder about.

_QUANTILES = ["q05", "q10", "q25", "q50", "q75", "q90", "q95"]
_LIMITS = ["lower_80", "upper_80", "lower_95", "upper_95"]
_KEY = ["series_id", "period", "kind"]
_NAMED_IN_A_NOTE = 5
_STANDARD_INPUT = "standard input"


@click.command()
@click.argument("series", metavar="SERIES.csv")
@click.option(
    "--horizon",
    type=click.IntRange(1, FARTHEST),
    required=True,
    metavar="N",
    help=f"Months to forecast, 1 to {FARTHEST}.",
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write it here.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of CSV.")
def forecast(series: str, horizon: int, out: Path | None, as_json: bool) -> None:
    """Forecast monthly counts of many series, with their ranges, as CSV.

    SERIES.csv has the columns series_id, month (as 2025-01) and count, and may have
    parent_id, the series that a series is part of; '-' reads standard input. A parent that
    has no line of its own is the sum of its parts.
    """
    try:
        place = _place(out, series) if out is not None else None
        where, content = _content(series)
    except OSError as error:
        message = f"{error.filename}: cannot be reached ({error.strerror}). Name another file."
        raise UsageError(message) from error
    from analysis.data.series_file import read_series_file

    file = read_series_file(content, where)
    made = _forecast(file, horizon)
    notes = _notes(file, made.notes)
    table = _table(made)
    _tell(file, made, notes, horizon)
    text = _json(made, horizon, notes, table) if as_json else _csv(table)
    if place is None:
        click.echo(text, nl=False)
    else:
        _write_whole(text, place)


def _content(series: str) -> tuple[str, bytes]:
    if series == "-":
        return _STANDARD_INPUT, sys.stdin.buffer.read()
    path = Path(series)
    if path.is_dir():
        raise UsageError(f"{series}: this is a folder. Name a CSV file, or '-'.")
    if not path.exists():
        beside = [each.name for each in path.parent.glob("*.csv")]
        message = f"{series}: no such file.{did_you_mean(path.name, beside)}"
        raise UsageError(f"{message} Name a CSV file, or '-' for {_STANDARD_INPUT}.")
    try:
        return path.name, path.read_bytes()
    except OSError as error:
        message = f"{series}: cannot be read ({error.strerror}). Name a file you may read."
        raise UsageError(message) from error


def _place(out: Path, series: str) -> Path:
    """Where the answer goes, refused before any work is done for it."""
    place = out.resolve()
    if not place.parent.is_dir():
        message = f"--out {out}: no folder '{out.parent}'. Make it first, or name another."
        raise UsageError(message)
    if place.exists() and not place.is_file():
        message = (
            f"--out {out}: not a file. Name one, or leave --out away to print the forecast."
        )
        raise UsageError(message)
    if series != "-" and place == Path(series).resolve():
        message = f"--out {out}: this is the file of counts itself. Name another."
        raise UsageError(message)
    if not os.access(place.parent, os.W_OK):
        message = f"--out {out}: the folder may not be written to. Name another."
        raise UsageError(message)
    return place


def _write_whole(text: str, place: Path) -> None:
    # Written beside its place and moved in one step: a reader sees all of it or nothing.
    try:
        with TemporaryDirectory(dir=place.parent, prefix=".csp-") as beside:
            written = Path(beside) / place.name
            written.write_text(text, encoding="utf-8", newline="\n")
            written.replace(place)
    except OSError as error:
        message = f"--out {place}: cannot be written ({error.strerror}). Name another file."
        raise UsageError(message) from error


def _forecast(file: SeriesFile, horizon: int) -> CountsForecast:
    what = f"{len(file.counts.columns) + len(file.sums):,} series, {horizon} month(s) ahead"
    with _told_while_it_lasts(f"Forecasting {what} ..."):
        from analysis.data.comparability import unusual_months
        from analysis.forecasts.counts import forecast_counts

        return forecast_counts(
            file.counts, horizon, parents=file.parents, unusual_months=unusual_months()
        )


@contextmanager
def _told_while_it_lasts(
    begun: str, tell: Callable[[str], None] = lambda line: click.echo(line, err=True)
) -> Iterator[None]:
    """Tell what is under way once it takes longer than a moment, and that it still is."""
    done = Event()

    def watch() -> None:
        waited = TELL_AFTER
        if done.wait(TELL_AFTER):
            return
        tell(begun)
        while not done.wait(TELL_EVERY):
            waited += TELL_EVERY
            tell(f"... {waited:.0f} seconds so far")

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _table(made: CountsForecast) -> pd.DataFrame:
    """Months and then totals of each series, in the order of the file."""
    import pandas as pd

    months = made.months.assign(
        kind="month", period=[f"{m:%Y-%m}" for m in made.months["month"]]
    )
    tables = [months]
    if len(made.totals):
        periods = [
            f"{last - pd.DateOffset(months=11):%Y-%m}..{last:%Y-%m}"
            for last in made.totals["month"]
        ]
        tables.append(made.totals.assign(kind="total_12", period=periods))
    both = pd.concat(tables, ignore_index=True)
    rank = {name: place for place, name in enumerate(months["series_id"].unique())}
    ordered = both.sort_values("series_id", key=lambda ids: ids.map(rank), kind="stable")
    numbers = ["mean", *_QUANTILES, *_LIMITS]
    ordered[numbers] = ordered[numbers].astype(float).round(2)
    return ordered[[*_KEY, *numbers]]


def _notes(file: SeriesFile, of_forecast: Mapping[str, list[str]]) -> dict[str, list[str]]:
    both = {
        name: [*file.notes.get(name, []), *of_forecast.get(name, [])]
        for name in (*map(str, file.counts), *file.sums)
    }
    return {name: told for name, told in both.items() if told}


def _tell(
    file: SeriesFile, made: CountsForecast, notes: Mapping[str, list[str]], horizon: int
) -> None:
    from analysis.data.comparability import unusual_months
    from analysis.data.months import months_in_words

    if file.unused_columns:
        click.echo(f"note: columns not read: {', '.join(file.unused_columns)}", err=True)
    left_out = file.counts.index.intersection(unusual_months())
    if len(left_out):
        named = months_in_words(left_out)
        message = f"note: the ranges are learnt without {named} (COVID restrictions)"
        click.echo(message, err=True)
    if horizon < 12:
        message = f"note: no 12-month total, because {horizon} month(s) are fewer than 12"
        click.echo(message, err=True)
    for sentence, names in _series_by_note(notes).items():
        named = ", ".join(names[:_NAMED_IN_A_NOTE])
        more = len(names) - _NAMED_IN_A_NOTE
        others = f" and {more} more" if more > 0 else ""
        click.echo(f"note: {named}{others}: {sentence}", err=True)
    click.echo(f"Forecast from {made.origin}. {made.method}", err=True)


def _series_by_note(notes: Mapping[str, list[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, told in notes.items():
        for sentence in told:
            found.setdefault(sentence, []).append(name)
    return found


def _csv(table: pd.DataFrame) -> str:
    return str(table.to_csv(index=False, lineterminator="\n"))


def _json(
    made: CountsForecast, horizon: int, notes: Mapping[str, list[str]], table: pd.DataFrame
) -> str:
    answer: dict[str, Any] = {
        "origin": made.origin,
        "horizon": horizon,
        "method": made.method,
        "notes": notes,
        "forecasts": json.loads(table.to_json(orient="records")),
    }
    return json.dumps(answer, indent=1, ensure_ascii=False) + "\n"
