"""What is published of those who offend: children, suspects, people in custody, outcomes.

Each function gives None where nothing is held by the cut, so that a report says so instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.assessment.assessment import Assessment
from analysis.measures.comparison import rank_intervals
from analysis.measures.disclosure import suppress_small_counts
from analysis.measures.false_discovery import judged
from analysis.offenders.outcomes import disposal_shares, outcomes_per_offence
from analysis.offenders.ratios import Ratio, rate_ratio
from analysis.offenders.youth import (
    dispersion_about_trend,
    percentage_limits,
    rates_with_limits,
)
from analysis.params.areas import LONDON_CODE, borough_codes

GREATER_LONDON = "E12000007"
ENGLAND = "E92000001"
# Areas as the publishers of youth justice and health figures have them.

YEARS_OF_YOUNGER = 17
# The published share of younger residents is of ages 0 to 15, under-ones twice: seventeen
# years of age. Spans of other length are taken from it in proportion, for intervals only.

AGED_10_TO_17 = 8
UNDER_18 = 18
# Years of age in each span.

ENTRANTS = "first_time_entrants"
REOFFENDING = {
    "reoffending_aged_10_to_14": "Aged 10 to 14",
    "reoffending_aged_15_to_17": "Aged 15 to 17",
}
OUTCOME_MEASURES = {
    "domestic_abuse": "Domestic abuse",
    "hate_crime": "Hate crime",
    "knife_crime": "Knife crime",
    "gun_crime": "Gun crime",
    "tno_victim_based": "Crime with a victim",
    "tno_non_victim_based": "Crime against society",
}
# Shown side by side and never added: a knife crime may be domestic abuse and has a victim.

WAITING_MONTHS = 6
# After the year in which a reoffence is committed, for it to be proven.

SUBSTANCE_MEASURES = {
    "alcohol_admissions_under_18": "Alcohol admissions of under-18s, per 100,000",
    "looked_after_substance_misuse": "Looked-after children with substance misuse, %",
    "alcohol_misuse": "Alcohol misuse, Health Index",
    "drug_misuse": "Drug misuse, Health Index",
}


@dataclass(frozen=True, eq=False)
class Entrants:
    """First-time entrants to youth justice.

    Attributes
    ----------
    year : int
        Newest calendar year published for the borough.
    boroughs : DataFrame, index ``area_code``
        ``rate``, ``rate_lower``, ``rate_upper`` (per 100,000 aged 10 to 17), ``rate_rank``
        with ``_lower`` and ``_upper``; boroughs without a published rate are left out.
    history : DataFrame
        ``year``, ``area_code`` (the borough and Greater London), ``rate`` with limits.
    against_london : Ratio
    since_first : Ratio
        The newest year over ``first_year``.
    first_year : int
    dispersion : float
        Scatter of years in multiples of Poisson's, all boroughs together.
    """

    year: int
    boroughs: pd.DataFrame
    history: pd.DataFrame
    against_london: Ratio
    since_first: Ratio
    first_year: int
    dispersion: float


def first_time_entrants(assessment: Assessment) -> Entrants | None:
    """First-time entrants per 100,000 aged 10 to 17, with limits, rank and London."""
    table = assessment.table("youth_offending")
    table = table[(table["measure"] == ENTRANTS) & table["value"].notna()]
    code = assessment.area.area_code
    if table.empty or code not in set(table["area_code"]):
        return None
    rates = table.assign(year=table["period_end"].dt.year).pivot(
        index="year", columns="area_code", values="value"
    )
    rates = rates.astype(float)
    children = pd.DataFrame({year: _children(assessment, year) for year in rates.index}).T
    children[GREATER_LONDON] = children.sum(axis="columns")
    boroughs = rates.columns.intersection(borough_codes())
    implied = rates * children.reindex(columns=rates.columns) / 100_000
    scatter = dispersion_about_trend(rates[boroughs], implied[boroughs])
    mine = rates[code].dropna()
    year, first = int(mine.index[-1]), int(mine.index[0])
    return Entrants(
        year=year,
        boroughs=_ranked(assessment, rates.T[year], children.T[year], scatter),
        history=_entrants_history(rates[[code, GREATER_LONDON]], children, scatter),
        against_london=_implied_ratio(
            implied, children, (year, code), (year, GREATER_LONDON), scatter
        ),
        since_first=_implied_ratio(implied, children, (year, code), (first, code), scatter),
        first_year=first,
        dispersion=scatter,
    )


def youth_reoffending(assessment: Assessment) -> pd.DataFrame | None:
    """Children's proven reoffending by age group and cohort, the borough beside London.

    Returns
    -------
    DataFrame or None
        ``measure``, ``age_group``, ``period``, ``period_end`` (last day of the cohort's
        year), ``value_pct`` with limits (on the smallest group that gives it; missing where
        withheld), ``london_pct``, ``is_suppressed``; None if no cohort is held by the cut.
    """
    table = assessment.table("youth_offending")
    table = table[table["measure"].isin(list(REOFFENDING))]
    if assessment.asked_as_of:
        # A cohort's reoffending is known only once its follow-up and waiting time are over.
        lag = pd.DateOffset(months=12 + WAITING_MONTHS)
        cut = pd.Timestamp(assessment.asked_as_of) + pd.offsets.MonthEnd(0)
        table = table[table["period_end"] + lag <= cut]
    mine = table[table["area_code"] == assessment.area.area_code]
    if mine.empty:
        return None
    london = table[table["area_code"] == GREATER_LONDON].set_index(["measure", "period"])
    rows = mine.sort_values(["measure", "period_end"]).reset_index(drop=True)
    limits = percentage_limits(rows["value"].astype("Float64").astype(float))
    keys = pd.MultiIndex.from_frame(rows[["measure", "period"]])
    return rows[["measure", "period", "period_end", "is_suppressed"]].assign(
        age_group=rows["measure"].map(REOFFENDING),
        london_pct=london["value"].reindex(keys).to_numpy(dtype=float, na_value=float("nan")),
        **{str(name): limits[name] for name in limits},
    )


def substance_misuse(assessment: Assessment) -> pd.DataFrame | None:
    """Newest value of each measure of substance misuse, with an earlier one, and London.

    Returns
    -------
    DataFrame or None, index ``measure``
        ``label``, ``period``, ``value`` with ``value_lower`` and ``value_upper`` (of the
        admissions alone), ``london``, ``england``, ``is_suppressed`` (the newest period;
        ``value`` is then missing), ``earlier_period`` and ``earlier_value`` (the newest
        published that shares no year with it), ``ratio`` with limits (admissions alone).
        A value carried forward from the year before is no value of its year and left out.
    """
    table = assessment.table("substance_misuse")
    table = table[~table["is_carried_forward"]]
    mine = table[table["area_code"] == assessment.area.area_code]
    if mine.empty:
        return None
    rows = {
        measure: _substance_row(assessment, table[table["measure"] == measure], label)
        for measure, label in SUBSTANCE_MEASURES.items()
        if measure in set(mine["measure"])
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("measure")


def drug_offences(assessment: Assessment) -> pd.DataFrame:
    """Drug possession and trafficking against the year before, among all groups judged.

    They are judged in the family that the strategic assessment judges, so that no group has
    one verdict there and another here.
    """
    table = assessment.changes(assessment.offence_groups())
    return table.loc[["drug_possession", "drug_trafficking"]]


def positive_outcomes(assessment: Assessment) -> pd.DataFrame | None:
    """Positive outcomes for each offence of the newest year, against other boroughs.

    Returns
    -------
    DataFrame or None, index ``measure``
        As ``outcomes_per_offence``, with ``label``, ``first_month``, ``last_month``,
        ``holds_break`` (the year spans a recording change) and the verdict over all
        measures together; None if a year is not held by the cut.
    """
    table = assessment.table("monthly_special")
    table = table[table["area_code"].isin(borough_codes())]
    if table.empty or table["month"].nunique() < 12:
        return None
    rows = {}
    for measure, label in OUTCOME_MEASURES.items():
        chosen = table[table["measure"] == measure]
        wide = {
            counted: rows_of.pivot(index="month", columns="area_code", values="count").astype(
                float
            )
            for counted, rows_of in chosen.groupby("counted")
        }
        offences, outcomes = wide["offences"], wide["positive_outcomes"]
        found = outcomes_per_offence(
            offences,
            outcomes,
            assessment.area.area_code,
            exclude=assessment.unusual_months,
        )
        first, last = f"{offences.index[-12]:%Y-%m}", f"{offences.index[-1]:%Y-%m}"
        rows[measure] = found | {
            "label": label,
            "first_month": first,
            "last_month": last,
            "holds_break": assessment.gate(measure, (first, last), (first, last)).is_blocked,
        }
    result = pd.DataFrame.from_dict(rows, orient="index").rename_axis("measure")
    return result.join(judged(result["p_value"].astype(float)))


def custody_disposals(assessment: Assessment) -> pd.DataFrame | None:
    """Prosecution of children and adults in custody, by offence; London, newest year.

    Returns
    -------
    DataFrame or None, index ``offence_class``
        As ``disposal_shares``, with ``year``.
    """
    table = assessment.table("custody_disposals")
    if table.empty:
        return None
    newest = table[table["year"] == table["year"].max()]
    kinds = [name for name in newest if name.endswith("_count")]
    named = newest[["age_group", "offence_class", *kinds]]
    return disposal_shares(named).assign(year=int(newest["year"].iloc[0]))


SUSPECT_AGES = {
    "10 to 14": "10_to_19",
    "15 to 19": "10_to_19",
    "20 to 24": "20_to_24",
    "25 to 29": "25_to_34",
    "30 to 34": "25_to_34",
    "35 to 39": "35_to_49",
    "40 to 44": "35_to_49",
    "45 to 49": "35_to_49",
    "50 to 54": "50_and_over",
    "55 to 59": "50_and_over",
    "60 to 64": "50_and_over",
    "65 and over": "50_and_over",
}
# Wider ages than published: few of an age and sex are proceeded against in five years.


@dataclass(frozen=True, eq=False)
class HomicideSuspects:
    """People proceeded against for homicide, in spells of some years.

    Attributes
    ----------
    periods : DataFrame
        ``first_year``, ``last_year``, ``suspect_count`` of the borough (missing where
        hidden), ``london_count``, ``is_suppressed``; oldest first.
    london : DataFrame
        The newest spell: ``gender``, ``age_group``, ``suspect_count`` (missing where
        hidden), ``is_suppressed``.
    """

    periods: pd.DataFrame
    london: pd.DataFrame


def homicide_suspects(assessment: Assessment) -> HomicideSuspects | None:
    """People proceeded against for homicide: the borough by spell, London by age and sex."""
    table = assessment.table("homicide_suspects")
    spells = table[(table["area_code"] != LONDON_CODE) & (table["age_group"] == "all")]
    if spells.empty:
        return None
    keys = ["first_month", "period_end"]
    london = table[table["area_code"] == LONDON_CODE]
    periods = spells[keys].drop_duplicates().sort_values("period_end", ignore_index=True)
    within = [_within(london, *spell) for spell in periods.itertuples(index=False)]
    mine = spells[spells["area_code"] == assessment.area.area_code]
    periods = periods.merge(mine[[*keys, "suspect_count"]], on=keys, how="left").assign(
        suspect_count=lambda rows: rows["suspect_count"].fillna(0),
        london_count=[int(rows["suspect_count"].sum()) for rows in within],
        first_year=periods["first_month"].dt.year,
        last_year=periods["period_end"].dt.year,
    )
    newest = within[-1].assign(
        age_group=within[-1]["age_group"].map(SUSPECT_AGES).fillna("not_known")
    )
    counts = newest.groupby(["sex", "age_group"])["suspect_count"].sum().reset_index()
    return HomicideSuspects(
        periods=suppress_small_counts(periods.drop(columns=keys), count="suspect_count"),
        london=suppress_small_counts(
            counts.rename(columns={"sex": "gender"}), count="suspect_count"
        ),
    )


def _within(rows: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    return rows[(rows["first_month"] >= first) & (rows["period_end"] <= last)]


def _children(assessment: Assessment, year: int, span: int = AGED_10_TO_17) -> pd.Series:
    """Children of an age span, about: enough for the width of an interval."""
    context = assessment.table("area_context").set_index("area_code")
    younger = context["younger_as_published_pct"].astype(float) / 100
    people = assessment.population((f"{year}-01", f"{year}-12"))[younger.index]
    return people * younger * span / YEARS_OF_YOUNGER


def _ranked(
    assessment: Assessment, rates: pd.Series, children: pd.Series, scatter: float
) -> pd.DataFrame:
    rates = rates[rates.index.isin(borough_codes())].dropna()
    table = rates_with_limits(rates, children, per=100_000, dispersion=scatter)
    ranks = rank_intervals(
        table["implied_count"].astype("Int64"),
        children[rates.index],
        draws=assessment.defaults.simulations,
        seed=assessment.defaults.seed,
        dispersion=scatter,
    )
    limits = ["rate_rank_lower", "rate_rank_upper"]
    # The rank itself is that of the published rates, not of the rounded implied numbers.
    table["rate_rank"] = rates.rank(method="min").astype(int)
    table = table.join(ranks[limits])
    table["rate_rank_lower"] = table[["rate_rank_lower", "rate_rank"]].min(axis="columns")
    table["rate_rank_upper"] = table[["rate_rank_upper", "rate_rank"]].max(axis="columns")
    return table.drop(columns="implied_count")


def _entrants_history(
    rates: pd.DataFrame, children: pd.DataFrame, scatter: float
) -> pd.DataFrame:
    parts = [
        rates_with_limits(rates[code], children[code], per=100_000, dispersion=scatter)
        .drop(columns="implied_count")
        .rename_axis("year")
        .reset_index()
        .assign(area_code=str(code))
        for code in rates
    ]
    return pd.concat(parts, ignore_index=True).dropna(subset=["rate"])


def _implied_ratio(
    implied: pd.DataFrame,
    children: pd.DataFrame,
    one: tuple[int, str],
    other: tuple[int, str],
    scatter: float,
) -> Ratio:
    counts = [float(implied.T[year][code]) for year, code in (one, other)]
    people = [float(children.T[year][code]) for year, code in (one, other)]
    return rate_ratio(
        counts[0],
        people[0],
        counts[1],
        people[1],
        dispersion=scatter,
        reference_dispersion=scatter,
    )


def _substance_row(
    assessment: Assessment, table: pd.DataFrame, label: str
) -> dict[str, object]:
    mine = table[table["area_code"] == assessment.area.area_code].sort_values("period_end")
    newest = mine.iloc[-1]
    # Three-year averages that share a year would tell of the same children twice.
    apart = mine["period_end"] <= newest["period_end"] - pd.DateOffset(
        years=int(newest["period_years"])
    )
    earlier = mine[apart & mine["value"].notna()].tail(1)
    row: dict[str, object] = {
        "label": label,
        "period": newest["period"],
        "value": newest["value"],
        "is_suppressed": bool(newest["is_suppressed"]),
        "london": _of_area(table, newest["period"], [GREATER_LONDON, LONDON_CODE]),
        "england": _of_area(table, newest["period"], [ENGLAND]),
        "earlier_period": earlier["period"].iloc[0] if len(earlier) else None,
        "earlier_value": earlier["value"].iloc[0] if len(earlier) else None,
    }
    if newest["measure"] == "alcohol_admissions_under_18" and len(earlier):
        row |= _admissions(assessment, newest, earlier.iloc[0])
    return row


def _admissions(
    assessment: Assessment, newest: pd.Series, earlier: pd.Series
) -> dict[str, object]:
    """Limits and change of a rate of admissions, from the numbers that it implies."""
    code, counts, people = assessment.area.area_code, [], []
    for each in (newest, earlier):
        # The middle of three financial years that end in March.
        under_18 = _children(assessment, each["period_end"].year - 2, UNDER_18)
        people.append(float(under_18[code]) * int(each["period_years"]))
        rate = float("nan") if pd.isna(each["value"]) else float(each["value"])
        counts.append(rate * people[-1] / 100_000)
    if pd.isna(counts[0]) or pd.isna(counts[1]):
        return {}
    limits = rates_with_limits(
        pd.Series({code: float(newest["value"])}),
        pd.Series({code: people[0]}),
        per=100_000,
    ).loc[code]
    found = rate_ratio(counts[0], people[0], counts[1], people[1])
    return {
        "value_lower": limits["rate_lower"],
        "value_upper": limits["rate_upper"],
        "ratio": found.ratio,
        "ratio_lower": found.lower,
        "ratio_upper": found.upper,
    }


def _of_area(table: pd.DataFrame, period: object, codes: list[str]) -> float:
    found = table[(table["period"] == period) & table["area_code"].isin(codes)]["value"]
    known = found.dropna()
    return float(known.iloc[0]) if len(known) else float("nan")
