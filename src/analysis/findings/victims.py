"""Sentences on who is harmed: levels, shares of crime, strands, and what changed."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.victims import (
    ASB,
    GRAVEST_FIRST,
    HATE,
    OTHER_INJURY,
    VAWG,
    YOUNG_VICTIMS,
    Shares,
    Subject,
    boroughs_with_all_months,
    holes,
    label,
    unit,
)
from analysis.findings.change_words import (
    CLOSE_RANKS,
    MOST_WORDS,
    like_words,
    movers,
    placed,
    told_within,
)
from analysis.findings.finding import Certainty, Finding
from analysis.measures.months import months_between
from analysis.params.areas import area_name
from analysis.wording import (
    counted,
    listed,
    month_text,
    number,
    number_word,
    period_words,
    place_words,
    range_words,
    rank_range_brief,
    risen_or_fallen,
    with_unit,
)

BOROUGHS, YEAR = 32, 12
ALIKE = 100
FEW = 10
# Under ten events no percentage and no verdict.


def changes(assessment: Assessment, table: pd.DataFrame) -> Finding:
    """Which measures of victims changed by more than chance, all looked at together."""
    area = assessment.area.area_name
    judged = table[table["is_significant"].notna()]
    if judged.empty:
        return _not_held(assessment, "changes in harm to victims", "No measure can be compared")
    real = judged[judged["is_significant"].astype(bool)]
    up = real[real["change_count"] > 0]
    down = real[real["change_count"] < 0]
    sentence = _changes_sentence(judged, up, down)
    in_full = _movers(up, down)
    notes = [in_full] if in_full not in sentence else []
    is_stepped = real["step_pct"].notna()
    by_recording = real["is_after_break"].astype(bool) | is_stepped
    is_new = len(real) > 0 and bool(by_recording.all())
    return Finding(
        heading=_movers_heading(area, real),
        sentence=sentence,
        certainty="low" if is_new else "moderate",
        because=(
            f"{counted(len(judged), 'measure').casefold()} were judged together: of those "
            "called changed about one in twenty is a false alarm, and "
            + (
                "recording moves too"
                if not is_new
                else "what changed stepped within one month across London, perhaps by recording"
                if is_stepped.any()
                else "only months since a change in recording can be compared, the first of "
                "them perhaps recorded less fully"
            )
        ),
        # What may be a step of recording alone does not lead the report.
        is_key=not (len(real) and is_stepped.all()),
        detail=" ".join([*notes, *_bears_on(table, judged, real[is_stepped])]),
    )


def _bears_on(table: pd.DataFrame, judged: pd.DataFrame, stepped: pd.DataFrame) -> list[str]:
    """What in the record bears on the changes told, a sentence each."""
    told = []
    after_break = int(judged["is_after_break"].astype(bool).sum())
    if after_break:
        told.append(
            f"{counted(after_break, 'measure')} could be compared only over like months "
            "since a change in recording, whose first months may have been recorded less fully."
        )
    blocked = table[table["before_count"].isna()]
    if len(blocked):
        names = listed([label(str(name), in_sentence=True) for name in blocked.index])
        told.append(f"Not comparable with the year before: {names}.")
    return told + [_step_words(str(name), row) for name, row in stepped.iterrows()]


def _changes_sentence(judged: pd.DataFrame, up: pd.DataFrame, down: pd.DataFrame) -> str:
    real = pd.concat([up, down])
    if real.empty:
        return (
            f"None of {counted(len(judged), 'measure').casefold()} moved by more than chance "
            "on the same months a year before."
        )
    opening = _same_months_before(real)
    in_full = f"{opening}{_movers(up, down)}"
    if len(in_full.split()) <= MOST_WORDS:
        return in_full

    def tell(named: Sequence[str]) -> str:
        alone = [
            rows[rows.index.isin(list(named))].assign(others_change_pct=None)
            for rows in (up, down)
        ]
        more = len(real) - len(named)
        rest = f" {counted(more, 'other')} changed too." if more else ""
        return f"{opening}{_movers(*alone)}{rest}"

    # Without the other boroughs' change more can be named: the section tells all in full.
    return told_within(tell, sorted(map(str, real.index), key=GRAVEST_FIRST.index))


def women(
    assessment: Assessment,
    found: Subject | None,
    ranks: pd.DataFrame | None,
    outside_pct: float | None,
) -> Finding:
    """Violence against women and girls: how much, beside the other boroughs."""
    if found is None:
        return _not_held(assessment, label(VAWG, in_sentence=True))
    if ranks is None or found.year is None:
        return _no_year(found)
    mine = ranks.T[assessment.area.area_code]
    about = (
        f"In London {number(outside_pct)}% of what is flagged so is not violence against "
        "women and girls; it cannot be taken out by borough."
        if outside_pct is not None
        else "About a fifth of what is flagged is outside it, and cannot be taken out."
    )
    return Finding(
        heading=_rank_heading(assessment, found, mine),
        sentence=_level(assessment, found, mine),
        certainty="low",
        because="a fifth of the count is not what its name says, and most harm is unreported",
        detail=about + _changed(found),
    )


def domestic(assessment: Assessment, result: Shares | None) -> Finding:
    """Domestic abuse as a share of crime, and for residents, against the other boroughs."""
    if result is None:
        return _not_held(assessment, "domestic abuse as a share of crime")
    area, code = assessment.area.area_name, assessment.area.area_code
    mine, rate = result.table.T[code], result.rates.T[code]
    low, high = int(mine["share_rank_lower"]), int(mine["share_rank_upper"])
    best = _highest_share(area, code, result.table)
    place, left_open = placed(int(mine["share_rank"]), low, high, BOROUGHS)
    ends = int(rate["rate_rank_lower"]), int(rate["rate_rank_upper"])
    rate_place, rate_left_open = placed(int(rate["rate_rank"]), *ends, BOROUGHS)
    sentence = (
        f"{number(mine['part_count'])} of {number(mine['whole_count'])} recorded crimes in "
        f"{period_words(*result.period)} were domestic abuse, "
        f"{with_unit(mine['share_pct'], '%', 1)} (95% interval "
        f"{number(mine['share_pct_lower'], 1)} to {with_unit(mine['share_pct_upper'], '%', 1)})"
        f": the {place} share of 32 boroughs, and {left_open}."
    )
    detail = (
        f"{best}. A share is also high where other crime is low: the "
        f"rate is {number(rate['rate_per_1000'], 1)} per 1,000 residents, the "
        f"{rate_place}, and {rate_left_open}."
    )
    certainty: Certainty = "moderate" if high - low <= CLOSE_RANKS else "low"
    return Finding(
        heading=(
            f"Domestic abuse: {with_unit(mine['share_pct'], '%', 1)} of {area}'s crime, "
            f"{_ranks_words(low, high)}"
        ),
        sentence=sentence,
        certainty=certainty,
        because=(
            "much abuse is never reported, and only months since the change of March 2024 are "
            "alike"
            if result.period[0] >= "2024-03"
            else "much abuse is never reported, and boroughs differ in how it is flagged"
        ),
        detail=detail,
    )


def injury(assessment: Assessment, parts: pd.DataFrame, found: Subject | None) -> Finding:
    """Violence with injury outside domestic abuse, as far as both parts are published."""
    if found is None or parts.empty:
        return _not_held(assessment, label(OTHER_INJURY, in_sentence=True))
    area = assessment.area.area_name
    if found.year is None:
        return _no_year(found)
    first, last = map(pd.Timestamp, found.year)
    within = parts[parts["month"].between(first, last)]
    sums = within[["domestic_count", "other_count", "injury_count"]].sum()
    share = 100 * sums["domestic_count"] / sums["injury_count"]
    return Finding(
        heading=f"{number(share)}% of {area}'s violence with injury is domestic abuse",
        sentence=(
            f"Of {number(sums['injury_count'])} offences of violence with injury in "
            f"{period_words(*found.year)}, {number(sums['domestic_count'])} were flagged as "
            f"domestic abuse and {number(sums['other_count'])} were not. The second number is "
            "a difference of two publications on the location basis, over the months that both "
            f"hold.{_changed(found)}"
        ),
        certainty="moderate",
        because="two publications of different dates are set against each other",
        is_key=False,
    )


def sexual(
    assessment: Assessment,
    found: Subject | None,
    ranks: pd.DataFrame | None,
    table: pd.DataFrame,
) -> Finding:
    """Sexual offences: how many, beside the other boroughs, and how rape and others moved."""
    if found is None:
        return _not_held(assessment, "sexual offences")
    if ranks is None or found.year is None:
        return _no_year(found)
    mine = ranks.T[assessment.area.area_code]
    rows = table[table.index.isin(["rape", "other_sexual"]) & table["is_significant"].notna()]
    told = " ".join(
        f"{_compared(found, period)}: {'; '.join(_changes_of(rows, period))}."
        for period in rows["after_period"].drop_duplicates()
    )
    return Finding(
        heading=_rank_heading(assessment, found, mine),
        sentence=_level(assessment, found, mine),
        certainty="moderate",
        because=(
            "most sexual offences are never reported, and more are recorded as more is "
            "believed: a rise may be trust"
        ),
        detail=told,
    )


def _compared(found: Subject, period: tuple[str, str]) -> str:
    """What a change over a period is set against; a part of the year is named."""
    if period == found.year:
        return "On the year before"
    return f"In {period_words(*period)}, against the same months a year before"


def _changes_of(rows: pd.DataFrame, period: tuple[str, str]) -> list[str]:
    return [
        f"{label(str(name), in_sentence=True)} {_change_words(row)}"
        for name, row in rows.iterrows()
        if row["after_period"] == period
    ]


def serious(assessment: Assessment, table: pd.DataFrame) -> Finding:
    """Homicide, injury, knives and guns beside the other boroughs; not the statute's."""
    area = assessment.area.area_name
    if table.empty:
        return _not_held(assessment, "serious violence in a whole year")
    judged = table[table["ratio_pct"].notna()]
    low = judged[judged["ratio_pct_upper"] < ALIKE]
    high = judged[judged["ratio_pct_lower"] > ALIKE]
    few = table[table["is_small_count"].astype(bool)]
    same = len(judged) - len(low) - len(high)
    parts = [
        _against(low, high),
        f"For {number_word(same)} chance explains the difference." if same else "",
    ]
    return Finding(
        heading=_serious_heading(
            area,
            len(low),
            len(high),
            len(judged),
            listed([label(str(m)) for m in judged.index]),
        ),
        sentence=" ".join(part for part in parts if part) or _few(few),
        certainty="moderate",
        because=(
            "intervals allow for months' usual scatter, but residents are not all who are in a "
            "borough by day"
        ),
        detail=(
            f"{_few(few)} These counts overlap. They are not the serious violence that the "
            "duty of 2022 has each partnership define for itself."
        ).strip(),
    )


