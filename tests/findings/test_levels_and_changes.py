"""Each number in a sentence is the one that the figures give by another path."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from analysis.assessment import Assessment, comparison
from analysis.data.offences import measure_label
from analysis.findings import changes, levels, quality
from analysis.findings.change_words import MOST_WORDS, placed
from analysis.measures.decomposition import ShiftShare
from analysis.params.areas import Area, area_name, borough_codes
from analysis.wording import MINUS, number_word, place_words

Open = Callable[..., Assessment]
Add = Callable[..., int]
Residents = Callable[[str, int], int]

LATEST = ("2024-06", "2025-05")
BEFORE = ("2023-06", "2024-05")
BOROUGHS = ["harrow", "westminster", "sutton"]


@pytest.fixture(scope="module", params=BOROUGHS)
def assessment(request: pytest.FixtureRequest, opened: Open) -> Assessment:
    return opened(request.param)


def numbers(text: str) -> list[float]:
    """Every number of a sentence, its sign kept."""
    found = re.findall(rf"[+{MINUS}]?\d[\d,]*(?:\.\d+)?", text)
    return [float(each.replace(",", "").replace(MINUS, "-")) for each in found]


def test_the_level_is_offences_over_residents_and_the_rank_among_all(
    assessment: Assessment, added_up: Add, residents: Residents
) -> None:
    ranks = assessment.ranks()
    finding = levels.level(assessment, ranks)
    counts = {c: added_up([c], "total_without_fraud", *LATEST) for c in borough_codes()}
    # The middle of the year to May 2025 is December 2024.
    rates = {code: 1000 * count / residents(code, 2024) for code, count in counts.items()}
    own = assessment.area.area_code
    place = sorted(rates.values()).index(rates[own]) + 1
    count_place = sorted(counts.values()).index(counts[own]) + 1
    told = numbers(finding.told)
    assert told[0] == counts[own]
    assert told[2] == pytest.approx(rates[own], abs=0.051)
    lower, upper = told[5], told[6]
    assert lower < rates[own] < upper
    # Byar's limits of a large count are nearly its square root wide, here of so many as scatter
    # alike: a count with its months' scatter.
    as_if = counts[own] / assessment.dispersion("total_without_fraud")
    width = 2 * 1.96 * rates[own] / as_if**0.5
    assert upper - lower == pytest.approx(width, rel=0.03, abs=0.11)
    mine = ranks.T[own]
    limits = int(mine["rate_rank_lower"]), int(mine["rate_rank_upper"])
    # The place and its range are counted from one end.
    assert f"the {placed(place, *limits, 32)[0]} rate" in finding.told
    assert f"By count it is the {place_words(count_place, 32)}" in finding.told


def test_the_ranks_are_of_what_the_london_comparison_ranks(assessment: Assessment) -> None:
    # With fraud's leaving among the months the same count had a wider range of ranks here.
    ranks = assessment.ranks()
    pd.testing.assert_frame_equal(ranks, assessment.ranks(comparison.MAIN))
    mine = ranks.T[assessment.area.area_code]
    low, high = int(mine["rate_rank_lower"]), int(mine["rate_rank_upper"])
    told = levels.level(assessment, ranks).told
    left_open = placed(int(mine["rate_rank"]), low, high, 32)[1]
    assert f"Looked at by itself, {left_open}." in told
    assert "a stricter question" in told


def test_the_change_is_that_of_the_two_years(assessment: Assessment, added_up: Add) -> None:
    table = assessment.changes(["total_without_fraud"])
    finding = changes.total_change(assessment, table)
    own = [assessment.area.area_code]
    before, after = (added_up(own, "total_without_fraud", *year) for year in (BEFORE, LATEST))
    told = numbers(finding.told)
    assert told[:2] == [before, after]
    percent = 100 * (after / before - 1)
    assert told[4] == pytest.approx(percent, abs=0.051)
    assert told[6] < percent < told[7]
    assert ("rose" if after > before else "fell") in finding.told
    is_clear = told[6] > 0 or told[7] < 0
    assert ("No clear change" in finding.heading) == (not is_clear)
    # The chart beneath is of many years: the heading says which two it compares.
    assert finding.heading.endswith("on the year before")
    if is_clear:
        assert numbers(finding.heading) == [pytest.approx(abs(percent), abs=0.051)]


def test_the_groups_that_moved_are_counted_and_their_changes_right(
    assessment: Assessment, added_up: Add
) -> None:
    table = assessment.changes(assessment.offence_groups())
    finding = changes.group_changes(assessment, table)
    real = table[table["is_significant"].fillna(value=False)]
    assert f"{number_word(len(real))} changed beyond chance" in finding.told
    own = [assessment.area.area_code]
    for group, row in real.iterrows():
        before, after = (added_up(own, str(group), *year) for year in (BEFORE, LATEST))
        assert row["change_count"] == after - before
        signed = f"{after - before:+,}".replace("-", MINUS)
        assert f"({signed}, " in finding.told
    rose, fell = (real["change_count"] > 0).sum(), (real["change_count"] < 0).sum()
    for verb, count in (("Rose:", rose), ("Fell:", fell)):
        assert (verb in finding.told) == bool(count)


@pytest.mark.parametrize("borough", ["kensington and chelsea", "hammersmith and fulham"])
def test_the_gravest_group_that_changed_is_named_at_the_top(
    opened: Callable[..., Assessment], borough: str
) -> None:
    # Rape had been one of "two others", behind shoplifting and drug trafficking.
    assessment = opened(borough)
    table = assessment.changes(assessment.offence_groups())
    sentence = changes.group_changes(assessment, table).sentence
    assert bool(table["is_significant"]["rape"])
    assert f"rape (+{table['change_pct']['rape']:.1f}%)" in sentence
    assert len(sentence.split()) <= MOST_WORDS
    real = table[table["is_significant"].fillna(value=False).astype(bool)]
    named = sentence.count("%)")
    assert named == len(real) or " other" in sentence


def test_of_very_many_changes_the_largest_and_the_gravest_are_named(
    assessment: Assessment,
) -> None:
    table = assessment.changes(assessment.offence_groups())
    all_rose = table.assign(
        is_significant=True, change_count=range(len(table), 0, -1), change_pct=10.0
    )
    sentence = changes.group_changes(assessment, all_rose).sentence
    assert len(sentence.split()) <= MOST_WORDS
    assert measure_label(str(table.index[0]), in_sentence=True) in sentence
    assert "homicide (+10.0%)" in sentence
    assert "rape (+10.0%)" in sentence


def test_the_reasons_are_rounded_parts_of_the_change(
    assessment: Assessment, added_up: Add
) -> None:
    finding = changes.why(assessment, assessment.why())
    own = [assessment.area.area_code]
    before, after = (added_up(own, "total_without_fraud", *year) for year in (BEFORE, LATEST))
    # Deaths by driving have no row since April 2024 and are no reason: told beside the rest.
    change, *others = numbers(finding.told)
    if change != after - before:
        assert others.pop(0) == after - before
        rest = finding.detail.split("the other ")[1].split(" lie")[0]
        assert numbers(rest) == [after - before - change]
    london, mix, local = others[:3]
    assert change == pytest.approx(after - before, abs=10)
    assert london + mix + local == pytest.approx(change, abs=2)


def test_the_funnel_compares_with_the_rate_of_the_32_boroughs_together(
    assessment: Assessment, added_up: Add, residents: Residents
) -> None:
    similar = assessment.similar_boroughs()
    finding = levels.standing(assessment, assessment.funnel(), similar)
    codes = borough_codes()
    people = sum(residents(code, 2024) for code in codes)
    rates = {
        code: 1000 * added_up([code], "total", *LATEST) / residents(code, 2024)
        for code in codes
    }
    told = numbers(finding.told)
    assert told[0] == pytest.approx(rates[assessment.area.area_code], abs=0.051)
    together = 1000 * added_up(codes, "total", *LATEST) / people
    assert told[2] == pytest.approx(together, abs=0.051)
    higher = sum(rates[code] > rates[assessment.area.area_code] for code in similar)
    assert f"{number_word(higher)} ha" in finding.told.rpartition("), ")[2]
    assert all(area_name(code) in finding.told for code in similar)


def test_the_three_most_harmful_groups_are_named_with_their_share(
    assessment: Assessment,
) -> None:
    score = assessment.harm()
    finding = levels.harm(assessment, score)
    own = score.by_group[score.by_group["area_code"] == assessment.area.area_code]
    share = 100 * own["harm_score"].nlargest(3).sum() / own["harm_score"].sum()
    assert numbers(finding.heading) == [pytest.approx(share, abs=0.51)]
    volume = own.nlargest(3, "harm_score")["offence_count"].sum() / own["offence_count"].sum()
    assert numbers(finding.told)[1] == pytest.approx(100 * volume, abs=0.51)


def test_the_season_names_the_highest_and_lowest_months(assessment: Assessment) -> None:
    finding = changes.season(assessment, "total_without_fraud")
    index = assessment.season("total_without_fraud").table.set_index("calendar_month")[
        "seasonal_index"
    ]
    if "no dependable season" in finding.heading:
        return
    gap = index.max() - index.min()
    assert numbers(finding.told)[0] == pytest.approx(gap, abs=0.051)


def test_a_change_across_a_step_of_london_is_marked_and_less_sure(opened: Open) -> None:
    havering = opened("havering", "2025-05")
    table = havering.changes(havering.offence_groups())
    finding = changes.group_changes(havering, table)
    assert finding.certainty == "low"
    assert "All stepped within one month across London" in finding.sentence
    assert len(finding.sentence.split()) <= 50
    told = finding.detail
    assert "violence with injury −17%" in told
    assert "drug trafficking +77%" in told
    # 391 offences in March to May 2024, 431 a year later: the year's fall is not there.
    series = havering.series("violence_with_injury").astype(int)
    spring = [int(series[f"{year}-03" : f"{year}-05"].sum()) for year in (2024, 2025)]
    assert spring == [391, 431]
    assert f"violence with injury +{100 * (spring[1] / spring[0] - 1):.1f}% (95%" in told
    assert "March 2025 to May 2025" in told


def test_with_one_group_that_did_not_step_the_verdict_is_moderate(opened: Open) -> None:
    harrow = opened("harrow", "2025-05")
    finding = changes.group_changes(harrow, harrow.changes(harrow.offence_groups()))
    assert "Two of them stepped" in finding.sentence
    assert finding.certainty == "moderate"


def test_years_before_any_step_are_as_sure_as_they_were(opened: Open) -> None:
    harrow = opened("harrow", "2019-06")
    finding = changes.group_changes(harrow, harrow.changes(harrow.offence_groups()))
    assert "stepped" not in finding.told
    assert finding.certainty == "high"


def test_the_newest_month_is_not_called_odd_where_it_is_not_judged(opened: Open) -> None:
    cut = opened("havering", "2020-03")
    chart = cut.control_chart("total_without_fraud")
    finding = changes.exceptional_months(cut, chart)
    assert "The newest month, March 2020, is one of those not judged" in finding.sentence


def test_what_is_called_londons_part_says_how_much_is_the_unknown_borough(
    opened: Open,
) -> None:
    harrow = opened("harrow", "2025-05")
    split = harrow.why()
    told = changes.why(harrow, split).detail
    history = harrow.history("total_without_fraud").astype(float)["E23000001"]
    before, after = (
        history.loc[p[0] : p[1]].sum() for p in (harrow.previous_year, harrow.latest_year)
    )
    # London with its unknown borough fell, though its boroughs rose.
    assert after < before
    found = re.search(r"London's change alone would have brought about −(\d+)", told)
    assert found is not None
    own = harrow.count("total_without_fraud", harrow.previous_year)
    assert int(found[1]) == pytest.approx(own * (1 - after / before), abs=15)


def test_months_outside_the_limits_are_those_of_the_chart_but_for_covid(
    opened: Open,
) -> None:
    named = 0
    for borough in ("harrow", "barnet", "bromley", "camden", "hillingdon", "wandsworth"):
        assessment = opened(borough)
        chart = assessment.control_chart("total_without_fraud")
        finding = changes.exceptional_months(assessment, chart)
        if "scatter too widely" in finding.heading:
            continue
        outside = chart.table.loc[chart.table["is_outside_limits"].astype(bool), "month"]
        # Nor are those of COVID restrictions, or without a borough, or without Heathrow.
        outside = outside[~chart.table["is_excluded"].astype(bool)]
        listed = finding.told.split("The newest month")[0]
        for month in chart.table["month"]:
            assert (f"{month:%B %Y}" in listed) == (month in set(outside)), borough
        named += len(outside)
    assert named > 0


def test_a_level_set_anew_is_told_with_what_its_break_alone_would_give(opened: Open) -> None:
    for borough in ("harrow", "havering"):
        assessment = opened(borough)
        chart = assessment.control_chart("total_without_fraud")
        finding = changes.exceptional_months(assessment, chart)
        before, after = (rows for _, rows in chart.table.groupby("segment"))
        moved = 100 * (after["centre"].iloc[0] / before["centre"].iloc[0] - 1)
        way = "raised" if moved > 0 else "lowered"
        assert f"limits {way} {abs(moved):.0f}% in 2024" in finding.heading
        known = 100 - assessment.unknown_share()
        now = known[after["month"]].mean()
        was = known[before.loc[~before["is_excluded"].astype(bool), "month"]].mean()
        assert f"alone would give about +{100 * (now / was - 1):.1f}%" in finding.detail
        low, high = (now / was * before[end].iloc[0] for end in ("lower", "upper"))
        told = finding.detail.split("by the limits before")[1].split(" outside.")[0]
        for month, value in zip(after["month"], after["value"], strict=True):
            assert (f"{month:%B %Y}" in told) == (not low <= value <= high)


def test_what_a_break_does_to_a_level_is_not_made_up(opened: Open) -> None:
    early = opened("harrow", "2016-06")
    chart = early.control_chart("total_without_fraud")
    finding = changes.exceptional_months(early, chart)
    assert "how much of that the break makes is not known" in finding.detail
    assert "by the limits before" not in finding.detail
    one = replace(chart, table=chart.table.assign(segment=1))
    assert changes.exceptional_months(early, one).heading.endswith("the usual scatter")


def test_a_chart_with_too_many_months_outside_names_none(opened: Open) -> None:
    chart = opened().control_chart("total_without_fraud")
    odd = replace(chart, table=chart.table.assign(is_outside_limits=True))
    finding = changes.exceptional_months(opened(), odd)
    assert finding.certainty == "low"
    assert "scatter too widely" in finding.heading


class TestWhatCannotBeTold:
    """A gate or a short series gives a sentence, and no number."""

    def test_a_blocked_change_has_no_number_of_its_own(self, opened: Open) -> None:
        hillingdon = opened("hillingdon")
        table = hillingdon.changes(["total_without_fraud"])
        groups = hillingdon.changes(hillingdon.offence_groups())
        findings = [
            changes.total_change(hillingdon, table),
            changes.group_changes(hillingdon, groups),
            changes.why(hillingdon, hillingdon.why()),
        ]
        for finding in findings:
            assert finding.certainty == "not known"
            assert "Heathrow" in finding.told
            assert "%" not in finding.heading
            # Only the numbers of the gate's own sentence.
            assert set(numbers(finding.told)) <= {2023.0, 2024.0, 470.0}

    def test_a_year_with_a_step_gives_neither_rank_nor_standing(self, opened: Open) -> None:
        cut = opened("hillingdon", "2024-12")
        level = levels.level(cut, cut.ranks())
        standing = levels.standing(cut, cut.funnel(), cut.similar_boroughs())
        harm = levels.harm(cut, cut.harm())
        assert level.certainty == standing.certainty == "not known"
        assert level.heading != standing.heading
        for finding in (level, standing):
            assert "Heathrow" in finding.told
        assert "of 32" not in harm.told

    def test_a_short_series_has_no_season(self, opened: Open) -> None:
        finding = changes.season(opened("harrow", "2013-03"), "total_without_fraud")
        assert "Too few years" in finding.heading
        assert finding.certainty == "not known"


class TestPlantedResults:
    """What a made-up result must be called."""

    @staticmethod
    def _row(**changed: object) -> pd.DataFrame:
        row = {
            "before_count": 1000,
            "after_count": 900,
            "change_count": -100,
            "change_pct": -10.0,
            "change_pct_lower": -15.0,
            "change_pct_upper": -5.0,
            "p_value": 0.0004,
            "is_significant": True,
            "is_small_count": False,
            "is_blocked": False,
            "note": "",
        }
        return pd.DataFrame([row | changed], index=["total_without_fraud"])

    def test_a_clear_fall_without_notes_is_of_high_certainty(self, opened: Open) -> None:
        finding = changes.total_change(opened(), self._row())
        assert finding.heading == "Recorded crime in Harrow fell 10.0% on the year before"
        assert finding.certainty == "high"
        assert finding.because.endswith("by chance fewer than once in 100")

    def test_a_recording_note_lowers_the_certainty(self, opened: Open) -> None:
        finding = changes.total_change(opened(), self._row(note="Recording changed."))
        assert finding.certainty == "moderate"
        assert "the section on breaks" in finding.told

    def test_a_change_within_chance_is_not_called_one(self, opened: Open) -> None:
        finding = changes.total_change(opened(), self._row(is_significant=False, p_value=0.31))
        assert finding.heading == "No clear change in Harrow's crime on the year before"
        assert finding.certainty == "moderate"
        assert finding.because.endswith("about 31 times in 100")

    @pytest.mark.parametrize(
        ("changes_of", "heading"),
        [
            ([], "No offence group changed by more than chance"),
            ([5], "One offence group rose; none fell beyond chance"),
            ([-5, -6], "Two offence groups fell; none rose beyond chance"),
            ([5, 6, -7], "Two offence groups rose and one fell"),
        ],
    )
    def test_movers_are_counted_by_direction(
        self, changes_of: list[int], heading: str, opened: Open
    ) -> None:
        groups = ["shoplifting", "arson", "weapons", "other_theft"]
        moves = [*changes_of, *[1] * (4 - len(changes_of))]
        table = pd.concat([self._row(change_count=move) for move in moves])
        table.index = pd.Index(groups)
        table["is_significant"] = [place < len(changes_of) for place in range(4)]
        finding = changes.group_changes(opened(), table)
        assert finding.heading == heading
        # Three of the four stepped across London in the year before; arson did not.
        assert finding.certainty == ("low" if len(changes_of) == 1 else "moderate")

    @pytest.mark.parametrize(
        ("low", "high", "heading"),
        [
            (1, 1, "Harrow has the lowest crime rate of 32 boroughs"),
            (32, 32, "Harrow has the highest crime rate of 32 boroughs"),
            (1, 4, "Harrow's crime rate: among the four lowest of 32 boroughs"),
            (30, 32, "Harrow's crime rate: among the three highest of 32 boroughs"),
            (5, 9, "Harrow's crime rate: 5th to 9th lowest of 32 boroughs"),
            (29, 30, "Harrow's crime rate: 3rd to 4th highest of 32 boroughs"),
        ],
    )
    def test_the_heading_claims_no_more_than_chance_leaves(
        self, low: int, high: int, heading: str, opened: Open
    ) -> None:
        harrow = opened()
        ranks = harrow.ranks()
        limits = ["rate_rank_lower", "rate_rank_upper"]
        ranks.loc[harrow.area.area_code, limits] = [low, high]
        assert levels.level(harrow, ranks).heading == heading

    def test_a_wide_interval_of_ranks_lowers_the_certainty(self, opened: Open) -> None:
        harrow = opened()
        ranks = harrow.ranks()
        limits = ["rate_rank", "rate_rank_lower", "rate_rank_upper"]
        ranks.loc[harrow.area.area_code, limits] = [5, 4, 7]
        assert levels.level(harrow, ranks).certainty == "high"
        ranks.loc[harrow.area.area_code, limits] = [5, 3, 7]
        assert levels.level(harrow, ranks).certainty == "moderate"

    @pytest.mark.parametrize(
        ("local", "heading"),
        [
            ((-50.0, -90.0, -10.0), "Harrow did better than London's trend explains"),
            ((50.0, 10.0, 90.0), "Harrow did worse than London's trend explains"),
            ((50.0, -10.0, 110.0), "Harrow's own part in the change could be chance"),
        ],
    )
    def test_the_local_part_is_told_apart_only_beyond_its_interval(
        self, local: tuple[float, float, float], heading: str, opened: Open
    ) -> None:
        split: ShiftShare = opened().why()
        total = split.total.copy()
        names = [f"local_effect_count{end}" for end in ("", "_lower", "_upper")]
        total[names] = list(local)

        finding = changes.why(opened(), replace(split, total=total))
        assert finding.heading == heading
        assert finding.certainty == "moderate"

    def test_a_name_with_markup_is_escaped_where_it_is_shown(self, opened: Open) -> None:
        nasty = replace(opened(), area=Area("E09000015", "<b>Harrow & Co</b>", "borough"))
        finding = levels.level(nasty, opened().ranks())
        for piece in (finding.title, finding.text):
            assert "<b>" not in piece.html
            assert "&lt;b&gt;Harrow &amp; Co&lt;/b&gt;" in piece.html


class TestHowSure:
    """Basis, gaps, revisions and breaks, in notes."""

    def test_the_basis_names_record_publications_and_last_month(self, opened: Open) -> None:
        text = quality.basis(opened()).plain
        assert "location basis" in text
        assert "June 2025 and April 2026, to May 2025" in text

    def test_no_month_is_missing_and_one_that_is_planted_is_named(self, opened: Open) -> None:
        harrow = opened()
        assert quality.gaps(harrow).plain == (
            "No month is missing from April 2010 to May 2025."
        )
        holed = harrow.offences.copy()
        lost = holed["month"].eq(pd.Timestamp("2016-07-01")) & holed["area_code"].eq(
            harrow.area.area_code
        )
        holed.loc[lost, "offence_count"] = pd.NA
        text = quality.gaps(replace(harrow, offences=holed)).plain
        assert text == "Missing months: July 2016. They are missing, not nought."

    def test_revisions_are_told_from_the_two_publications(self, opened: Open) -> None:
        told = quality.revisions(opened()).plain
        assert told.startswith("10 months are held in two publications; that of April 2026")
        early = quality.revisions(opened("harrow", "2013-03")).plain
        assert early == "No month is held in two publications, so revisions cannot be told."

    def test_the_unknown_borough_is_the_mean_of_the_latest_years_months(
        self, opened: Open, added_up: Add
    ) -> None:
        months = pd.period_range(*LATEST, freq="M").astype(str)
        everywhere = [*borough_codes(), "heathrow", "unknown"]
        shares = [
            100
            * added_up(["unknown"], "total", month, month)
            / added_up(everywhere, "total", month, month)
            for month in months
        ]
        told = numbers(quality.unknown_borough(opened()).plain)
        assert told[0] == pytest.approx(sum(shares) / 12, abs=0.051)
        assert told[2] == pytest.approx(max(shares), abs=0.051)
        assert "most in July 2024" in quality.unknown_borough(opened()).plain

    def test_each_break_is_told_once(self, opened: Open) -> None:
        texts = [piece.plain for piece in quality.breaks(opened("hillingdon"), "total")]
        assert len(texts) == len(set(texts))
        assert sum("Heathrow" in text for text in texts) == 1
        assert not any("Heathrow's" in p.plain for p in quality.breaks(opened(), "total"))
