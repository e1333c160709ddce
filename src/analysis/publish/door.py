"""What would refuse every report is asked once, before any notebook runs.

A notebook that opens an assessment would find the same fault as each of its siblings, some
seconds of kernel later, and the run would end as if reports had failed that could be tried
again. Here the fault keeps its own kind, and with it its own exit code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from analysis.data.figures import check_figures
from analysis.params.plans import load_plan
from analysis.params.runs import load_borough_params, load_defaults
from analysis.publish.parameters import values_in_use
from analysis.publish.plan import ReportJob, notebook_path, read_cells

_OPENING = "Assessment.open("
_CUT = ("as_of", "published_by", "plan")
_TARGET = ("measure", "rule", "base", "horizon", "per")


def refuse_at_the_door(jobs: Iterable[ReportJob]) -> None:
    """Refuse what the figures, the plans and the cuts asked for would refuse.

    Parameters
    ----------
    jobs : iterable of ReportJob
        Reports about to be built. Those whose notebook opens no assessment are left alone;
        without a cut or a target of the reader's own nothing is opened here either, only
        the figures' checksums and the plans are read.

    Raises
    ------
    ParamsError
        If a plan cannot be read, or a cut or target asked for cannot be had.
    DataContractError
        If a figure is not as compiled, or too little is held for a cut.
    """
    jobs = list(jobs)
    cells = {name: read_cells(notebook_path(name)) for name in {job.notebook for job in jobs}}
    opening = [job for job in jobs if _opens(cells[job.notebook])]
    if not opening:
        return
    check_figures()
    _check_plans(opening)
    asked: dict[str, tuple[ReportJob, dict[str, object]]] = {}
    for job in opening:
        if any(job.params.get(name) for name in (*_CUT, *_TARGET)):
            values = {**values_in_use(cells[job.notebook]), **job.params}
            # What is refused for one borough is refused for all: one of them is opened.
            asked.setdefault(repr({**values, "borough": ""}), (job, values))
    for job, values in asked.values():
        _check_cut_and_target(job.area_code, values)


def _opens(cells: Iterable[Mapping[str, Any]]) -> bool:
    return any(cell["cell_type"] == "code" and _OPENING in cell["source"] for cell in cells)


def _check_plans(jobs: Iterable[ReportJob]) -> None:
    defaults = load_defaults()
    names = set()
    for area_code, plan in {(job.area_code, job.params.get("plan")) for job in jobs}:
        load_borough_params(area_code)
        names.add(str(plan or defaults.plan_for(area_code) or ""))
    for name in sorted(names - {""}):
        load_plan(name)


def _check_cut_and_target(area_code: str, values: Mapping[str, object]) -> None:
    # Takes seconds to import; most runs ask for no cut of their own.
    from analysis.assessment import Assessment, target_choice, target_report

    given = {name: str(values.get(name) or "") for name in (*_CUT, *_TARGET)}
    cut = {name: given[name] or None for name in _CUT}
    assessment = Assessment.open(area_code, **cut)
    own = {name: given[name] for name in _TARGET}
    if not any(own.values()):
        return
    target = target_report.asked_target(assessment, **own)
    period = target.base_period
    target_choice.requirement(assessment, target, (period.first, period.last))
    del own["per"]
    target_report.asked_surveys(assessment, **own)
