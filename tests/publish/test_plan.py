"""What must run and why, and what is refused before anything runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.errors import ParamsError
from analysis.publish.ledger import Ledger, ReportRow
from analysis.publish.manifest import file_sha256
from analysis.publish.plan import PlannedReport, Selection, plan_reports, select_jobs

Write = Callable[..., Path]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    return folder


@pytest.fixture
def one_report(write_notebook: Write, out: Path) -> Callable[[], PlannedReport]:
    """Harrow's ``own`` report, done and in the ledger; gives how it is planned."""
    write_notebook("own", "1 + 1", parameters='borough: str = "harrow"\nyears: int = 3')
    selection = Selection(("harrow",), ("own",))

    def planned() -> PlannedReport:
        return plan_reports(select_jobs(selection), out)[0]

    record(planned(), out)
    return planned


def record(one: PlannedReport, out: Path, status: str = "done") -> None:
    for ending in (".html", ".ipynb"):
        one.job.place(out, ending).parent.mkdir(exist_ok=True)
        one.job.place(out, ending).write_text(ending)
    ledger = Ledger(out)
    ledger.begin_run({}, "0", "")
    row = ReportRow(
        area_code=one.job.area_code,
        notebook=one.job.notebook,
        status=status,
        content_key=one.content_key,
        parts=json.dumps(dict(one.parts)),
        params=json.dumps(dict(one.job.params)),
        output_sha256=file_sha256(one.job.place(out)),
        notebook_sha256=file_sha256(one.job.place(out, ".ipynb")),
        started="",
        finished="",
        seconds=1.0,
        peak_memory_mb=None,
        warnings="",
        error="",
        title="",
        headline="",
        certainty="",
        vintage="",
    )
    ledger.record(row)
    ledger.close()


def test_a_report_that_was_never_built_must_run(write_notebook: Write, out: Path) -> None:
    write_notebook("own")
    planned = plan_reports(select_jobs(Selection(("harrow",), ("own",))), out)
    assert [one.reason for one in planned] == ["not built yet"]
    assert not list(out.iterdir())


def test_a_report_of_the_same_parts_is_left_alone(
    one_report: Callable[[], PlannedReport],
) -> None:
    assert one_report().reason == ""


def test_each_thing_that_changes_is_the_reason(
    one_report: Callable[[], PlannedReport], small_project: Path, write_notebook: Write
) -> None:
    (small_project / "requirements.lock").write_text("click==8.1.8\n")
    assert one_report().reason == "locked packages changed"
    (small_project / "data/figures").mkdir()
    (small_project / "data/figures/population.csv").write_text("a\n1\n")
    assert one_report().reason == "figures changed, locked packages changed"
    write_notebook("own", "1 + 2")
    assert one_report().reason.startswith("notebook changed, figures changed")


def test_line_ends_of_another_system_are_no_change(
    one_report: Callable[[], PlannedReport], small_project: Path
) -> None:
    defaults = small_project / "params/defaults.yml"
    defaults.write_bytes(defaults.read_bytes().replace(b"\n", b"\r\n"))
    assert one_report().reason == ""


def test_outputs_left_in_the_notebook_are_no_change(
    one_report: Callable[[], PlannedReport], small_project: Path
) -> None:
    path = small_project / "notebooks/own.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"][2]["execution_count"] = 7
    path.write_text(json.dumps(notebook))
    assert one_report().reason == ""


def test_a_report_that_was_altered_or_lost_must_run(
    one_report: Callable[[], PlannedReport], out: Path
) -> None:
    page = one_report().job.place(out)
    page.write_text("by hand")
    assert one_report().reason == "own.html was altered"
    page.unlink()
    assert one_report().reason == "own.html is missing"


def test_other_parameters_make_another_report(
    one_report: Callable[[], PlannedReport], out: Path
) -> None:
    jobs = select_jobs(Selection(("harrow",), ("own",), {"years": "5"}))
    assert plan_reports(jobs, out)[0].reason == "parameters changed"
    assert jobs[0].params == {"borough": "E09000015", "years": 5}


def test_a_report_that_failed_last_must_run_again(
    one_report: Callable[[], PlannedReport], out: Path
) -> None:
    record(one_report(), out, status="failed")
    assert one_report().reason == "failed last time"


