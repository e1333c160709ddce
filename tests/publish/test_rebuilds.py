"""What a rebuilding changed is told with what it was made from, and only what differs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from analysis.publish.contents import read_contents
from analysis.publish.ledger import ReportRow
from analysis.publish.plan import PlannedReport, ReportJob
from analysis.publish.rebuilds import Rebuild, describe_rebuild

MakeRow = Callable[..., ReportRow]
MakePage = Callable[..., str]
HARROW = "E09000015"
CRIME = "Group,n\nArson,7\n"


@pytest.fixture
def planned() -> PlannedReport:
    """Harrow's report, asked for as of December."""
    job = ReportJob(HARROW, "own", {"borough": HARROW, "as_of": "2024-12"})
    parts = {"program": "b", "parameters": "y", "lock": "l"}
    return PlannedReport(job, parts, "parameters changed")


@pytest.fixture
def before(make_row: MakeRow) -> ReportRow:
    """The row of the report that stands: the same but for the parameters."""
    parts = '{"program": "b", "parameters": "x", "lock": "l"}'
    params = f'{{"borough": "{HARROW}", "plan": "harrow_2013-17"}}'
    return make_row(HARROW, "own", parts=parts, params=params)


def test_a_report_that_was_not_there_has_nothing_to_compare(
    planned: PlannedReport, make_page: MakePage
) -> None:
    rebuild, contents = describe_rebuild(planned, ("", make_page(a=CRIME)), None, "0.1.0")
    assert rebuild == Rebuild("parameters changed")
    assert contents.tables[0].csv == CRIME


def test_parameters_asked_otherwise_are_told_with_their_values(
    planned: PlannedReport, before: ReportRow, make_page: MakePage
) -> None:
    pages = (make_page(a=CRIME), make_page(a=CRIME.replace("7", "8")))
    rebuild, _ = describe_rebuild(planned, pages, (before, "0.1.0"), "0.1.0")
    assert rebuild.parameters == (
        ("plan", "harrow_2013-17", "not given"),
        ("as_of", "not given", "2024-12"),
    )
    assert rebuild.is_only_asked_otherwise
    assert rebuild.page is not None
    assert rebuild.page.numbers_changed == 1


@pytest.mark.parametrize(
    ("parts", "version"),
    [('{"program": "a", "parameters": "x", "lock": "l"}', "0.1.0"), ("", "0.0.9")],
)
def test_another_program_or_version_is_more_than_another_question(
    parts: str, version: str, planned: PlannedReport, before: ReportRow, make_page: MakePage
) -> None:
    row = replace(before, parts=parts or before.parts)
    page = make_page(a=CRIME)
    rebuild, _ = describe_rebuild(planned, (page, page), (row, version), "0.1.0")
    assert not rebuild.is_only_asked_otherwise


def test_where_the_page_is_gone_what_it_said_is_compared(
    planned: PlannedReport, before: ReportRow, make_page: MakePage
) -> None:
    kept = read_contents(make_page(a=CRIME)).packed()
    pages = ("", make_page(a=CRIME.replace("7", "8")))
    rebuild, _ = describe_rebuild(planned, pages, (before, "0.1.0"), "0.1.0", kept=kept)
    assert rebuild.page is not None
    assert rebuild.page.numbers_changed == 1


def test_a_page_without_a_ledger_is_still_compared(
    planned: PlannedReport, make_page: MakePage
) -> None:
    pages = (make_page(a=CRIME), make_page(a=CRIME.replace("7", "8")))
    rebuild, _ = describe_rebuild(planned, pages, None, "0.1.0")
    assert rebuild.page is not None
    assert rebuild.page.numbers_changed == 1
    assert (rebuild.parts, rebuild.parameters) == ("", ())


def test_a_rebuild_comes_back_from_json_as_it_went_in(
    planned: PlannedReport, before: ReportRow, make_page: MakePage
) -> None:
    pages = (make_page(("It fell", "So.", "low"), a=CRIME), make_page(a="Group,n\nRape,7\n"))
    rebuild, _ = describe_rebuild(planned, pages, (before, "0.0.9"), "0.1.0")
    assert Rebuild.from_json(rebuild.as_json()) == rebuild
    assert Rebuild.from_json(Rebuild("new").as_json()) == Rebuild("new")
