"""With every template filled, the notebooks show the records and refuse none. All made up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.data.partner import describe_partner_table, load_partner_table, partner_tables
from analysis.findings.finding import Piece
from analysis.project import project_root

pytestmark = pytest.mark.slow

HARROW = "E09000015"
ROOT = project_root()
MONTHS = pd.period_range("2023-06", "2025-05", freq="M").astype(str).tolist()
KEYS = [f"made-up-{number}" for number in range(150)]
rng = np.random.default_rng(20_251)


def choices(name: str, column: str) -> list[str]:
    return describe_partner_table(name).columns[column].choices


def days(count: int) -> list[str]:
    every = pd.date_range("2023-06-01", "2025-05-31").strftime("%Y-%m-%d").tolist()
    return rng.choice(every, count).tolist()


def grid(columns: dict[str, Iterable[str]], **counts: tuple[int, int]) -> pd.DataFrame:
    table = pd.DataFrame(product(*columns.values()), columns=list(columns))
    for column, (low, high) in counts.items():
        table[column] = rng.integers(low, high, len(table))
    return table


def counts_by_month(name: str) -> pd.DataFrame:
    return grid({"month": MONTHS, "measure": choices(name, "measure")}, person_count=(4, 40))


def made_up() -> dict[str, pd.DataFrame]:
    """A table for every template, of no one."""
    by_month = [
        name
        for name, about in partner_tables().items()
        if list(about.columns) == ["month", "measure", "person_count"]
    ]
    groups = ["total", "personal_robbery", "violence_with_injury"]
    ages = choices("victim_counts", "age_band")
    needs = [
        column
        for column, about in describe_partner_table("offender_cohort").columns.items()
        if about.choices == ["yes", "no"]
    ]
    kinds = rng.choice(["crime", "asb"], 400)
    entered = pd.Series(days(90)).str.replace("2025", "2023")
    return {
        **{name: counts_by_month(name) for name in by_month},
        "victim_counts": grid(
            {
                "month": MONTHS,
                "offence_group": groups,
                "sex": choices("victim_counts", "sex"),
                "age_band": ages,
            },
            person_count=(0, 60),
        ),
        "victim_records": pd.DataFrame(
            {
                "victim_key": rng.choice(KEYS, 400),
                "date": days(400),
                "kind": kinds,
                "offence_group": np.where(kinds == "crime", "criminal_damage", ""),
            }
        ),
        "burglary_records": pd.DataFrame(
            {
                "date": days(400),
                "easting": rng.integers(512_000, 518_000, 400),
                "northing": rng.integers(185_000, 192_000, 400),
            }
        ),
        "resident_priorities": grid(
            {"month": ["2025-03"], "topic": ["residential_burglary", "anti_social_behaviour"]},
            respondent_count=(300, 400),
            agree_count=(50, 200),
        ),
        "engagement_survey": grid(
            {
                "month": ["2024-03", "2025-03"],
                "question": choices("engagement_survey", "question"),
                "ward": [""],
                "is_weighted": ["no"],
            },
            respondent_count=(300, 400),
            agree_count=(50, 200),
        ),
        "offender_cohort": pd.DataFrame(
            {
                "person_key": KEYS[:90],
                "cohort": "integrated offender management",
                "entered_on": entered,
                **{need: rng.choice(["yes", "no"], 90) for need in needs},
            }
        ),
        "offender_reoffences": pd.DataFrame(
            {
                "person_key": rng.choice(KEYS[:90], 300),
                "offence_date": days(300),
                "offence_group": "shoplifting",
            }
        ),
        "adult_reoffending": pd.DataFrame(
            {
                "cohort_end": ["2022-03", "2023-03"],
                "offender_count": [900, 880],
                "reoffender_count": [250, 240],
                "reoffence_count": [1000, 940],
            }
        ),
        "ethnic_population": grid(
            {"ethnic_group": choices("ethnic_population", "ethnic_group")},
            population_count=(20_000, 90_000),
        ),
    }


@pytest.fixture
def records(small_project: Path) -> Path:
    """A project of its own in which every table of Harrow's partnership is loaded."""
    for folder in ("figures", "templates"):
        (small_project / "data" / folder).symlink_to(ROOT / "data" / folder)
    place = small_project / "data/partner" / HARROW
    place.mkdir(parents=True)
    for name, table in made_up().items():
        columns = list(describe_partner_table(name).columns)
        table[columns].to_csv(place / f"{name}.csv", index=False)
    return place


def test_a_made_up_table_stands_for_every_template(records: Path) -> None:
    assert {path.stem for path in records.glob("*.csv")} == set(partner_tables())
    for name in partner_tables():
        table = load_partner_table(name, HARROW)
        assert table is not None
        assert len(table)


@pytest.mark.parametrize(
    "notebook",
    [
        "protecting_victims",
        "reducing_reoffending",
        "safer_locations",
        "public_confidence",
        "strategic_assessment",
    ],
)
def test_every_section_shows_the_records_and_no_key(
    records: Path, notebook: str, shown: Callable[..., list[object]]
) -> None:
    said = shown(notebook, "harrow")
    pieces = [each for each in said if isinstance(each, Piece)]
    missing = [
        each.plain
        for each in pieces
        if each.role == "finding" and "data/templates/" in each.plain
    ]
    assert not missing
    everything = " ".join(getattr(each, "html", "") or repr(each) for each in said)
    assert "made-up-" not in everything