def young(assessment: Assessment, found: Subject | None, injuries: Subject | None) -> Finding:
    """Victims under 25 hurt by knives, and knife crime with injury."""
    if found is None:
        return _not_held(assessment, label(YOUNG_VICTIMS, in_sentence=True))
    if found.year is None:
        return _no_year(found)
    code, area = assessment.area.area_code, assessment.area.area_name
    count = _count(found, code)
    whole = (
        f" There were {number(_count(injuries, code))} offences of knife crime with injury at "
        "all ages; offences and victims are different counts."
        if injuries is not None and injuries.year is not None
        else ""
    )
    is_few = count < FEW
    return Finding(
        heading=f"{counted(count, 'victim')} under 25 hurt with a knife in {area}",
        sentence=(
            f"{counted(count, 'person', 'people')} aged 1 to 24 "
            f"{'was' if count == 1 else 'were'} recorded as injured with a knife in "
            f"{period_words(*found.year)}.{_changed(found)}{whole}"
        ),
        certainty="low",
        because=(
            "under ten victims a year say nothing of a trend"
            if is_few
            else "few victims a year scatter widely, and some wounds reach hospitals alone"
        ),
        is_key=False,
    )


def hate(assessment: Assessment, table: pd.DataFrame, found: Subject | None) -> Finding:
    """Hate crime in all, and by strand, which overlap."""
    if found is None or HATE not in table.index:
        if found is not None and found.year is None:
            return _no_year(found)
        return _not_held(assessment, "hate crime")
    total = table.T[HATE]
    strands = table.drop(index=HATE).sort_values("offence_count", ascending=False)
    shown = strands[~strands["is_small_count"].astype(bool)]
    few = len(strands) - len(shown)
    told = [
        f"{label(str(name))} {number(row['offence_count'])}" for name, row in shown.iterrows()
    ]
    return Finding(
        heading=(
            f"{number(total['offence_count'])} hate crimes in {assessment.area.area_name}, "
            f"{_ratio_words(total)}"
        ),
        sentence=(
            f"In {period_words(*total['year'])} {number(total['offence_count'])} offences were "
            f"flagged as hate crime, {number(total['rate_per_1000'], 2)} per 1,000 residents. "
            + (f"By strand, which overlap: {listed(told)}." if told else "")
            + (f" {counted(few, 'strand')} had under ten." if few else "")
            + _changed(found)
        ),
        certainty="low",
        because="most hate crime is not reported, and flags changed in March 2024",
        is_key=False,
    )


