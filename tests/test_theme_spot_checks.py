"""Sentences of the themes' findings, checked by hand against the files as published.

Drawn at random from the reports of five boroughs. Nothing of the package stands between a
published file and the number here: rows are read with the csv module, and picked by the
publisher's own names.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import pytest

from analysis.assessment import (
    Assessment,
    comparison,
    offenders,
    places,
    searches,
    surveys,
    victims,
)
from analysis.assessment import confidence as asked
from analysis.data.severity import load_severity_weights
from analysis.findings import comparison as compared
from analysis.findings import levels, public_confidence
from analysis.findings import offenders as offender_findings
from analysis.findings import places as place_findings
from analysis.findings import searches as searched
from analysis.findings import victims as victim_findings
from analysis.wording import MINUS, counted

pytestmark = pytest.mark.mirror

Open = Callable[..., Assessment]
Row = dict[str, str]
Rows = list[Row]
Read = Callable[[str], Rows]

LOCATION = "mps/borough_2010-04_2024-03.csv"
LOCATION_NEW = "mps/borough_2023-06_2025-05.csv"
SMALL_AREAS = "mps/lsoa_2023-08_2025-07.csv.gz"
WARDS = "context/lookups/lookup_lsoa21_ward24_ltla24.csv.gz"
DASHBOARD = "mps/monthly_crime_dashboard_2021-08_2025-07.csv.gz"
BUSINESS = "mps/business_crime_offences_2023-08_2025-07.csv.gz"
BY_TYPE = "police-uk/lsoa_by_type_2023-05_2025-05.csv.gz"
STOPS = "police-uk/stop_and_search_9_boroughs_2016-06_2024-08.csv.gz"
SURVEY = "mopac/pas_borough_2014-12_2023-12.csv"
RESIDENTS = "context/population/ons_borough_midyear_population_2019_2024.csv"
RESIDENTS_OLD = "context/population/gla_population_density_borough_1999_2050.csv"

OF_SHOPS = {"SHOPLIFTING", "THEFT FROM THE PERSON", "ROBBERY OF BUSINESS PROPERTY"}


@pytest.fixture(scope="module")
def published(mirror: Path) -> Read:
    held: dict[str, Rows] = {}

    def read(name: str) -> Rows:
        if name not in held:
            path = mirror / name
            opener = gzip.open if path.suffix == ".gz" else open
            with opener(path, "rt", encoding="utf-8-sig", newline="") as lines:
                held[name] = list(csv.DictReader(lines))
        return held[name]

    return read


@pytest.fixture(scope="module")
def project_list() -> Rows:
    """Which category of which list stands in which offence group."""
    path = Path(__file__).parents[1] / "data/reference/offence_groups.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def months(first: str, last: str) -> list[str]:
    """Months of a period, as ``202405``."""
    years = range(int(first[:4]), int(last[:4]) + 1)
    every = [f"{year}{month:02}" for year in years for month in range(1, 13)]
    return [each for each in every if first.replace("-", "") <= each <= last.replace("-", "")]


def add(rows: Iterable[Row], wanted: Collection[str]) -> int:
    return sum(int(row[month] or 0) for row in rows for month in wanted)


def is_no_fraud(row: Row) -> bool:
    return "FRAUD" not in row["MajorText"]


def small_areas(
    published: Read, borough: str, is_kept: Callable[[Row], bool]
) -> tuple[Counter[str], dict[str, str]]:
    """Offences of each small area in the year to July 2025, and the ward of each."""
    wards = {
        row["lsoa21_code"]: row["ward24_name"]
        for row in published(WARDS)
        if row["ltla24_name"] == borough
    }
    counts = Counter(dict.fromkeys(wards, 0))
    for row in published(SMALL_AREAS):
        if row["lsoa_code"] in wards and is_kept(row):
            counts[row["lsoa_code"]] += add([row], months("2024-08", "2025-07"))
    return counts, wards


@pytest.mark.parametrize(
    ("borough", "area_count", "total", "half"),
    [("Brent", 181, 31_147, 40), ("Redbridge", 164, 22_657, 37)],
)
def test_1_where_crime_gathers(
    borough: str, area_count: int, total: int, half: int, published: Read, opened: Open
) -> None:
    counts, _ = small_areas(published, borough, lambda row: True)
    falling = sorted(counts.values(), reverse=True)
    assert (len(falling), sum(falling)) == (area_count, total)
    assert sum(falling[:half]) * 2 >= total > sum(falling[: half - 1]) * 2

    def worst(share: float) -> str:
        places = int(share * area_count)
        areas = counted(places, "area").casefold()
        return f"({areas}) hold {100 * sum(falling[:places]) / total:.1f}%"

    rising = falling[::-1]
    weighed = sum((2 * place - area_count + 1) * n for place, n in enumerate(rising))
    assessment = opened(borough.casefold())
    told = place_findings.gathered(assessment, places.gathering(assessment, "total")).told
    assert f"Of {total:,} offences placed in {borough}'s {area_count} small areas" in told
    for share in (0.01, 0.05, 0.1):
        held = re.escape(f"he worst {100 * share:.0f}% {worst(share)}")
        assert re.search(rf"{held} \([\d.]+% if all ran the same risk\)", told)
    assert f"half of it is in {half} of them" in told
    gini = weighed / (area_count * total)
    assert f"where one place has all, is {gini:.2f} (" in told


def test_2_barnets_retail_areas_and_business_crime(published: Read, opened: Open) -> None:
    counts, wards = small_areas(
        published, "Barnet", lambda row: row["minor_category"] in OF_SHOPS
    )
    total = sum(counts.values())
    retail = [code for code in counts if counts[code] >= 3 * total / len(counts)]
    share = 100 * sum(counts[code] for code in retail) / total
    worst = max(retail, key=counts.__getitem__)
    year = {f"{month[:4]}-{month[4:]}" for month in months("2024-08", "2025-07")}
    marked: Counter[str] = Counter()
    for row in published(BUSINESS):
        is_fraud = "FRAUD" in row["crime_section"] + row["crime_group"]
        if row["borough"] == "Barnet" and row["date"][:7] in year and not is_fraud:
            marked[row["crime_group"]] += int(row["business_crime_offence_count"])
    assert (total, len(retail), sum(marked.values())) == (3_976, 20, 13_910)
    barnet = opened("barnet")
    told = place_findings.retail(
        barnet, places.retail_small_areas(barnet), places.business_crime(barnet)
    ).told
    assert f"Of {total:,} shoplifting, theft from the person and business robbery" in told
    assert f"{share:.1f}% lie in {len(retail)} small areas" in told
    assert f"lie in {wards[worst]} ({100 * counts[worst] / total:.1f}%)" in told
    (_, first), (_, second) = marked.most_common(2)
    parts = [f"{100 * each / sum(marked.values()):.0f}%" for each in (first, second)]
    assert f"shoplifting makes {parts[0]} and violence without injury {parts[1]}" in told


def test_3_anti_social_behaviour_in_brent_over_like_months(
    published: Read, opened: Open
) -> None:
    counts: Counter[str] = Counter()
    for row in published(BY_TYPE):
        if row["borough"] == "Brent" and row["category"] == "Anti-social behaviour":
            counts[row["month"].replace("-", "")] += int(row["crime_count"])
    after, before = (
        sum(counts[month] for month in months(*period))
        for period in (("2024-10", "2025-05"), ("2023-10", "2024-05"))
    )
    assert (after, before) == (6_535, 6_313)
    brent = opened("brent")
    figures = victims.victim_figures(brent)
    found = victims.subject(brent, figures, victims.ASB, victims.changes(brent, figures))
    told = victim_findings.nuisance(brent, found).told
    assert f"{after:,} incidents in October 2024 to May 2025 against {before:,}" in told
    assert f"+{100 * (after / before - 1):.1f}%" in told


def test_4_positive_outcomes_in_brent(published: Read, opened: Open) -> None:
    year = {f"{month[:4]}-{month[4:]}" for month in months("2024-08", "2025-07")}
    boroughs = {row["BoroughName"] for row in published(LOCATION_NEW)}
    counts: Counter[tuple[bool, str, str]] = Counter()
    for row in published(DASHBOARD):
        is_borough = row["area_type"] == "Borough" and row["borough_snt"] in boroughs
        if is_borough and row["month_year"][:7] in year:
            key = row["borough_snt"] == "Brent", row["crime_subtype"], row["measure"]
            counts[key] += int(float(row["count"]))
    brent = opened("brent")
    told = offender_findings.outcomes(brent, offenders.positive_outcomes(brent)).told
    for kind, own, others in (
        ("Domestic Abuse", "11.3 positive outcomes of domestic abuse", "10.2"),
        ("TNO Victim Based", "5.9 positive outcomes of crime with a victim", "5.5"),
    ):
        rates = [
            100 * counts[is_own, kind, "Positive Outcomes"] / counts[is_own, kind, "Offences"]
            for is_own in (True, False)
        ]
        assert own.startswith(f"{rates[0]:.1f} ") and others == f"{rates[1]:.1f}"
        assert own in told
        assert f"other boroughs {others})" in told.split(own)[1].split(" and ")[0]


def test_5_bexleys_searches_with_copied_rows_taken_out(published: Read, opened: Open) -> None:
    kept, copied = [], 0
    seen: set[tuple[str, ...]] = set()
    for row in published(STOPS):
        # August 2022 holds rows in fours and sixteens; elsewhere like rows are two people.
        fields = tuple(row.values())
        if row["file_month"] == "2022-08" and fields in seen:
            copied += 1
            continue
        seen.add(fields)
        if row["borough_by_point"] == "Bexley" and row["file_month"] >= "2022":
            kept.append(row)
    assert (len(kept), copied, len({row["file_month"] for row in kept})) == (5_757, 922, 31)
    shares = {}
    for group in ("White", "Asian", "Black", "Other"):
        own = [row for row in kept if row["Officer-defined ethnicity"] == group]
        acted = [row for row in own if "no further action" not in row["Outcome"].lower()]
        shares[group] = f"{100 * len(acted) / len(own):.1f}%"
    bexley = opened("bexley")
    told = searched.outcome_test(bexley, searches.searches(bexley)).told
    assert "Of 5,757 searches in Bexley, 2022 to 2024:" in told
    assert "31 months of these years are held." in told
    seen_by = told.split("By the officer's word, ")[1].split(";")[0]
    for group, share in shares.items():
        assert f"{group} {share}" in seen_by
    without = [row for row in kept if row["Officer-defined ethnicity"] not in shares]
    assert f"{len(without)} by the officer's word" in told


def test_6_the_lowest_rate_and_all_boroughs_since_the_year_at_100(
    published: Read, opened: Open
) -> None:
    newest: Counter[str] = Counter()
    first: Counter[str] = Counter()
    for row in filter(is_no_fraud, published(LOCATION_NEW)):
        newest[row["BoroughName"]] += add([row], months("2024-06", "2025-05"))
    for row in filter(is_no_fraud, published(LOCATION)):
        first[row["BoroughName"]] += add([row], months("2010-06", "2011-05"))
    now = {
        row["borough"]: int(row["population"])
        for row in published(RESIDENTS)
        if row["year"] == "2024" and row["borough"] in newest
    }
    then = {
        row["Name"]: int(row["Population"].replace(",", ""))
        for row in published(RESIDENTS_OLD)
        if row["Year"] == "2010"
    }
    assert len(now) == 32
    rates = {name: newest[name] / people for name, people in now.items()}
    lowest = min(rates, key=rates.__getitem__)
    redbridge = opened("redbridge")
    told = compared.safest(redbridge, comparison.standings(redbridge)).told
    assert f"{lowest} was lowest as recorded" in told
    assert f"with {1000 * rates[lowest]:.1f} offences" in told
    index = {name: 100 * rates[name] / (first[name] / then[name]) for name in rates}
    place = sorted(index, key=index.__getitem__).index("Redbridge") + 1
    course = comparison.index_since_first_year(comparison.rolling_rates(redbridge))
    told = compared.panels(redbridge, course).told
    assert place == 3
    assert (
        f"{index['Redbridge']:.0f} in Redbridge with the year to May 2011 as 100, "
        f"the {place}rd lowest of 32; lowest in Ealing ({index['Ealing']:.0f}), "
        f"highest in Westminster ({index['Westminster']:.0f})"
    ) in told


def test_7_redbridges_answers_over_five_years(published: Read, opened: Open) -> None:
    answers: dict[str, dict[str, tuple[float, float]]] = defaultdict(dict)
    for row in published(SURVEY):
        if row["Borough"] == "Redbridge":
            pair = 100 * float(row["Proportion"]), 100 * float(row["MPS"] or "nan")
            answers[row["Measure"]][row["Date"]] = pair
    moved = {
        measure: (
            round(held["12/31/2023"][0] - held["12/31/2018"][0]),
            round(held["12/31/2023"][1] - held["12/31/2018"][1]),
        )
        for measure, held in answers.items()
    }
    redbridge = opened("redbridge")
    survey = surveys.survey_of(redbridge)
    told = public_confidence.changes(
        redbridge, survey, asked.changes(survey), asked.changes(survey, 5), 5
    ).told
    for measure, words in (
        ("Listen to concerns", "listening to concerns"),
        ("Trust MPS", "trust in the Metropolitan Police"),
        ("Relied on to be there", "police being there when needed"),
        ("Treat everyone fairly", "police treating everyone fairly"),
        ("Informed local", "feeling informed"),
    ):
        assert f"{words} ({MINUS}{-moved[measure][0]} points)" in told
    own, london = moved['"Good Job" local']
    assert (own, london) == (-16, -15)
    assert f"do a good job moved by {MINUS}16 points (" in told
    assert f"London's by {MINUS}15: the borough moved by {MINUS}1 point " in told


def test_8_which_offences_make_redbridges_harm(
    published: Read, project_list: Rows, opened: Open
) -> None:
    # The weights are the project's own averages of the ONS's, handed in as they stand.
    weights = load_severity_weights().set_index("offence_group")["weight"].dropna().to_dict()
    group_of = {
        row["minor_category"]: row["offence_group"]
        for row in project_list
        if row["category_list"] == "location_2025"
    }
    counts: Counter[str] = Counter()
    for row in published(LOCATION_NEW):
        if row["BoroughName"] == "Redbridge" and group_of[row["MinorText"]] in weights:
            counts[group_of[row["MinorText"]]] += add([row], months("2024-06", "2025-05"))
    harm = {group: weights[group] * counts[group] for group in counts}
    top = sorted(harm, key=harm.__getitem__, reverse=True)[:3]
    assert top == ["rape", "violence_with_injury", "personal_robbery"]
    shares = [
        100 * sum(each[group] for group in top) / sum(each.values()) for each in (harm, counts)
    ]
    told = levels.harm(opened("redbridge"), opened("redbridge").harm()).told
    assert "rape, violence with injury and personal robbery make" in told
    assert (
        f"make {shares[0]:.0f}% of Redbridge's harm but {shares[1]:.0f}% of the offences"
    ) in told
    assert [round(each) for each in shares] == [53, 12]


def test_9_hillingdons_rape_is_compared_over_the_months_that_are_named(
    published: Read, opened: Open
) -> None:
    counts: Counter[str] = Counter()
    for name, period in (
        (LOCATION, ("2023-06", "2024-03")),
        (LOCATION_NEW, ("2024-04", "2025-05")),
    ):
        for row in published(name):
            if row["BoroughName"] == "Hillingdon" and row["MinorText"] == "RAPE":
                for month in months(*period):
                    counts[month] += int(row[month] or 0)
    whole, part = (
        100
        * (sum(counts[m] for m in months(*after)) / sum(counts[m] for m in months(*before)) - 1)
        for after, before in (
            (("2024-06", "2025-05"), ("2023-06", "2024-05")),
            (("2025-03", "2025-05"), ("2024-03", "2024-05")),
        )
    )
    # Until March 2024 Heathrow's offences were counted apart, so only three months are alike.
    assert (f"{whole:.1f}", f"{part:.1f}") == ("46.2", "23.5")
    hillingdon = opened("hillingdon")
    figures = victims.victim_figures(hillingdon)
    changes = victims.changes(hillingdon, figures)
    found = victims.subject(hillingdon, figures, victims.SEXUAL, changes)
    assert found is not None
    told = victim_findings.sexual(
        hillingdon, found, victims.standing_of(hillingdon, found), changes
    ).told
    assert "On the year before" not in told
    assert (
        "In March 2025 to May 2025, against the same months a year before: "
        f"rape +{part:.1f}% (95% interval"
    ) in told
