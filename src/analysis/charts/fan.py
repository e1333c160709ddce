"""A forecast as a fan: what was recorded, what is expected, and how far it may be out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts.chart import Caption, Chart, drawn_chart
from analysis.charts.labels import (
    Break,
    EndLabel,
    end_labels,
    key_below,
    mark_breaks,
    unit_above,
)
from analysis.charts.theme import (
    DARK_BLUE,
    DARK_PINK,
    MID_GREY,
    PALE_BLUE,
    PALEST_BLUE,
    Layout,
    month_axis,
    months_as_numbers,
    number_axis,
    zero_based,
)
from analysis.wording import listed, month_text, number, period_text, with_unit

BANDS = {95: PALEST_BLUE, 80: PALE_BLUE}
ODDS = {80: "four cases of five", 95: "nineteen of twenty"}


def fan_chart(
    history: pd.DataFrame,
    forecast: pd.DataFrame,
    caption: Caption,
    *,
    value: str = "offence_count",
    middle: str = "median",
    target: float | pd.DataFrame | None = None,
    target_name: str = "Target",
    horizon: str | pd.Timestamp | None = None,
    breaks: Sequence[Break] = (),
    decimals: int = 0,
) -> Chart:
    """A chart of recorded months and a forecast with 80 and 95 per cent ranges.

    Parameters
    ----------
    history : DataFrame
        ``month`` and ``value``.
    forecast : DataFrame
        ``month``, ``middle`` and ``lower_80``, ``upper_80``, ``lower_95``, ``upper_95``, or
        one pair of them: a forecast without its range is refused.
    caption : Caption
    value, middle : str
        Columns of the history and of the forecast's centre.
    target : float or DataFrame, optional
        A level for all months, or ``month`` and ``target``.
    target_name : str
    horizon : month, optional
        When the target falls due, as a vertical mark.
    breaks : sequence of (month, label)
    decimals : int

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If a column of the forecast is missing, or there is nothing to draw.
    """
    levels = [level for level in BANDS if f"lower_{level}" in forecast]
    absent = sorted({"month", middle} - set(forecast.columns))
    if absent or forecast.empty or not levels:
        lacking = listed(absent) or ("limits" if len(forecast) else "rows")
        raise ValueError(f"Chart {caption.chart_id!r}: the forecast lacks its {lacking}.")
    path = _target_path(target, forecast)
    marks = [*breaks, *([(horizon, "Target due")] if horizon is not None else [])]

    def draw(figure: Figure, layout: Layout) -> None:
        axes = figure.add_subplot()
        _draw_fan(axes, history, forecast, value, middle, levels)
        if path is not None:
            axes.plot(months_as_numbers(path["month"]), path["target"], color=DARK_PINK)
        axes.margins(x=0.01)
        zero_based(axes)
        number_axis(axes, unit=caption.unit)
        months = pd.concat([history["month"], forecast["month"]], ignore_index=True)
        month_axis(axes, months, layout)
        room, key = mark_breaks(figure, axes, marks, layout)
        unit_above(axes, caption.unit, layout, room)
        key_below(figure, key, layout)
        last = float(months_as_numbers(forecast["month"]).max())
        labels = _ends(forecast, path, middle, target_name, decimals)
        end_labels(figure, axes, last, labels, layout)

    table = _table(history, forecast, path, value, middle, caption.unit, target_name)
    words = _description(history, forecast, path, caption, value, middle, target_name, decimals)
    return drawn_chart(
        draw,
        caption,
        description=words,
        table=table,
        decimals=dict.fromkeys(table.columns[1:], decimals),
    )


def _draw_fan(
    axes: Axes,
    history: pd.DataFrame,
    forecast: pd.DataFrame,
    value: str,
    middle: str,
    levels: list[int],
) -> None:
    ahead = months_as_numbers(forecast["month"])
    for level in levels:
        lower = forecast[f"lower_{level}"].astype(float)
        upper = forecast[f"upper_{level}"].astype(float)
        axes.fill_between(ahead, lower, upper, color=BANDS[level], linewidth=0)
    calendar = pd.date_range(history["month"].min(), history["month"].max(), freq="MS")
    known = history.set_index("month")[value].reindex(calendar).astype(float)
    axes.plot(months_as_numbers(calendar.to_series()), known, color=DARK_BLUE)
    axes.plot(ahead, forecast[middle].astype(float), color=DARK_BLUE, linestyle=(0, (4, 2)))


def _target_path(
    target: float | pd.DataFrame | None, forecast: pd.DataFrame
) -> pd.DataFrame | None:
    """The target as months and values, level over the forecast where it is one number."""
    if target is None or isinstance(target, pd.DataFrame):
        return target
    return forecast[["month"]].assign(target=float(target))


def _ends(
    forecast: pd.DataFrame,
    path: pd.DataFrame | None,
    middle: str,
    target_name: str,
    decimals: int,
) -> list[EndLabel]:
    last = forecast.sort_values("month").iloc[-1]

    def at(column: str) -> float:
        return float(last[column])

    labels = [
        EndLabel(
            at(f"upper_{level}"),
            f"{level}% range to {number(at(f'upper_{level}'), decimals)}",
            MID_GREY,
        )
        for level in BANDS
        if f"upper_{level}" in forecast
    ]
    labels.append(
        EndLabel(at(middle), f"Forecast {number(at(middle), decimals)}", DARK_BLUE, True)
    )
    if path is not None:
        level = float(path.sort_values("month")["target"].iloc[-1])
        text = f"{target_name} {number(level, decimals)}"
        labels.append(EndLabel(level, text, DARK_PINK, True))
    return labels


def _table(
    history: pd.DataFrame,
    forecast: pd.DataFrame,
    path: pd.DataFrame | None,
    value: str,
    middle: str,
    unit: str,
    target_name: str,
) -> pd.DataFrame:
    """Recorded months, then forecast ones; what does not apply to a month is ``[z]``."""
    recorded, expected = f"Recorded ({unit})", f"Forecast ({unit})"
    names = {middle: expected}
    for level in (80, 95):
        ends = {f"lower_{level}": f"{level}% lower", f"upper_{level}": f"{level}% upper"}
        names |= {column: name for column, name in ends.items() if column in forecast}
    past = pd.DataFrame({"Month": history["month"], recorded: history[value]})
    ahead = forecast.rename(columns={"month": "Month", **names})[["Month", *names.values()]]
    past = past.astype({recorded: object}).assign(**dict.fromkeys(names.values(), "[z]"))
    ahead = ahead.astype(dict.fromkeys(names.values(), object)).assign(**{recorded: "[z]"})
    table = pd.concat([past, ahead[past.columns]], ignore_index=True)
    if path is not None:
        levels = path.set_index("month")["target"]
        table[f"{target_name} ({unit})"] = [
            levels.get(month, "[z]") for month in table["Month"]
        ]
    return table


def _description(
    history: pd.DataFrame,
    forecast: pd.DataFrame,
    path: pd.DataFrame | None,
    caption: Caption,
    value: str,
    middle: str,
    target_name: str,
    decimals: int,
) -> str:
    known = history.dropna(subset=[value]).sort_values("month").iloc[-1]
    last = forecast.sort_values("month").iloc[-1]

    def told(amount: float) -> str:
        return with_unit(float(amount), caption.unit, decimals)

    def span(level: int) -> str:
        ends = (last[f"lower_{level}"], last[f"upper_{level}"])
        return " to ".join(number(float(end), decimals) for end in ends)

    ranges = [
        f"{span(level)} in {ODDS[level]}" for level in ODDS if f"lower_{level}" in forecast
    ]
    words = (
        f"Line chart of {caption.in_sentence} in {caption.area},"
        f" {period_text(history['month'])}, with a forecast for"
        f" {period_text(forecast['month'])}. Last recorded:"
        f" {told(known[value])} in {month_text(known['month'])}. Forecast for"
        f" {month_text(last['month'])}: {told(last[middle])}, with a range of"
        f" {listed(ranges)}."
    )
    if path is not None:
        final = path.sort_values("month").iloc[-1]
        words += f" {target_name}: {told(final['target'])} in {month_text(final['month'])}."
    return words
