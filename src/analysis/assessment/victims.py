"""Who is harmed in a borough: the figures of the theme, put together measure by measure.

The measures come from four publications that end in different months, so that each has its
own newest year and its own change. Nothing is compared across a month in which its meaning
changed: then the like months since are taken, or nothing is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.assessment.assessment import Assessment, Period
from analysis.assessment.steps import COLUMNS as STEP_COLUMNS
from analysis.assessment.steps import step_row
from analysis.data.comparability import Comparability
from analysis.data.offences import measure_label
from analysis.measures.change import change_between, known_dispersion, rolling_12_month
from analysis.measures.comparison import Funnel, rank_intervals
from analysis.measures.months import months_of
from analysis.measures.rates import SMALL_COUNT, crime_rate
from analysis.params.areas import borough_codes
from analysis.victims.judgement import judged_together
from analysis.victims.like_months import LEAST_MONTHS, YEAR, like_months, newest_year
from analysis.victims.shares import ratio_to_others, share_funnel, shares_of_crime

VAWG = "violence_against_women_and_girls"
DOMESTIC = "domestic_abuse"
DOMESTIC_INJURY = "domestic_abuse_violence_with_injury"
INJURY = "violence_with_injury"
OTHER_INJURY = "violence_with_injury_outside_domestic_abuse"
SEXUAL = "sexual_offences"
HATE = "hate_crime"
ASB = "anti_social_behaviour"
YOUNG_VICTIMS = "knife_injury_victims_1_24"

OFFENCES = "monthly_offences"
# Stands for the monthly offences of the assessment, whichever publications they are from.

STRANDS = (
    "racist_crime",
    "faith_crime",
    "antisemitic",
    "islamophobic_crime",
    "homophobic_crime",
    "transphobic_crime",
    "disability_crime",
)
# An offence can be of several strands, and antisemitic and Islamophobic crime are faith crime:
# they are never added up. Racist and religious crime together is a sum of strands, left out.

SERIOUS = (
    "homicide",
    INJURY,
    OTHER_INJURY,
    "knife_crime",
    "knife_crime_with_injury",
    "gun_crime",
    "lethal_barrel_discharge",
)

CHANGES = (
    VAWG,
    DOMESTIC,
    DOMESTIC_INJURY,
    OTHER_INJURY,
    INJURY,
    "rape",
    "other_sexual",
    "homicide",
    "knife_crime",
    "knife_crime_with_injury",
    YOUNG_VICTIMS,
    "gun_crime",
    HATE,
    ASB,
)
# What the theme is judged by, together.

GRAVEST_FIRST = (
    "homicide",
    "rape",
    "gun_crime",
    YOUNG_VICTIMS,
    "knife_crime_with_injury",
    DOMESTIC_INJURY,
    "other_sexual",
    "knife_crime",
    INJURY,
    OTHER_INJURY,
    VAWG,
    DOMESTIC,
    HATE,
    ASB,
)
# Which is named first where not all can be: death and rape, then wounds and sexual assault,
# then counts that hold lighter harm too, and last what need not be a crime.

_LABELS = {
    VAWG: ("Violence against women and girls", "violence against women and girls"),
    DOMESTIC: ("Domestic abuse", "domestic abuse"),
    DOMESTIC_INJURY: ("Domestic abuse with injury", "domestic abuse with injury"),
    OTHER_INJURY: ("Other violence with injury", "violence with injury outside domestic abuse"),
    SEXUAL: ("Sexual offences", "sexual offences"),
    HATE: ("Hate crime", "hate crime"),
    ASB: ("Anti-social behaviour", "anti-social behaviour"),
    YOUNG_VICTIMS: ("Knife injury victims under 25", "knife injury victims under 25"),
    "knife_crime": ("Knife crime", "knife crime"),
    "knife_crime_with_injury": ("Knife crime with injury", "knife crime with injury"),
    "gun_crime": ("Gun crime", "gun crime"),
    "lethal_barrel_discharge": ("Gun discharges", "discharges of a lethal-barrelled gun"),
    "racist_crime": ("Racist", "racist crime"),
    "faith_crime": ("Faith", "faith crime"),
    "antisemitic": ("Antisemitic", "antisemitic crime"),
    "islamophobic_crime": ("Islamophobic", "Islamophobic crime"),
    "homophobic_crime": ("Homophobic", "homophobic crime"),
    "transphobic_crime": ("Transphobic", "transphobic crime"),
    "disability_crime": ("Disability", "disability hate crime"),
}
_UNITS = {YOUNG_VICTIMS: "victims", ASB: "incidents"}
_GATES = {
    DOMESTIC_INJURY: DOMESTIC,
    OTHER_INJURY: DOMESTIC,
    SEXUAL: "rape",
    **dict.fromkeys(STRANDS, HATE),
}
# Under which name a measure's breaks are listed, where it is not its own.


def label(measure: str, *, in_sentence: bool = False) -> str:
    """Name of a measure of the theme as printed.

    Examples
    --------
    >>> label("homicide"), label(OTHER_INJURY, in_sentence=True)
    ('Homicide', 'violence with injury outside domestic abuse')
    """
    if measure in _LABELS:
        return _LABELS[measure][in_sentence]
    return measure_label(measure, in_sentence=in_sentence)


def unit(measure: str) -> str:
    """What a measure counts: offences, victims or incidents."""
    return _UNITS.get(measure, "offences")


def gate_name(measure: str) -> str:
    """Under which measure the breaks of one are listed in ``breaks.yml``."""
    return _GATES.get(measure, measure)


@dataclass(frozen=True, eq=False)
class VictimFigures:
    """Monthly figures of the theme, as far as the assessment may see them.

    Attributes
    ----------
    monthly : dict of str to DataFrame
        By measure: index ``month``, a column a borough, missing where not published. A
        measure that is not held by then is absent.
    victims_monthly : DataFrame
        Victims of violence against women and girls, laid out alike.
    table_of : dict of str to str
        Embedded table that each measure is from (``OFFENCES`` for the monthly offences).
    published : dict of str to list of str
        Publications of each table, oldest first.
    """

    monthly: dict[str, pd.DataFrame]
    victims_monthly: pd.DataFrame
    table_of: dict[str, str]
    published: dict[str, list[str]]


@dataclass(frozen=True, eq=False)
class Subject:
    """One measure in one borough, with what can be said of it.

    Attributes
    ----------
    measure : str
    monthly : DataFrame
        All boroughs, index ``month``.
    year : (first, last) month or None
        Newest year told of; None where a month is missing or a step lies within.
    gate : Comparability or None
        Of that year by itself.
    change : Series or None
        Its row of ``changes``, where it is one of them.
    """

    measure: str
    monthly: pd.DataFrame
    year: Period | None
    gate: Comparability | None
    change: pd.Series | None


@dataclass(frozen=True, eq=False)
class Shares:
    """A measure as a share of all recorded crime in the same months.

    ``table`` is as ``shares_of_crime`` returns it; ``rates`` has the same numerator for
    residents, as ``rank_intervals`` returns it; ``funnel`` as ``share_funnel``.
    """

    measure: str
    period: Period
    table: pd.DataFrame
    rates: pd.DataFrame
    funnel: Funnel


def victim_figures(assessment: Assessment) -> VictimFigures:
    """Every monthly figure of the theme, read once.

    Examples
    --------
    >>> figures = victim_figures(Assessment.open("harrow"))
    >>> int(figures.monthly["knife_crime"].loc["2024-06-01", "E09000015"])
    19
    """
    special = assessment.table("monthly_special")
    special = special[special["counted"] == "offences"]
    women = assessment.table("vawg_monthly")
    nuisance = assessment.table("asb_incidents")
    monthly = {str(name): _wide(rows) for name, rows in special.groupby("measure")}
    tables = dict.fromkeys(monthly, "monthly_special")
    monthly[VAWG] = _wide(women[women["counted"] == "offences"])
    monthly[ASB] = _wide(nuisance)
    tables |= {VAWG: "vawg_monthly", ASB: "asb_incidents"}
    for group in ("homicide", INJURY, "rape", "other_sexual"):
        monthly[group] = _recorded(assessment, [group])
    monthly[SEXUAL] = _recorded(assessment, ["rape", "other_sexual"])
    if DOMESTIC_INJURY in monthly:
        monthly[OTHER_INJURY] = _difference(monthly[INJURY], monthly[DOMESTIC_INJURY])
    read = {"monthly_special": special, "vawg_monthly": women, "asb_incidents": nuisance}
    return VictimFigures(
        monthly={name: wide for name, wide in monthly.items() if len(wide)},
        victims_monthly=_wide(women[women["counted"] == "victims"]),
        table_of={name: tables.get(name, OFFENCES) for name in monthly},
        published={name: sorted(table["published"].unique()) for name, table in read.items()},
    )


def subject(
    assessment: Assessment,
    figures: VictimFigures,
    measure: str,
    judged: pd.DataFrame | None = None,
) -> Subject | None:
    """What can be said of one measure; None where it is not held for the borough by then.

    Parameters
    ----------
    judged : DataFrame, optional
        As ``changes`` returns it, so that every section gives the verdict of all together.
    """
    wide = figures.monthly.get(measure)
    code = assessment.area.area_code
    if wide is None or wide[code].dropna().empty:
        return None
    year = newest_year(wide[code])
    gate = assessment.gate(gate_name(measure), year, year) if year else None
    told = None if gate is not None and gate.is_blocked else year
    row = judged.T[measure] if judged is not None and measure in judged.index else None
    return Subject(measure, wide, told, gate, row)


def standing_of(assessment: Assessment, found: Subject | None) -> pd.DataFrame | None:
    """Counts, rates and ranks of the boroughs in the subject's year.

    Returns
    -------
    DataFrame or None
        As ``rank_intervals`` returns it, with the rate's limits; None where there is no such
        year, or a borough lacks a month of it: a month that is missing is no quiet month.
    """
    if found is None or found.year is None:
        return None
    totals = _totals(found.monthly, found.year)
    if totals.isna().any():
        return None
    people = assessment.population(found.year)[totals.index]
    ranks = rank_intervals(
        totals,
        people,
        draws=assessment.defaults.simulations,
        seed=assessment.defaults.seed,
        dispersion=_scatter(assessment, found.monthly),
    )
    limits = crime_rate(totals, people)[["rate_per_1000_lower", "rate_per_1000_upper"]]
    return ranks.join(limits)


def change(assessment: Assessment, figures: VictimFigures, measure: str) -> pd.DataFrame | None:
    """Change of one measure on the year before, over months that are alike.

    Returns
    -------
    DataFrame of one row, or None where the measure is not held
        As ``change_between`` returns it, judged alone, with ``before_period`` and
        ``after_period`` (missing where no months can be compared), ``is_part_year``,
        ``is_after_break``, ``others_change_pct`` (of the other boroughs together, over the
        same months; missing where one of them lacks a month), ``note``, and of a change
        that holds a step of all London the columns of ``across_steps``, else missing.
    """
    wide = figures.monthly.get(measure)
    if wide is None or wide[assessment.area.area_code].dropna().empty:
        return None
    series = wide[assessment.area.area_code]
    periods, gate, is_after_break = _comparable(assessment, measure, series)
    if periods is None:
        return _no_change(measure, gate.note if gate else "Too few months have a like.")
    rows = series.rename("offence_count").rename_axis("month").reset_index()
    # COVID months would teach a scatter that ordinary years do not have.
    unusual = [m for m in assessment.unusual_months if m < pd.Timestamp(periods[0][0])]
    table = change_between(rows.assign(offence_group=measure), *periods, exclude=unusual)
    row: list[object] = [None] * len(STEP_COLUMNS)
    if gate is not None and gate.steps:
        row = step_row(assessment, measure, series, gate)
    return table.assign(
        **{
            name: pd.Series([told], table.index)
            for name, told in zip(STEP_COLUMNS, row, strict=True)
        },
        before_period=pd.Series([periods[0]], table.index),
        after_period=pd.Series([periods[1]], table.index),
        is_part_year=len(months_of(periods[1])) < YEAR,
        is_after_break=is_after_break,
        others_change_pct=_others_change(wide, assessment.area.area_code, periods),
        note=gate.note if gate else "",
    )


def changes(
    assessment: Assessment, figures: VictimFigures, measures: Sequence[str] = CHANGES
) -> pd.DataFrame:
    """Changes of the theme's measures, each over its own months, judged together.

    Returns
    -------
    DataFrame, index the measure
        As ``change``; measures that are not held are absent.
    """
    rows = [change(assessment, figures, measure) for measure in measures]
    return judged_together([row for row in rows if row is not None])


def share_of_crime(
    assessment: Assessment, figures: VictimFigures, measure: str = DOMESTIC
) -> Shares | None:
    """Share of all recorded crime that a measure is, in months that both files hold.

    Numerator and denominator are of the same months, all on one side of a change in the
    measure's recording: the newest year, or what there is of it since the change. None where
    fewer than three months can be used.
    """
    wide = figures.monthly.get(measure)
    if wide is None:
        return None
    period = _common_period(assessment, measure, wide)
    if period is None:
        return None
    part = _totals(wide, period)
    whole = assessment.totals("total", period)[part.index].astype(float)
    draws, seed = assessment.defaults.simulations, assessment.defaults.seed
    scatter = _scatter(assessment, wide)
    table = shares_of_crime(part, whole, dispersion=scatter, draws=draws, seed=seed)
    people = assessment.population(period)[part.index]
    rates = rank_intervals(part, people, draws=draws, seed=seed, dispersion=scatter)
    return Shares(measure, period, table, rates, share_funnel(part, whole))


def injury_parts(assessment: Assessment, figures: VictimFigures) -> pd.DataFrame:
    """Violence with injury by month, in and outside domestic abuse, as far as both are held.

    Returns
    -------
    DataFrame
        ``month``, ``domestic_count``, ``other_count``, ``injury_count``; perhaps empty.
    """
    code = assessment.area.area_code
    names = {
        "domestic_count": DOMESTIC_INJURY,
        "other_count": OTHER_INJURY,
        "injury_count": INJURY,
    }
    if any(name not in figures.monthly for name in names.values()):
        return pd.DataFrame(columns=["month", *names])
    columns = {column: figures.monthly[name][code] for column, name in names.items()}
    return pd.DataFrame(columns).dropna().rename_axis("month").reset_index()


def against_others(
    assessment: Assessment, figures: VictimFigures, measures: Sequence[str]
) -> pd.DataFrame:
    """Each measure's newest year in the borough, and its rate against the other boroughs'.

    Returns
    -------
    DataFrame, index the measure
        ``offence_count``, ``year`` (period), ``others_count``, ``rate_per_1000``,
        ``ratio_pct`` (the other 31 together are 100) with limits, ``is_small_count`` (under
        ten: no ratio). Measures without a whole year to tell are absent.
    """
    rows = {}
    for measure in measures:
        found = subject(assessment, figures, measure)
        if found is None or found.year is None:
            continue
        totals = _totals(found.monthly, found.year)
        if totals.isna().any():
            continue
        rows[measure] = _against(assessment, found, totals)
    return pd.DataFrame.from_dict(rows, orient="index")


def rolling(found: Subject, area_code: str) -> pd.DataFrame:
    """Rolling 12-month totals of one borough: ``month`` and ``rolling_count``."""
    total = rolling_12_month(found.monthly[area_code].dropna())
    known = total.dropna()
    return pd.DataFrame({"month": known.index, "rolling_count": known.to_numpy()})


def holes(found: Subject, area_code: str) -> list[Period]:
    """Runs of months that are not held, between the first and the last that are."""
    held = pd.DatetimeIndex(found.monthly[area_code].dropna().index)
    absent = [month for month in months_of((held[0], held[-1])) if month not in held]
    runs: list[list[pd.Timestamp]] = []
    for month in absent:
        if runs and month == runs[-1][-1] + pd.DateOffset(months=1):
            runs[-1].append(month)
        else:
            runs.append([month])
    return [(f"{run[0]:%Y-%m}", f"{run[-1]:%Y-%m}") for run in runs]


def boroughs_with_all_months(found: Subject, period: Period) -> int:
    """How many boroughs hold every month of a period."""
    within = found.monthly.reindex(months_of(period))
    return int(within.notna().all().sum())


def _against(assessment: Assessment, found: Subject, totals: pd.Series) -> dict[str, object]:
    code, year = assessment.area.area_code, found.year or ("", "")
    people = assessment.population(year)[totals.index]
    count = int(totals[code])
    is_small = count < SMALL_COUNT
    row: dict[str, object] = {
        "offence_count": count,
        "year": year,
        "others_count": int(totals.drop(code).sum()),
        "rate_per_1000": 1000 * count / float(people[code]) if not is_small else float("nan"),
        "is_small_count": is_small,
    }
    empty = dict.fromkeys(("ratio_pct", "ratio_pct_lower", "ratio_pct_upper"), float("nan"))
    if is_small:
        return row | empty
    spread = _dispersion(assessment, found.monthly[code])
    ratio = ratio_to_others(totals, people, code, dispersion=spread)
    return row | {str(name): value for name, value in ratio.items()}


def _comparable(
    assessment: Assessment, measure: str, series: pd.Series
) -> tuple[tuple[Period, Period] | None, Comparability | None, bool]:
    """Periods to compare, what the gate says of them, and whether a break shortened them."""
    periods = like_months(series)
    if periods is None:
        return None, None, False
    gate = assessment.gate(gate_name(measure), *periods)
    if not gate.is_blocked:
        return periods, gate, False
    since = max(each.clear_from for each in gate.blocks)
    shorter = like_months(series, since)
    if shorter is None:
        return None, gate, True
    again = assessment.gate(gate_name(measure), *shorter)
    return (None if again.is_blocked else shorter), again, True


def _others_change(wide: pd.DataFrame, area_code: str, periods: tuple[Period, Period]) -> float:
    others = wide.drop(columns=area_code)
    before, after = (float(_totals(others, each).sum(skipna=False)) for each in periods)
    return 100 * (after / before - 1) if before > 0 else float("nan")


def _no_change(measure: str, note: str) -> pd.DataFrame:
    # A table of change_between without a verdict: made for its columns, and emptied.
    months = months_of(("2000-01", "2001-12"))
    rows = pd.DataFrame({"month": months, "offence_group": measure, "offence_count": 0})
    empty = change_between(rows, ("2000-01", "2000-12"), ("2001-01", "2001-12"))
    blank = empty.mask(pd.Series(data=True, index=empty.index))
    return blank.assign(
        before_period=None,
        after_period=None,
        is_part_year=False,
        is_after_break=True,
        others_change_pct=float("nan"),
        note=note,
        **dict.fromkeys(STEP_COLUMNS),
    )


def _common_period(assessment: Assessment, measure: str, wide: pd.DataFrame) -> Period | None:
    whole = assessment.boroughs_history("total").dropna()
    held = wide.dropna().index.intersection(whole.index)
    if not len(held):
        return None
    last = held[-1]
    months = months_of((last - pd.DateOffset(months=YEAR - 1), last))
    newest = (f"{last:%Y-%m}",) * 2
    usable = [
        month
        for month in months
        if month in held
        and not assessment.gate(gate_name(measure), (f"{month:%Y-%m}",) * 2, newest).is_blocked
    ]
    if len(usable) < LEAST_MONTHS or len(usable) != len(months_of((usable[0], last))):
        return None
    return f"{usable[0]:%Y-%m}", f"{last:%Y-%m}"


def _scatter(assessment: Assessment, wide: pd.DataFrame) -> pd.Series:
    return pd.Series({code: _dispersion(assessment, wide[code]) for code in wide})


def _dispersion(assessment: Assessment, series: pd.Series) -> float:
    return known_dispersion(series.dropna(), exclude=assessment.unusual_months)


def _totals(wide: pd.DataFrame, period: Period) -> pd.Series:
    return wide.reindex(months_of(period)).sum(skipna=False)


def _wide(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows[rows["area_code"].isin(borough_codes())].dropna(subset=["count"])
    sums = rows.groupby(["month", "area_code"])["count"].sum().unstack("area_code")
    return sums.astype(float).reindex(columns=borough_codes())


def _recorded(assessment: Assessment, groups: list[str]) -> pd.DataFrame:
    parts = [assessment.boroughs_history(group) for group in groups]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total.astype(float)


def _difference(whole: pd.DataFrame, part: pd.DataFrame) -> pd.DataFrame:
    """What is left of a whole in the months that both are published for."""
    months = whole.index.intersection(part.index)
    left = whole.loc[months] - part.loc[months]
    # Two publications of two dates: a part above its whole is no figure.
    return left.where(left >= 0)
