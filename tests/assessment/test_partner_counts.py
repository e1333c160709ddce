"""Counts of the partnership's own: whole years, hidden small counts. All made up."""

from collections.abc import Callable

import pandas as pd
import pytest

from analysis.assessment import partner_counts as module
from analysis.assessment.partner_counts import partner_counts
from analysis.findings import loading


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def load(table: pd.DataFrame | None) -> None:
        monkeypatch.setattr(module, "load_partner_table", lambda name, code: table)

    return load


def months(first: str, count: int, measure: str, each: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "month": pd.date_range(first, periods=count, freq="MS"),
            "measure": measure,
            "person_count": pd.array([each] * count, dtype="Int64"),
        }
    )


def test_a_year_that_is_not_whole_has_no_count_and_small_counts_are_hidden(
    opened: Callable, made_up: Callable[..., None]
) -> None:
    made_up(
        pd.concat(
            [
                months("2024-01", 12, "a", 3),
                months("2023-06", 7, "a", 3),
                months("2024-01", 12, "b", 1).assign(person_count=[1] + [0] * 11),
                months("2024-01", 12, "c", 9),
            ]
        )
    )
    loaded = partner_counts(opened(), "gangs")
    assert loaded is not None
    table = loaded.table.set_index(["year_ending", "measure"])
    newest, before = pd.Timestamp("2024-12-01"), pd.Timestamp("2023-12-01")
    # b is one person: hidden, and with it a (36), the next smallest, or a sum gives it back.
    assert table.loc[(newest, "b"), "is_suppressed"]
    assert table.loc[(newest, "a"), "is_suppressed"]
    assert table.loc[(newest, "c"), "person_count"] == 108
    assert table.loc[(before, "a"), "months_held"] == 7
    assert pd.isna(table.loc[(before, "a"), "person_count"])
    said = loading.counts(opened(), loaded).sentence
    assert "b: too few to show" in said
    assert "c: 108" in said


def test_what_is_not_loaded_is_none_and_is_said_with_who_holds_it(
    opened: Callable, made_up: Callable[..., None]
) -> None:
    made_up(None)
    assert partner_counts(opened(), "gangs") is None
    said = loading.records_not_loaded(opened(), "gangs")
    assert said.certainty == "not known"
    assert "held by the Metropolitan Police" in said.sentence
    assert "data/templates/README.md says how" in said.sentence
    assert ".csv" not in said.sentence
    assert "does not mean none" in said.sentence


def test_months_after_the_cut_are_not_seen(
    opened: Callable, made_up: Callable[..., None]
) -> None:
    made_up(months("2019-01", 36, "a", 10))
    loaded = partner_counts(opened("harrow", "2020-12"), "gangs")
    assert loaded is not None
    assert loaded.table["year_ending"].max() == pd.Timestamp("2020-12-01")
    made_up(months("2021-01", 12, "a", 10))
    assert partner_counts(opened("harrow", "2020-12"), "gangs") is None


def test_a_published_file_that_is_not_loaded_names_its_publisher_and_no_command() -> None:
    said = loading.source_not_loaded("mps_ward_2023_2025", "Wards are not loaded")
    assert "(published by Metropolitan Police Service)" in said.sentence
    assert "Not loaded here" in said.sentence
    assert "docs/data-sources.md says how" in said.sentence
    assert "csp data" not in said.sentence
