"""What would refuse every report is refused before any of them is begun."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.errors import AnalysisError, DataContractError, ParamsError
from analysis.publish.door import refuse_at_the_door
from analysis.publish.plan import PlannedReport, ReportJob, Selection, plan_reports, select_jobs
from analysis.publish.run import RunOutcome, run_reports

Write = Callable[..., Path]

OPENING = "from analysis.assessment import Assessment\nAssessment.open(borough)"


@pytest.fixture
def no_report_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    def begun(*given: object) -> None:
        raise AssertionError("a report was begun")

    monkeypatch.setattr("analysis.publish.run.built_reports", begun)


@pytest.fixture
def with_figures(small_project: Path) -> Path:
    """The small project with the figures; gives their folder."""
    embedded = Path(__file__).parents[2] / "data/figures"
    return Path(shutil.copytree(embedded, small_project / "data/figures"))


@pytest.mark.usefixtures("no_report_begins")
@pytest.mark.parametrize(
    ("params", "kind", "told"),
    [
        ({"as_of": "2030-01"}, ParamsError, "as_of 2030-01: the figures end in"),
        ({"published_by": "2024-01"}, DataContractError, "published by 2024-01; held: 2025-06"),
        ({"as_of": "2011-01"}, DataContractError, "2011-01"),
        ({"horizon": "2012-03"}, ParamsError, "horizon 2012-03 is not between"),
        (
            {"base": "2015-04..2016-03", "horizon": "2019-03"},
            ParamsError,
            "horizon 2019-03",
        ),
        ({"base": "1999-04..2000-03"}, DataContractError, "1999-04..2000-03"),
        ({"rule": "points=13"}, ParamsError, "points"),
    ],
)
def test_a_cut_or_target_that_cannot_be_had_is_refused_with_its_own_kind(
    params: dict[str, object], kind: type[AnalysisError], told: str, tmp_path: Path
) -> None:
    out = tmp_path / "reports"
    selection = Selection(("harrow", "barnet"), ("targets",), params)
    said: list[str] = []
    with pytest.raises(kind, match=told):
        run_reports(plan_reports(select_jobs(selection), out), out, tell=said.append)
    assert (said, out.exists()) == ([], False)


@pytest.mark.usefixtures("no_report_begins")
def test_figures_edited_by_hand_are_refused(
    write_notebook: Write, with_figures: Path, tmp_path: Path
) -> None:
    write_notebook("own", OPENING)
    with (with_figures / "population.csv").open("a") as table:
        table.write("\n")
    planned = plan_reports(select_jobs(Selection(("harrow",))), tmp_path / "reports")
    with pytest.raises(DataContractError, match=r"population\.csv: not the file") as refused:
        run_reports(planned, tmp_path / "reports")
    assert refused.value.exit_code == 3


@pytest.mark.usefixtures("no_report_begins")
def test_a_plan_that_cannot_be_read_is_refused(
    write_notebook: Write, with_figures: Path, small_project: Path, tmp_path: Path
) -> None:
    write_notebook("own", OPENING)
    (small_project / "params/plans/harrow_2013-17.yml").write_text("name: [")
    planned = plan_reports(select_jobs(Selection(("harrow",))), tmp_path / "reports")
    with pytest.raises(ParamsError, match="harrow_2013-17"):
        run_reports(planned, tmp_path / "reports")


def test_without_a_cut_nothing_is_opened_and_up_to_date_reports_cost_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refused(*given: object, **options: object) -> None:
        raise AssertionError("opened")

    job = ReportJob("E09000015", "targets", {"borough": "E09000015"})
    monkeypatch.setattr("analysis.assessment.Assessment.open", refused)
    refuse_at_the_door([job])
    monkeypatch.setattr("analysis.publish.door.check_figures", refused)
    planned = [PlannedReport(ReportJob(job.area_code, "targets", {"as_of": "2030-01"}), {}, "")]
    assert run_reports(planned, tmp_path / "reports") == RunOutcome(0, ())


def test_a_cut_is_opened_once_for_all_boroughs_and_notebooks_that_share_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from analysis.assessment import Assessment

    opened = []
    real = Assessment.open

    def counted(borough: str, **cut: str | None) -> Assessment:
        opened.append(cut)
        return real(borough, **cut)

    monkeypatch.setattr(Assessment, "open", counted)
    params = {"as_of": "2025-03"}
    jobs = select_jobs(Selection(("all",), ("strategic_assessment",), params))
    refuse_at_the_door(jobs)
    assert [cut["as_of"] for cut in opened] == ["2025-03"]


def test_a_notebook_that_opens_no_assessment_needs_no_figures(
    write_notebook: Write, small_project: Path
) -> None:
    write_notebook("own", "1 + 1")
    refuse_at_the_door(select_jobs(Selection(("harrow",))))
    write_notebook("own", OPENING)
    with pytest.raises(DataContractError, match="no figures here"):
        refuse_at_the_door(select_jobs(Selection(("harrow",))))
