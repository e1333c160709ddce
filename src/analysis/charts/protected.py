"""The charts and tables of the theme of victims, from the results of its composition.

Each takes what was computed and the finding's heading; where there is nothing to draw it
gives an empty list, and the finding says why.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.assessment import Assessment, Period
from analysis.assessment.victims import (
    ASB,
    HATE,
    STRANDS,
    VAWG,
    Shares,
    Subject,
    VictimFigures,
    gate_name,
    label,
    rolling,
    unit,
)
from analysis.charts.bars import change_bars, ranked_bars
from analysis.charts.captions import drawn_boroughs, marks, source_line, spans
from analysis.charts.chart import Caption, Chart
from analysis.charts.dots import interval_dots
from analysis.charts.funnel import funnel_plot
from analysis.charts.line import monthly_line
from analysis.charts.table import Table
from analysis.params.areas import area_name
from analysis.wording import editions, period_words

PUBLISHERS = {
    "monthly_special": "Metropolitan Police Service, Monthly Crime Dashboard, location basis",
    "vawg_monthly": (
        "Metropolitan Police Service, Violence Against Women and Girls Dashboard, location "
        "basis"
    ),
    "asb_incidents": (
        "Home Office (data.police.uk), street-level anti-social behaviour incidents"
    ),
}

AFTER_BREAK = (
    "Measures whose recording changed are compared only over like months since: the police "
    "changed their system in March 2024, and Heathrow has been counted in Hillingdon since. "
    "The first months of a new system may be recorded less fully."
)
JUDGED = (
    "Each measure is compared with the same months a year before. Limits are 95% intervals, "
    "each measure by itself; 'beyond chance' allows for all of them being looked at together. "
    "Measures overlap and are never added up. A change that the other boroughs share may be "
    "one of recording."
)
BESIDE_DECIMALS = {"Per 1,000 residents": 2, "Others = 100": 0, "Lower": 0, "Upper": 0}

OTHERS, ALIKE = "Other 31 boroughs", 100.0
# The row that the others are measured by.


def source(assessment: Assessment, figures: VictimFigures, *measures: str) -> str:
    """Publisher and publications of some measures, as a sentence or more."""
    tables = dict.fromkeys(figures.table_of[measure] for measure in measures)
    return " ".join(_source_of(assessment, figures, table) for table in tables)


def changes(
    assessment: Assessment, figures: VictimFigures, table: pd.DataFrame, title: str
) -> list[Chart | Table]:
    """Change of every measure over its own months, drawn and as a table."""
    if table.empty:
        return []
    text = source(assessment, figures, *map(str, table.index))
    made = _changes_table(table, text)
    judged = table[table["is_significant"].notna()]
    if judged.empty:
        return [made]
    rows = judged.reset_index(drop=True)
    rows = rows.assign(offence_group=[label(str(measure)) for measure in judged.index])
    caption = Caption(
        title,
        "Change on the same months a year before",
        assessment.area.area_name,
        _own_months(judged["after_period"], "each measure over its own months"),
        text,
        "victim-changes",
        "%",
    )
    rows = rows.sort_values("change_pct", ascending=False)
    return [change_bars(rows, caption, label_name="Measure"), made]


def women(assessment: Assessment, figures: VictimFigures, found: Subject | None) -> list[Chart]:
    """Offences and victims of violence against women and girls, month by month."""
    if found is None:
        return []
    code = assessment.area.area_code
    parts = {"Offences": found.monthly[code], "Victims": figures.victims_monthly[code]}
    rows = pd.concat(
        [
            pd.DataFrame({"month": each.index, "count": each.to_numpy(), "line": name})
            for name, each in parts.items()
        ]
    ).dropna()
    caption = _caption(
        assessment,
        figures,
        VAWG,
        "Violence against women and girls, month by month",
        "Offences flagged as violence against women and girls, and their victims",
        "vawg-months",
        _months(rows["month"]),
        "a month",
    )
    return [
        monthly_line(
            rows,
            caption,
            value="count",
            group="line",
            highlight="Offences",
            breaks=_marks(assessment, VAWG, rows["month"]),
        )
    ]


def ranked(
    assessment: Assessment,
    figures: VictimFigures,
    found: Subject | None,
    ranks: pd.DataFrame | None,
    title: str,
) -> list[Chart]:
    """Rates of the boroughs in the subject's year, in order; nothing unless all are held."""
    if found is None or found.year is None or ranks is None:
        return []
    people = assessment.population(found.year)[ranks.index].sum()
    table = ranks.assign(borough=[area_name(str(code)) for code in ranks.index])
    caption = _caption(
        assessment,
        figures,
        found.measure,
        title,
        f"{label(found.measure)}: {unit(found.measure)} per 1,000 residents",
        f"{_slug(found.measure)}-rates",
        found.year,
        "per 1,000",
    )
    caption = replace(caption, area=drawn_boroughs(len(table)))
    return [
        ranked_bars(
            table,
            caption,
            label="borough",
            label_name="Borough",
            highlight=assessment.area.area_name,
            reference=float(1000 * ranks["offence_count"].sum() / people),
            reference_name="32 boroughs",
            decimals=2 if ranks["rate_per_1000"].max() < 5 else 1,
        )
    ]