def strands_title(assessment: Assessment, table: pd.DataFrame) -> str:
    """What the chart of the strands shows, whatever all hate crime together does."""
    area = assessment.area.area_name
    nothing_known = f"Hate crime in {area} by strand"
    if table.empty:
        return nothing_known
    strands = table[table.index != HATE]
    shown = strands[
        ~strands["is_small_count"].astype("boolean").fillna(value=True).astype(bool)
    ]
    if shown.empty:
        return nothing_known
    top = label(str(shown["offence_count"].astype(float).idxmax()))
    return f"{top}: the strand of hate crime recorded most in {area}"


def nuisance(assessment: Assessment, found: Subject | None) -> Finding:
    """Anti-social behaviour: incidents, which are no crime, and months that are missing."""
    area, code = assessment.area.area_name, assessment.area.area_code
    if found is None:
        return _not_held(assessment, "anti-social behaviour")
    row = found.change
    held = _months_held(found, code)
    about = "Incidents of anti-social behaviour are not crimes and are added to none."
    if row is None or pd.isna(row["before_count"]):
        return Finding(
            heading=f"Anti-social behaviour in {area} cannot be compared",
            sentence=f"Months are missing, which does not mean none{_why_not(row)}.",
            certainty="not known",
            because="too few months of two years are held, or they are not alike",
            detail=f"{about} {held}".rstrip(),
        )
    alike = row["after_period"]
    whole = boroughs_with_all_months(found, alike)
    verb = risen_or_fallen(row["change_count"])
    is_real = bool(row["is_significant"]) if pd.notna(row["is_significant"]) else False
    heading = (
        f"Anti-social behaviour in {area} {verb} by {number(abs(row['change_pct']), 1)}%"
        if is_real
        else f"Anti-social behaviour in {area} shows no clear change"
    )
    return Finding(
        heading=heading,
        sentence=(
            f"{number(row['after_count'])} {unit(ASB)} in {period_words(*alike)} "
            f"against {number(row['before_count'])} in the same months a year before, "
            f"{_change_words(row)}."
        ),
        certainty="moderate" if not bool(row["is_part_year"]) else "low",
        because=(
            f"{'less than a year can be compared, and ' if bool(row['is_part_year']) else ''}"
            "calls to the police measure who calls as well as what happens"
        ),
        detail=f"{about} {held}{_no_rank(whole)}".rstrip(),
    )


