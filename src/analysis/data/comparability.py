"""The gate before any comparison: it blocks, or annotates, in one sentence.

What breaks a series is data (``data/reference/breaks.yml``): recording changes, spells when
the borough is unknown, merged categories, fraud, COVID, CONNECT, boundaries. A comparison
that a break touches is blocked, or made with the break's sentence beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from analysis.data.offences import measure_label
from analysis.errors import ParamsError
from analysis.params.areas import resolve_area
from analysis.project import project_root

Period = tuple[str, str]
# First and last month, YYYY-MM, both within.


@dataclass(frozen=True)
class Break:
    """One entry of ``breaks.yml``; its keys are explained there."""

    id: str
    from_month: str
    to_month: str
    how: str
    area_codes: frozenset[str] | None
    measures: frozenset[str] | None
    bases: frozenset[str] | None
    offence_lists: frozenset[str] | None
    action: str
    label: str
    sentence: str
    source: str
    mark: str
    rebases: bool
    is_drawn: bool
    step_pct: float | None = None
    cause: str = ""

    def concerns(self, area_code: str, measure: str, basis: str, offence_list: str) -> bool:
        """Whether it touches this series at all, whenever."""
        return (
            (self.area_codes is None or area_code in self.area_codes)
            and (self.measures is None or measure in self.measures)
            and (self.bases is None or basis in self.bases)
            and (self.offence_lists is None or offence_list in self.offence_lists)
        )

    @property
    def clear_from(self) -> str:
        """First month at the level that holds since: a step's last, or after a spell's last."""
        return str(pd.Period(self.to_month, freq="M") + int(self.how == "spell"))

    def touches(self, before: Period, after: Period) -> bool:
        """Whether it stands between two periods (a step) or within either (a spell)."""
        if self.how == "spell":
            return _overlap(self, before) or _overlap(self, after)
        first, last = min(before[0], after[0]), max(before[1], after[1])
        return first < self.to_month and self.from_month <= last


@dataclass(frozen=True)
class Comparability:
    """What the gate says: blocked or not, and the breaks that it names."""

    blocks: tuple[Break, ...]
    notes: tuple[Break, ...]

    @property
    def is_blocked(self) -> bool:
        """Whether the comparison must not be made."""
        return bool(self.blocks)

    @property
    def steps(self) -> tuple[Break, ...]:
        """Those whose size in all London was measured, in order of time."""
        sized = (each for each in (*self.blocks, *self.notes) if each.step_pct is not None)
        return tuple(sorted(sized, key=lambda each: each.to_month))

    @property
    def note(self) -> str:
        """What blocks it; where nothing does, the cautions; in one string."""
        return " ".join(each.sentence for each in self.blocks or self.notes)

    @property
    def sentences(self) -> list[str]:
        """Why, or with what caution: one sentence a break, blocks first."""
        return [each.sentence for each in (*self.blocks, *self.notes)]


def load_breaks() -> tuple[Break, ...]:
    """All known breaks, in the order of the file.

    Examples
    --------
    >>> [each.label for each in load_breaks() if each.id == "covid"]
    ['COVID restrictions']
    """
    return _read(project_root() / "data/reference/breaks.yml")


def breaks_of(
    area_code: str, measure: str, *, basis: str = "location", offence_list: str = "current"
) -> list[Break]:
    """Breaks that touch one series, for marking on its chart.

    Examples
    --------
    >>> hillingdon = breaks_of("E09000017", "shoplifting")
    >>> "heathrow_apart" in [each.id for each in hillingdon]
    True
    """
    return [b for b in load_breaks() if b.concerns(area_code, measure, basis, offence_list)]


def compare_periods(
    area_code: str,
    measure: str,
    before: Period,
    after: Period,
    *,
    basis: str = "location",
    offence_list: str = "current",
) -> Comparability:
    """Whether an area's measure may be compared between two periods.

    Parameters
    ----------
    area_code : str
    measure : str
        An offence group or a scheme of them.
    before, after : (first, last) month, ``YYYY-MM``
    basis, offence_list : str
        Of the series compared.

    Returns
    -------
    Comparability

    Examples
    --------
    >>> gate = compare_periods(
    ...     "E09000015", "total", ("2010-04", "2011-03"), ("2013-04", "2014-03")
    ... )
    >>> gate.is_blocked, gate.sentences[0][:37]
    (True, 'Fraud moved from police forces to Act')
    """
    concerned = breaks_of(area_code, measure, basis=basis, offence_list=offence_list)
    touched = [each for each in concerned if each.touches(before, after)]
    return Comparability(
        blocks=tuple(each for each in touched if each.action == "block"),
        notes=tuple(each for each in touched if each.action != "block"),
    )


def unusual_months() -> list[pd.Timestamp]:
    """Months that say nothing of ordinary years, those of COVID restrictions.

    Examples
    --------
    >>> f"{unusual_months()[0]:%Y-%m}", len(unusual_months())
    ('2020-03', 22)
    """
    spell = next(each for each in load_breaks() if each.id == "covid")
    return list(pd.date_range(spell.from_month, spell.to_month, freq="MS"))


def recording_changes(
    offence_group: str, basis: str = "location", offence_list: str = "current"
) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """First and last month of the changes in how an offence is recorded everywhere.

    Those that block a comparison or begin a new level; an error of a forecast made before
    such a change says nothing of forecasts made after it. A change named for all offences
    alike is small and left out, and so is one of a single borough (``level_changes``).

    Examples
    --------
    >>> [f"{first:%Y-%m}" for first, _ in recording_changes("violence_with_injury")]
    ['2014-04']
    """
    return [
        (pd.Timestamp(each.from_month), pd.Timestamp(each.to_month))
        for each in load_breaks()
        if each.how == "step"
        and (each.action == "block" or each.rebases)
        and each.measures is not None
        and each.area_codes is None
        and each.concerns("", offence_group, basis, offence_list)
    ]


def level_changes(
    area_codes: Iterable[str], basis: str = "location", offence_list: str = "current"
) -> dict[str, pd.Timestamp]:
    """First month at the newest level of areas with a step, or a spell, of their own.

    Examples
    --------
    >>> months = level_changes(["E09000015", "E09000017"])
    >>> {code: f"{month:%Y-%m}" for code, month in months.items()}
    {'E09000017': '2024-03'}
    """
    return {
        code: pd.Timestamp(each.clear_from)
        for code in area_codes
        for each in _of_its_own(code, basis, offence_list)
    }


def mixed_areas(
    area_codes: Iterable[str],
    period: Period,
    basis: str = "location",
    offence_list: str = "current",
) -> list[str]:
    """Areas whose counts took a step of their own inside a period, or a spell within it.

    Examples
    --------
    >>> mixed_areas(["E09000015", "E09000017"], ("2023-09", "2024-08"))
    ['E09000017']
    """
    return [
        code
        for code in area_codes
        if any(e.touches(period, period) for e in _of_its_own(code, basis, offence_list))
    ]


def _of_its_own(area_code: str, basis: str, offence_list: str) -> list[Break]:
    """Breaks at which one area's counts take another level than the others'."""
    return [
        each
        for each in breaks_of(area_code, "total", basis=basis, offence_list=offence_list)
        if each.rebases and each.area_codes is not None
    ]


def _overlap(each: Break, period: Period) -> bool:
    return each.from_month <= period[1] and period[0] <= each.to_month


@lru_cache(maxsize=2)
def _read(path: Path) -> tuple[Break, ...]:
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(_break(each, path.name) for entry in entries for each in _by_group(entry))


def _by_group(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """An entry as it is; one that sizes the steps of several groups, once for each."""
    if "steps_pct" not in entry:
        return [entry]
    return [
        entry
        | {
            "id": f"{entry['id']}_{group}",
            "measures": [group],
            "step_pct": float(size),
            "sentence": entry["sentence"].format(
                group=measure_label(group, in_sentence=True),
                moved=f"{'rose' if size > 0 else 'fell'} by {abs(size)}%",
            ),
        }
        for group, size in entry["steps_pct"].items()
    ]


def _break(entry: dict[str, Any], where: str) -> Break:
    first = _month(entry["from"])
    if entry["how"] not in {"step", "spell"} or entry["action"] not in {"block", "annotate"}:
        message = f"{where}, {entry['id']}: how is step or spell, action block or annotate."
        raise ParamsError(message)
    return Break(
        id=entry["id"],
        from_month=first,
        to_month=_month(entry.get("to", first)),
        how=entry["how"],
        area_codes=_area_codes(entry["areas"]),
        measures=_set(entry["measures"]),
        bases=_set(entry.get("bases", "all")),
        offence_lists=_set(entry.get("offence_lists", "all")),
        action=entry["action"],
        label=entry["label"],
        sentence=entry["sentence"],
        source=entry["source"],
        mark=entry["mark"],
        rebases=bool(entry.get("rebase", False)),
        is_drawn=bool(entry.get("draw", False)),
        step_pct=entry.get("step_pct"),
        cause=entry.get("cause", ""),
    )


def _month(value: object) -> str:
    return f"{pd.Timestamp(str(value)):%Y-%m}"


def _set(value: str | list[str]) -> frozenset[str] | None:
    return None if value == "all" else frozenset(value)


def _area_codes(value: str | list[str]) -> frozenset[str] | None:
    return None if value == "all" else frozenset(resolve_area(name).area_code for name in value)