def rolling_year(
    assessment: Assessment, figures: VictimFigures, found: Subject | None, title: str
) -> list[Chart]:
    """Rolling 12-month totals of a measure over all months held, breaks marked."""
    if found is None:
        return []
    table = rolling(found, assessment.area.area_code)
    counts = pd.Series(table["rolling_count"].to_numpy(), table["month"])
    told = "12 months to each month"
    return _course(assessment, figures, found.measure, title, counts, told, "rolling-year")


def months(
    assessment: Assessment, figures: VictimFigures, found: Subject | None, title: str
) -> list[Chart]:
    """Every month held of a measure; months that are missing are gaps in the line."""
    if found is None:
        return []
    counts = found.monthly[assessment.area.area_code].dropna()
    told = f"{unit(found.measure)} a month"
    return _course(assessment, figures, found.measure, title, counts, told, "months")


def _course(
    assessment: Assessment,
    figures: VictimFigures,
    measure: str,
    title: str,
    counts: pd.Series,
    told: str,
    ending: str,
) -> list[Chart]:
    """A line of a measure by month, breaks marked; nothing where no month is held."""
    if counts.empty:
        return []
    table = pd.DataFrame({"month": counts.index, "count": counts.to_numpy()})
    caption = _caption(
        assessment,
        figures,
        measure,
        title,
        f"{label(measure)}, {told}",
        f"{_slug(measure)}-{ending}",
        _months(table["month"]),
    )
    breaks = _marks(assessment, measure, table["month"])
    return [monthly_line(table, caption, value="count", breaks=breaks)]


def shares(
    assessment: Assessment, figures: VictimFigures, result: Shares | None, title: str
) -> list[Chart]:
    """Share of crime in each borough in order, and against how much crime it is out of."""
    if result is None:
        return []
    text = f"{source(assessment, figures, result.measure)} {source_line(assessment)}"
    name = _slug(result.measure)
    told = f"{label(result.measure)} as a share of all recorded crime"
    period = period_words(*result.period)
    table = result.table.assign(borough=[area_name(str(c)) for c in result.table.index])
    whole = result.table[["part_count", "whole_count"]].sum()
    total = float(100 * whole["part_count"] / whole["whole_count"])
    boroughs = drawn_boroughs(len(table))
    bars = ranked_bars(
        table,
        Caption(title, told, boroughs, period, text, f"{name}-share", "%"),
        label="borough",
        value="share_pct",
        label_name="Borough",
        highlight=assessment.area.area_name,
        reference=total,
        reference_name="32 boroughs",
    )
    return [bars, _share_funnel(assessment, result, told, text)]