def _highest_share(area: str, code: str, table: pd.DataFrame) -> str:
    top = str(table["share_pct"].idxmax())
    if top == code:
        return f"{area} has the highest share"
    could = table.T[code]["share_rank_upper"] == BOROUGHS
    highest = with_unit(table["share_pct"].max(), "%", 1)
    return (
        f"The highest is {area_name(top)}'s, {highest}, and "
        f"chance alone {'could make' if could else 'does not make'} {area}'s the highest"
    )


def _level(assessment: Assessment, found: Subject, mine: pd.Series) -> str:
    low, high = int(mine["rate_rank_lower"]), int(mine["rate_rank_upper"])
    place, left_open = placed(int(mine["rate_rank"]), low, high, BOROUGHS)
    year = period_words(*found.year) if found.year else ""
    return (
        f"{number(mine['offence_count'])} {unit(found.measure)} were recorded in {year}, "
        f"{number(mine['rate_per_1000'], 1)} per 1,000 residents (95% interval "
        f"{number(mine['rate_per_1000_lower'], 1)} to "
        f"{number(mine['rate_per_1000_upper'], 1)}): the "
        f"{place} rate of 32 boroughs, and {left_open}."
    )


def _changed(found: Subject) -> str:
    row = found.change
    if row is None or pd.isna(row["before_count"]):
        return " It cannot be compared with the year before."
    if pd.isna(row["is_significant"]):
        return " There are too few to judge a change."
    if row["is_after_break"]:
        return (
            f" Since recording changed only {period_words(*row['after_period'])} can be "
            f"compared with the same months a year before: it {_verb_words(row)}. The first "
            "months of a new system may have been recorded less fully."
        )
    on = (
        "the year before"
        if found.year == row["after_period"]
        else "the same months a year before"
    )
    return f" On {on} it {_verb_words(row)}."


