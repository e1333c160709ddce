"""What ``csp target`` prints of an answer: lines and aligned tables, for people to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from analysis.wording import number

NEXT_MONTHS = 12
# Ceilings that are printed; --json holds them all.

NAMED_BOROUGHS = 5
# Of those that have achieved as much; --json holds them all.

_OUTCOME = {
    "base_count": "base",
    "target_count": "target level",
    "actual_count": "outcome",
}
_FROM = {
    "base": "from the base",
    "last_12_months": "from the latest year",
    "forecast": "from the forecast",
}
_METHODS = {
    "in_proportion": "in proportion",
    "by_harm": "by harm",
    "by_achieved": "as achieved",
    "least_effort": "least effort",
}


def target_lines(answer: dict[str, Any]) -> list[str]:
    """Lines that tell one definition of a target.

    Parameters
    ----------
    answer : dict
        As ``csp target --json`` gives it.
    """
    lines = [answer["label"], f"  {answer['definition']}"]
    if "points" in answer:
        lines += _survey(answer)
    elif answer["is_blocked"]:
        lines.append("  cannot be told: the gate refuses the comparison")
    elif "verdict" in answer:
        lines += [f"  {name}: {number(answer[column])}" for column, name in _OUTCOME.items()]
        lines.append(f"  {answer['verdict']}: {answer['change_pct']:+.1f}%")
    else:
        lines += _prospect(answer)
    if answer.get("note"):
        lines.append(f"  note: {answer['note']}")
    return lines


def _prospect(answer: dict[str, Any]) -> Iterator[str]:
    for column, name in (
        ("base_count", "base"),
        ("last_12_count", "latest year"),
        ("target_count", "target level"),
    ):
        yield f"  {name}: {number(answer[column])}"
    if answer["per"] == "year" and answer["target_count"] >= answer["last_12_count"]:
        room = number(answer["target_count"] - answer["last_12_count"])
        yield f"  reached already: the latest year is {room} below it, and has to stay there"
    yield from _required(answer)
    yield from _chance(answer)
    yield from _way(answer)
    yield from _allocation(answer)


def _required(answer: dict[str, Any]) -> Iterator[str]:
    for per, title in (
        ("year", "fewer in the year to the horizon (with a minus: more than is needed)"),
        ("whole", "fewer in all from the base to the horizon (with a minus: as above)"),
    ):
        asked = "" if per == answer["per"] else ", were the same number meant so"
        rows = [["", "offences", "%", "a month", "each year", "80% of futures"]]
        for row in answer["required_reduction"]:
            if row["per"] == per:
                rows.append(_required_row(row))
        yield f"  {title}{asked}:"
        yield from _aligned(rows)
    if answer["rule"].startswith(("rank", "parity")):
        yield "    with the other boroughs held where they are; the chance below lets them move"


def _required_row(row: dict[str, Any]) -> list[str]:
    lower, upper = row["reduction_count_lower"], row["reduction_count_upper"]
    return [
        _FROM[row["measured_from"]],
        number(row["reduction_count"]),
        number(row["reduction_pct"], 1),
        number(row["per_month_count"]),
        "" if row["each_year_pct"] is None else f"{number(row['each_year_pct'], 1)}%",
        "" if lower is None else f"{number(lower)} to {number(upper)}",
    ]


def _chance(answer: dict[str, Any]) -> Iterator[str]:
    yield (
        f"  chance with no change of course: {answer['probability']:.0%} ({answer['in_words']})"
    )
    if answer["base_rate"] is None:
        yield "  done before: not known (a rank or parity, or the record is too short)"
        return
    yield (
        f"  done before: {answer['base_rate']:.1%} of boroughs and starting months "
        f"({answer['base_rate_times']:,} times, {answer['base_rate_starts']} starting months) "
        f"fell as much in {answer['months_ahead']} months"
    )
    told = [
        f"{row['area_name']} ({row['times']} times, to {row['last_year_ending']}, best "
        f"{row['best_fall_pct']:.0f}%)"
        for row in answer["achieved_by"][:NAMED_BOROUGHS]
    ]
    more = len(answer["achieved_by"]) - len(told)
    if told:
        rest = f" and {more} more" if more else ""
        yield f"  by {len(answer['achieved_by'])} boroughs: {', '.join(told)}{rest}"


def _way(answer: dict[str, Any]) -> Iterator[str]:
    state = answer["on_track"]
    if "milestone" not in state:
        yield "  no way is left: more has been counted already than the target allows"
        return
    gap = state["cumulative_gap_count"]
    seen = (
        f"; {number(abs(gap))} {'above' if gap > 0 else 'below'} the ceilings of the "
        f"{state['seen_months']} months since the base"
        if state["seen_months"]
        else ""
    )
    yield (
        f"  {state['in_words']} that the 12 months to {state['milestone']} hold at most "
        f"{number(state['milestone_ceiling_count'])}{seen}"
    )
    coming = answer["trajectory"][:NEXT_MONTHS]
    if not coming:
        yield "  no way is left: more has been counted already than the target allows"
        return
    yield "  monthly ceilings from here:"
    yield "    " + ", ".join(
        f"{row['month']} {number(row['ceiling_whole_count'])}" for row in coming
    )


def _allocation(answer: dict[str, Any]) -> Iterator[str]:
    table = answer["allocation"]
    if answer["target_count"] >= answer["last_12_count"] or len(table) <= len(_METHODS):
        return
    if all(row["achieved_share"] is None for row in table):
        yield "  not spread over offence groups: the record is too short for what has been done"
        return
    yield (
        "  spread over offence groups (fewer in a year; in brackets the boroughs and starting "
        "months that fell as much):"
    )
    groups = {row["offence_group"]: row["last_12_count"] for row in table}
    cells = {(row["method"], row["offence_group"]): row for row in table}
    rows = [["", "latest year", *_METHODS.values()]]
    for group, count in groups.items():
        told = [_cell(cells[method, group]) for method in _METHODS]
        rows.append([group.replace("_", " "), number(count), *told])
    yield from _aligned(rows)
    for method, name in _METHODS.items():
        short = next(row["shortfall_count"] for row in table if row["method"] == method)
        if short:
            yield f"    {name} falls short by {number(short)}: the best have not done more"


def _cell(row: dict[str, Any]) -> str:
    share = row["achieved_share"]
    done = "-" if share is None else f"{share:.0%}"
    return f"{number(row['reduction_count'])} ({done})"


def _survey(answer: dict[str, Any]) -> Iterator[str]:
    yield f"  base: {answer['base_pct']:g}%"
    yield f"  target: {answer['target_pct']:g}%"
    yield (
        f"  {answer['points']:g} percentage points, which is {answer['relative_pct']:.0f}% of "
        "the base"
    )
    if "latest_pct" in answer:
        yield (
            f"  latest, quarter to {answer['quarter']}: {answer['latest_pct']:g}% (95%: "
            f"{answer['latest_lower_pct']:.0f}% to {answer['latest_upper_pct']:.0f}%, on an "
            f"assumed {number(answer['assumed_sample_count'])} asked, worth "
            f"{number(answer['effective_sample_count'])} drawn at random)"
        )
    if "horizon_pct" in answer:
        yield f"  at the horizon: {answer['horizon_pct']:g}%"
    if answer.get("base_rate") is not None:
        yield (
            f"  from the latest value: {answer['points_from_latest']:+.0f} points; "
            f"{answer['base_rate']:.1%} of boroughs and starting quarters "
            f"({answer['achieved_times']} times) moved as much in as long"
        )


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for first, *rest in rows:
        cells = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        yield "    " + "  ".join([first.ljust(widths[0]), *cells]).rstrip()