def injury(
    assessment: Assessment, figures: VictimFigures, parts: pd.DataFrame, title: str
) -> list[Chart]:
    """Violence with injury in and outside domestic abuse, month by month."""
    if parts.empty:
        return []
    names = {"domestic_count": "Domestic abuse", "other_count": "Not domestic abuse"}
    rows = parts.melt("month", list(names), var_name="line", value_name="count")
    rows["line"] = rows["line"].map(names)
    measure = "violence_with_injury_outside_domestic_abuse"
    caption = Caption(
        title,
        "Violence with injury by month",
        assessment.area.area_name,
        period_words(*_months(parts["month"])),
        f"{source(assessment, figures, 'domestic_abuse')} {source_line(assessment)}",
        "injury-months",
    )
    return [
        monthly_line(
            rows,
            caption,
            value="count",
            group="line",
            highlight=names["other_count"],
            breaks=_marks(assessment, measure, parts["month"]),
        )
    ]


def against_others(
    assessment: Assessment, figures: VictimFigures, table: pd.DataFrame, title: str
) -> list[Chart | Table]:
    """Rates against those of the other boroughs together, drawn and as a table."""
    if table.empty:
        return []
    area, text = assessment.area.area_name, source(assessment, figures, *map(str, table.index))
    made = _violence_table(assessment, table, text)
    drawn = table[table["ratio_pct"].notna()]
    if drawn.empty:
        return [made]
    rows = drawn.assign(measure=[label(str(measure)) for measure in drawn.index])
    others = pd.DataFrame({"measure": [OTHERS], "ratio_pct": [ALIKE]})
    rows = pd.concat([rows, others], ignore_index=True)
    caption = Caption(
        title,
        "Rate for residents, other 31 boroughs together = 100",
        area,
        _own_months(drawn["year"], "each measure's own year"),
        text,
        "serious-violence",
        "index",
    )
    chart = interval_dots(
        rows,
        caption,
        label="measure",
        value="ratio_pct",
        label_name="Measure",
        highlight=OTHERS,
    )
    return [chart, made]


def strands(
    assessment: Assessment, figures: VictimFigures, table: pd.DataFrame, title: str
) -> list[Chart | Table]:
    """Hate crime by strand in the newest year; the total stands apart in the table."""
    if table.empty:
        return []
    text = source(assessment, figures, HATE)
    made = _strands_table(assessment, table, text)
    rows = table[table.index.isin(STRANDS)]
    rows = rows.assign(strand=[label(str(measure)) for measure in rows.index])
    rows = rows.sort_values("offence_count", ascending=False)
    if rows.empty:
        return [made]
    caption = Caption(
        title,
        "Hate crime by strand, strands overlap",
        assessment.area.area_name,
        _span(table["year"].iloc[0]),
        text,
        "hate-crime-strands",
    )
    chart = interval_dots(
        rows, caption, label="strand", value="offence_count", label_name="Strand"
    )
    return [chart, made]


def _share_funnel(assessment: Assessment, result: Shares, told: str, text: str) -> Chart:
    points = result.funnel.table
    points = points.assign(borough=[area_name(str(code)) for code in points.index])
    whole = result.table[["part_count", "whole_count"]].sum()
    caption = Caption(
        "How much of the spread between boroughs is chance",
        told,
        drawn_boroughs(len(points)),
        period_words(*result.period),
        text,
        f"{_slug(result.measure)}-share-funnel",
        "%",
    )
    return funnel_plot(
        points,
        result.funnel.curve,
        caption,
        centre=float(100 * whole["part_count"] / whole["whole_count"]),
        label="borough",
        value="share_pct",
        size="whole_count",
        highlight=assessment.area.area_name,
        size_name="All recorded crime",
    )


def _changes_table(table: pd.DataFrame, text: str) -> Table:
    percentages = {
        "Change (%)": _unless_small(table, "change_pct"),
        "Lower (%)": _unless_small(table, "change_pct_lower"),
        "Upper (%)": _unless_small(table, "change_pct_upper"),
        "Other boroughs (%)": table["others_change_pct"].reset_index(drop=True),
    }
    shown = {
        "Measure": [label(str(measure)) for measure in table.index],
        "Months compared": [_span(period) for period in table["after_period"]],
        "Before": table["before_count"].to_numpy(),
        "After": table["after_count"].to_numpy(),
        **percentages,
        "Beyond chance": [_verdict(row) for _, row in table.iterrows()],
    }
    return Table(
        "Measures of victims, latest months against the year before",
        pd.DataFrame(shown),
        text,
        "victim-changes-table",
        (AFTER_BREAK, JUDGED) if table["is_after_break"].astype(bool).any() else (JUDGED,),
        dict.fromkeys(percentages, 1),
    )