def _verb_words(row: pd.Series) -> str:
    verb = risen_or_fallen(row["change_count"])
    return f"{verb} from {number(row['before_count'])} to {number(row['after_count'])}, " + (
        _change_words(row)
    )


def _change_words(row: pd.Series) -> str:
    interval = range_words(row["change_pct_lower"], row["change_pct_upper"], "%")
    verdict = "beyond" if bool(row["is_significant"]) else "not beyond"
    chance = f"{verdict} chance with all measures judged together"
    percent = with_unit(row["change_pct"], "%", 1, signed=True)
    return f"{percent} (95% interval {interval}), {chance}"


def _no_rank(whole: int) -> str:
    if whole == BOROUGHS:
        return ""
    short = counted(BOROUGHS - whole, "borough").casefold()
    verb = "lacks" if BOROUGHS - whole == 1 else "lack"
    return f"No rank is given: {short} {verb} some of these months."


def _months_held(found: Subject, code: str) -> str:
    gaps = [period_words(*run) for run in holes(found, code)]
    newest = pd.DatetimeIndex(found.monthly[code].dropna().index)[-1]
    return (
        f"The months held end in {month_text(newest)}"
        + (f"; not held between: {listed(gaps)}" if gaps else "")
        + ". "
        + _two_publications(found, code)
    )


def _two_publications(found: Subject, code: str) -> str:
    long = [run for run in holes(found, code) if months_between(*run) >= YEAR]
    if not long:
        return ""
    return (
        f"What was published before and after {period_words(*long[-1])} is not compared: the "
        "two publications count places differently. "
    )


def _why_not(row: pd.Series | None) -> str:
    note = "" if row is None else str(row["note"])
    return f": {note[:1].lower()}{note[1:].rstrip('.')}" if note else ""


def _count(found: Subject, code: str) -> int:
    first, last = map(pd.Timestamp, found.year or ("", ""))
    return int(found.monthly.loc[first:last, code].sum())


def _same_months_before(rows: pd.DataFrame) -> str:
    periods = {period_words(*period) for period in rows["after_period"]}
    over = f" in {periods.pop()}" if len(periods) == 1 else ""
    return f"Beyond chance{over}, against the same months a year before. "


def _movers(up: pd.DataFrame, down: pd.DataFrame) -> str:
    told = [movers(verb, rows, _moved) for verb, rows in (("rose", up), ("fell", down))]
    return " ".join(each for each in told if each)


def _moved(name: str, row: pd.Series) -> str:
    return (
        f"{label(name, in_sentence=True)} ({number(row['before_count'])} to "
        f"{number(row['after_count'])}, {with_unit(row['change_pct'], '%', 1, signed=True)}"
        f"{_elsewhere(row)})"
    )


def _elsewhere(row: pd.Series) -> str:
    told = "; across a step in recording" if pd.notna(row["step_pct"]) else ""
    if pd.isna(row["others_change_pct"]):
        return told
    return f"; other boroughs {with_unit(row['others_change_pct'], '%', 1, signed=True)}{told}"


def _step_words(name: str, row: pd.Series) -> str:
    """By how much all London stepped, and what the like months since show."""
    size = with_unit(row["step_pct"], "%", signed=True)
    told = (
        f"In all London {label(name, in_sentence=True)} stepped by {size} in "
        f"{month_text(pd.Timestamp(row['step_month']))}, {row['cause']}"
    )
    if pd.isna(row["like_change_pct"]):
        return f"{told}."
    months = period_words(*row["like_period"])
    return f"{told}; {months} on the same months a year before show {like_words(row)}."