def test_all_boroughs_are_thirty_two(write_notebook: Write) -> None:
    write_notebook("own")
    assert len(select_jobs(Selection(("all",), ("own",)))) == 32


def test_a_scratch_notebook_of_jupyterlab_is_not_built(write_notebook: Write) -> None:
    write_notebook("own")
    write_notebook("Untitled1", parameters="")
    jobs = select_jobs(Selection(("harrow",), ("all",)))
    assert [job.notebook for job in jobs] == ["own"]


def test_without_selection_the_defaults_and_every_notebook_are_meant(
    write_notebook: Write,
) -> None:
    write_notebook("own")
    write_notebook("other")
    assert [job.name for job in select_jobs(Selection())] == [
        ("E09000015", "other"),
        ("E09000015", "own"),
        ("E09000016", "other"),
        ("E09000016", "own"),
    ]


@pytest.mark.parametrize(
    ("selection", "told"),
    [
        (Selection(("Camdem",)), r"no borough 'Camdem'\. Did you mean 'Camden'"),
        (Selection(("heathrow",)), "(?i)heathrow"),
        (Selection(("London",)), "London: 'London' is not a borough"),
        (Selection(("harrow",), ("onw",)), r"no notebook 'onw'\. Did you mean 'own'\?"),
        (Selection(params={"as_off": "x"}), "has no parameter 'as_off'"),
        (Selection(params={"years": "many"}), "parameter 'years' is 'many'"),
        (Selection(params={"borough": "barnet"}), "name the borough with --borough"),
        (Selection(("harrow",), run_file="x.yml"), "x.yml says what to build"),
    ],
)
def test_what_does_not_exist_is_refused_before_anything_runs(
    selection: Selection, told: str, write_notebook: Write
) -> None:
    write_notebook("own", parameters='borough: str = "harrow"\nyears: int = 3')
    with pytest.raises(ParamsError, match=told):
        select_jobs(selection)


def test_a_parameter_that_one_of_the_notebooks_lacks_is_refused(write_notebook: Write) -> None:
    write_notebook("own", parameters='borough: str = "harrow"\nyears: int = 3')
    write_notebook("other")
    with pytest.raises(ParamsError, match=r"notebooks/other\.ipynb has no parameter 'years'"):
        select_jobs(Selection(params={"years": "3"}))


def test_a_notebook_without_parameters_cell_is_refused(
    write_notebook: Write, small_project: Path
) -> None:
    path = write_notebook("own")
    notebook = json.loads(path.read_text())
    notebook["cells"][1]["metadata"] = {}
    path.write_text(json.dumps(notebook))
    with pytest.raises(ParamsError, match="no cell tagged 'parameters'"):
        select_jobs(Selection(notebooks=("own",)))


def test_a_file_that_is_no_notebook_is_refused(small_project: Path) -> None:
    (small_project / "notebooks/own.ipynb").write_text("<html>")
    with pytest.raises(ParamsError, match=r"notebooks/own\.ipynb: not a notebook"):
        select_jobs(Selection(notebooks=("own",)))


def test_a_run_file_says_what_to_build(write_notebook: Write, small_project: Path) -> None:
    write_notebook("own", parameters='borough: str = "harrow"\nas_of: str | None = None')
    file = small_project / "params/runs/two.yml"
    file.write_text("runs:\n- boroughs: [barnet]\n  notebooks: [own]\n  as_of: 2024-12\n")
    jobs = select_jobs(Selection(run_file=str(file)))
    assert [(job.name, job.params) for job in jobs] == [
        (("E09000003", "own"), {"borough": "E09000003", "as_of": "2024-12"})
    ]


def test_a_report_is_built_again_when_partner_records_come(
    one_report: Callable[[], PlannedReport], small_project: Path
) -> None:
    records = small_project / "data/partner/E09000015"
    records.mkdir(parents=True)
    (records / "gangs.csv").write_text("month,measure,person_count\n")
    assert one_report().reason == "partner records changed"


def test_a_report_is_built_again_when_a_finer_published_file_comes(
    one_report: Callable[[], PlannedReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = "analysis.publish.manifest.held_sources"
    monkeypatch.setattr(held, lambda: ["mps_ward_2023_2025"])
    assert one_report().reason == "published files loaded beside the figures changed"