def _beside_others(table: pd.DataFrame) -> dict[str, object]:
    """Columns that set a borough's counts beside those of the other boroughs."""
    return {
        "Borough": table["offence_count"].to_numpy(),
        "Other 31 boroughs": table["others_count"].to_numpy(),
        "Per 1,000 residents": table["rate_per_1000"].to_numpy(),
        "Others = 100": table["ratio_pct"].to_numpy(),
        "Lower": table["ratio_pct_lower"].to_numpy(),
        "Upper": table["ratio_pct_upper"].to_numpy(),
    }


def _violence_table(assessment: Assessment, table: pd.DataFrame, text: str) -> Table:
    names = {
        "Measure": [label(str(measure)) for measure in table.index],
        "Year": [_span(year) for year in table["year"]],
    }
    return Table(
        f"Serious violence in {assessment.area.area_name} and in the other boroughs",
        pd.DataFrame(names | _beside_others(table)),
        text,
        "serious-violence-table",
        (
            "The measures overlap: an offence can be violence with injury and knife crime. "
            "They are never added up. Under ten offences no comparison is made.",
        ),
        BESIDE_DECIMALS,
    )


def _strands_table(assessment: Assessment, table: pd.DataFrame, text: str) -> Table:
    names = [
        "All hate crime (not a sum)" if measure == HATE else label(str(measure))
        for measure in table.index
    ]
    year = _span(table["year"].iloc[0])
    return Table(
        f"Hate crime by strand in {assessment.area.area_name}, {year}",
        pd.DataFrame({"Strand": names} | _beside_others(table)),
        text,
        "hate-crime-table",
        (
            "An offence can be of several strands, so the strands are not added up and the "
            "total is published apart. Under ten offences no comparison is made.",
        ),
        BESIDE_DECIMALS,
    )


def _caption(
    assessment: Assessment,
    figures: VictimFigures,
    measure: str,
    title: str,
    told: str,
    chart_id: str,
    period: Period,
    of: str = "",
) -> Caption:
    return Caption(
        title,
        told,
        assessment.area.area_name,
        period_words(*period),
        source(assessment, figures, measure),
        chart_id,
        of or unit(measure),
    )


def _source_of(assessment: Assessment, figures: VictimFigures, table: str) -> str:
    if table not in PUBLISHERS:
        return source_line(assessment)
    return f"{PUBLISHERS[table]}, published {editions(figures.published[table])}."


def _marks(
    assessment: Assessment, measure: str, months: pd.Series
) -> list[tuple[pd.Timestamp, str]]:
    if measure == ASB:
        # Incidents are another record: a new crime system is no step in it.
        spells = spans(assessment, measure, pd.Timestamp(months.min()))
        return [(first, name) for first, last, name in spells if last > first]
    found = marks(assessment, gate_name(measure), pd.Timestamp(months.min()))
    return [each for each in found if each[0] <= months.max()]


def _months(months: pd.Series) -> Period:
    return f"{months.min():%Y-%m}", f"{months.max():%Y-%m}"


def _span(period: object) -> str:
    return period_words(*period) if isinstance(period, tuple) else "none alike"


def _own_months(periods: pd.Series, each: str) -> str:
    """Months that measures of several publications cover, and that they are not all alike."""
    spans = set(periods)
    whole = period_words(min(first for first, _ in spans), max(last for _, last in spans))
    return whole if len(spans) == 1 else f"{each} in {whole}"


def _unless_small(table: pd.DataFrame, column: str) -> pd.Series:
    is_small = table["is_small_count"].astype("boolean").fillna(value=True).astype(bool)
    return table[column].astype(float).mask(is_small).reset_index(drop=True)


def _verdict(row: pd.Series) -> str:
    if pd.isna(row["before_count"]):
        return "not comparable"
    if pd.isna(row["is_significant"]):
        return "too few"
    return "yes" if row["is_significant"] else "no"


def _slug(measure: str) -> str:
    return measure.replace("_", "-").casefold()