def _movers_heading(area: str, rows: pd.DataFrame) -> str:
    up, down = (rows["change_count"] > 0).sum(), (rows["change_count"] < 0).sum()
    if not up and not down:
        return f"No measure of harm in {area} changed beyond chance"
    if up + down == 1:
        verb = "rose" if up else "fell"
        what = f"{label(str(rows.index[0]))} {verb} in {area}"
        is_step = pd.notna(rows["step_pct"].iloc[0])
        return (
            f"{what}, perhaps by recording" if is_step else f"{what}; nothing else clearly did"
        )
    if not down:
        return f"{counted(int(up), 'measure')} of harm in {area} rose; none fell"
    if not up:
        return f"{counted(int(down), 'measure')} of harm in {area} fell; none rose"
    rose = counted(int(up), "measure")
    return f"{rose} of harm in {area} rose and {number_word(int(down))} fell"


def _serious_heading(area: str, low: int, high: int, judged: int, only: str) -> str:
    if not judged:
        return f"Serious violence in {area} is too rare to compare"
    if judged == 1 and low + high:
        where = "below" if low else "above"
        return f"{only} in {area} is {where} the other boroughs"
    told, count = number_word(low or high), number_word(judged)
    if low == judged:
        return f"{area} is below elsewhere on all {count} serious violence measures"
    if high == judged:
        return f"{area} is above elsewhere on all {count} serious violence measures"
    if low and not high:
        return f"{area}: {told} of {count} serious violence measures below elsewhere"
    if high and not low:
        return f"{area}: {told} of {count} serious violence measures above elsewhere"
    if not low and not high:
        return f"Serious violence in {area} cannot be told from the other boroughs'"
    return (
        f"Serious violence in {area}: above on {number_word(high)}, below on {number_word(low)}"
    )


def _against(low: pd.DataFrame, high: pd.DataFrame) -> str:
    if low.empty and high.empty:
        return ""
    told = [
        f"clearly {where}: {listed(_ratios(rows))}"
        for where, rows in (
            ("below", low.sort_values("ratio_pct")),
            ("above", high.sort_values("ratio_pct", ascending=False)),
        )
        if len(rows)
    ]
    return f"Rates per resident, with the other 31 boroughs together as 100, {'; '.join(told)}."


def _ratios(rows: pd.DataFrame) -> list[str]:
    return [
        f"{label(str(name), in_sentence=True)} ({number(row['ratio_pct'])})"
        for name, row in rows.iterrows()
    ]


def _few(rows: pd.DataFrame) -> str:
    if rows.empty:
        return ""
    told = [
        f"{label(str(name), in_sentence=True)} ({number(row['offence_count'])})"
        for name, row in rows.iterrows()
    ]
    return f"Too few to compare: {listed(told)}."


def _ratio_words(row: pd.Series) -> str:
    if pd.isna(row["ratio_pct"]):
        return "too few to compare"
    if row["ratio_pct_upper"] < ALIKE:
        return "fewer per resident than elsewhere"
    if row["ratio_pct_lower"] > ALIKE:
        return "more per resident than elsewhere"
    return "no clear difference from elsewhere"


def _rank_heading(assessment: Assessment, found: Subject, mine: pd.Series) -> str:
    low, high = int(mine["rate_rank_lower"]), int(mine["rate_rank_upper"])
    name = f"{label(found.measure)}: {assessment.area.area_name}"
    if low == high:
        return f"{name} is {place_words(low, BOROUGHS)}"
    return f"{name} {_ranks_words(low, high)}"


def _ranks_words(low: int, high: int) -> str:
    if low == high:
        return f"the {place_words(low, BOROUGHS)} share"
    if low == 1:
        return f"among the {number_word(high)} lowest"
    if high == BOROUGHS:
        return f"among the {number_word(BOROUGHS - low + 1)} highest"
    return rank_range_brief(low, high, BOROUGHS)


def _no_year(found: Subject) -> Finding:
    why = (
        found.gate.sentences[0]
        if found.gate is not None and found.gate.is_blocked
        else "A month of the newest year is missing for this borough or another."
    )
    return Finding(
        heading=f"{label(found.measure)}: no year that can be told",
        sentence=why,
        certainty="not known",
        because="the newest twelve months are not whole or not alike",
        is_key=False,
    )


def _not_held(assessment: Assessment, what: str, heading: str = "") -> Finding:
    by = month_text(pd.Timestamp(assessment.as_of))
    return Finding(
        heading=heading or f"{what[:1].upper()}{what[1:]}: no figures held by then",
        sentence=f"No figures of {what} by borough are held that end by {by}.",
        certainty="not known",
        because="the publication begins later, or a year of it is not complete by then",
        is_key=False,
    )
