"""Valid starts: a notebook that runs, a borough's file that changes nothing, a plan to fill.

Each is right as it is written, so that an analyst begins from something that works and takes
out what is not theirs. Nothing is written over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.assessment import Assessment
from analysis.errors import ParamsError
from analysis.params.areas import area_name, borough_codes
from analysis.params.fields import area_slug, report_borough
from analysis.params.notebooks import NotebookParams
from analysis.params.plans import STATUTORY_ITEMS
from analysis.params.runs import load_defaults
from analysis.project import project_root
from analysis.publish.anatomy import anatomy_faults
from analysis.publish.untold import HOW_SURE

_NOTEBOOK_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PLAN_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")

_IMPORTS = """\
from IPython.display import display

from analysis.assessment import Assessment
from analysis.charts import strategic as charts
from analysis.findings import changes, quality
from analysis.findings.finding import section"""
_LOAD = """\
assessment = Assessment.open(borough, as_of=as_of, plan=plan, published_by=published_by)
assessment"""
_SAYS = "Which offence groups moved by more than chance explains, with many looked at together."
_SECTION = """\
groups = assessment.changes(assessment.offence_groups())
movers = changes.group_changes(assessment, groups)
display(movers.title, *charts.changes(assessment, groups, movers.heading), movers.text)"""
_SURE = f"""\
display(section("{HOW_SURE}"), quality.basis(assessment), quality.gaps(assessment))
display(*quality.breaks(assessment, "total"), quality.unknown_borough(assessment))"""
# A section is a sentence that introduces it, then heading, chart, table and sentence.

_BOROUGH = """\
# yaml-language-server: $schema=../schema/borough.schema.json
# What is special to {name}. Nothing changes until a line below loses its '# '.
borough: {written}

# Boroughs to compare with in place of the computed ones, and why these:
# similar_boroughs: [{similar}]
# similar_because: The boroughs that the partnership's plan compares itself with.

# A sentence for the section on how sure we are:
# note: The borough's own records are not in these figures.
"""

_PLAN = """\
# yaml-language-server: $schema=../schema/plan.schema.json
# A start: replace every text below by what the published plan says. Keys that the plan says
# nothing on may be left out. params/plans/harrow_2013-17.yml is a plan in full.
title: Community Safety Plan
partnership: Safer {name}
borough: {written}
period: {{from: {first}, to: {last}}}
aim: What the plan sets out to do, in one sentence.
source: {{document: "Title, publisher and date of the published plan"}}

# A priority names what shows it: 'measures' (offence groups, as csp figures takes them),
# 'subjects' (other figures held), or in 'not_measured' why no figure held does.
themes:
  - name: burglary
    label: Burglary
    priorities:
      - name: burglary_of_homes
        label: Burglary of homes
        measures: [residential_burglary]
        source: {{document: "Page of the plan"}}

# What each target depends on: what is counted (measure), on which record (basis, offence
# list), from when (base_period), how it is set (rule: percent, level, rank, parity, points),
# by when (horizon), and whether it is a yearly figure (per: year) or one for the whole
# period (per: whole). What the plan's own words leave open goes into 'assumed'.
targets:
  - name: burglary_of_homes_20_percent
    label: Burglary of homes down by a fifth
    measure: residential_burglary
    base_period: {{from: {base_first}, to: {base_last}}}
    rule: percent
    percent: 20
    horizon: {last}
    per: year
    assumed: [base_period, horizon]
    assumed_because: An example; take 'assumed' out, or name what the plan leaves open.
    source: {{document: "Page of the plan", quote: the words of the target}}

# What a partnership plan must set out (SI 2007/1830). Write under 'held' what the text holds;
# where it holds nothing, leave 'held' empty and keep the note.
statutory:
{statutory}
responsible_authorities: [the council, the police, the fire authority, probation, health]
"""


def new_notebook(name: str, question: str) -> list[Path]:
    """Write a notebook that runs for any borough, and list it in the defaults.

    Parameters
    ----------
    name : str
        Of the file, without its ending: small letters, digits and underscores.
    question : str
        Its title.

    Returns
    -------
    list of Path
        The notebook, and ``params/defaults.yml`` where it was added there.

    Raises
    ------
    ParamsError
        If the name or the question is not one, the notebook is there already, or
        ``params/defaults.yml`` is faulty.
    """
    _refuse_name(name, _NOTEBOOK_NAME, "notebook")
    listed = load_defaults().notebooks
    path = project_root() / "notebooks" / f"{name}.ipynb"
    _refuse_existing(path)
    text = notebook_text(name, " ".join(question.split()))
    with TemporaryDirectory() as scratch:
        tried = Path(scratch) / path.name
        tried.write_text(text, encoding="utf-8", newline="\n")
        faults = anatomy_faults(tried)
    if faults:
        message = f"--question {question!r}: {faults[0].partition(': ')[2]}"
        raise ParamsError(message)
    _write(path, text)
    return [path, *_list_in_defaults(name, listed)]


def new_borough(name: str) -> Path:
    """Write a borough's file, valid and without effect until it is edited.

    Raises
    ------
    ParamsError
        If there is no such borough, or its file is there already.
    """
    code = report_borough(name)
    path = project_root() / "params/boroughs" / f"{area_slug(code)}.yml"
    _refuse_existing(path)
    others = [area_name(each).casefold() for each in borough_codes() if each != code]
    told = {"name": area_name(code), "written": area_name(code).casefold()}
    _write(path, _BOROUGH.format(**told, similar=", ".join(others[:2])))
    return path


def new_plan(name: str, borough: str) -> Path:
    """Write a plan with the statute's parts and one target, for three years ahead.

    Parameters
    ----------
    name : str
        Of the file, without its ending, for instance ``camden_2026-29``.
    borough : str
        Name or code.

    Returns
    -------
    Path

    Raises
    ------
    ParamsError
        If the name is not one, there is no such borough, or the plan is there already.
    """
    _refuse_name(name, _PLAN_NAME, "plan")
    code = report_borough(borough)
    path = project_root() / "params/plans" / f"{name}.yml"
    _refuse_existing(path)
    base_first, base_last = Assessment.open(code).latest_year
    _write(path, plan_text(area_name(code), base_first, base_last))
    return path


def notebook_text(name: str, question: str) -> str:
    """A notebook's file: title, parameters, one section, and how sure we are."""
    sources: list[tuple[str, str]] = [
        ("markdown", f"# {question}"),
        ("parameters", _parameter_lines()),
        ("code", _IMPORTS),
        ("code", _LOAD),
        ("markdown", _SAYS),
        ("code", _SECTION),
        ("code", _SURE),
    ]
    short = name.replace("_", "-")[:40]
    cells = [
        _cell(kind, source, f"{short}-{number:02}")
        for number, (kind, source) in enumerate(sources)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def plan_text(name: str, base_first: str, base_last: str) -> str:
    """A plan's file, its base the months given and its horizon three years after them."""
    year, month = int(base_last[:4]), base_last[5:]
    statutory = "".join(
        f"  {letter}:  # {words}\n    held:\n    note: not in the published text\n"
        for letter, words in STATUTORY_ITEMS.items()
    )
    return _PLAN.format(
        name=name,
        written=name.casefold(),
        first=_month_after(base_last),
        last=f"{year + 3}-{month}",
        base_first=base_first,
        base_last=base_last,
        statutory=statutory,
    )


def _parameter_lines() -> str:
    defaults = NotebookParams.model_fields
    return "\n".join(
        f'{name}: str = "{field.default or ""}"  # {field.description}'
        for name, field in defaults.items()
    )


def _cell(kind: str, source: str, identifier: str) -> dict[str, object]:
    lines = source.splitlines(keepends=True)
    if kind == "markdown":
        return {"cell_type": kind, "id": identifier, "metadata": {}, "source": lines}
    tags = {"tags": ["parameters"]} if kind == "parameters" else {}
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": identifier,
        "metadata": tags,
        "outputs": [],
        "source": lines,
    }


def _month_after(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02}"


def _refuse_name(name: str, pattern: re.Pattern[str], what: str) -> None:
    if not pattern.fullmatch(name):
        like = "own_question" if what == "notebook" else "camden_2026-29"
        message = (
            f"'{name}' cannot name a {what}: it becomes a file's name. Use small letters, "
            f"digits and underscores, for instance {like}."
        )
        raise ParamsError(message)


def _refuse_existing(path: Path) -> None:
    if path.exists():
        shown = path.relative_to(project_root()).as_posix()
        message = f"{shown} is there already. Edit it, or choose another name."
        raise ParamsError(message)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # 'x' refuses what appeared since it was looked for.
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _list_in_defaults(name: str, listed: Sequence[str]) -> list[Path]:
    """Add a line to the list of notebooks, whatever else the file says being kept."""
    path = project_root() / "params/defaults.yml"
    # As bytes, so that its ends of lines stay as they are.
    text = path.read_bytes().decode("utf-8")
    last = re.escape(listed[-1]) if listed else "(?!)"
    found = re.search(rf"^  - {last}(?![\w-])[^\r\n]*(\r?\n|\Z)", text, re.MULTILINE)
    if found is None or name in listed:
        return []
    end = "\r\n" if "\r\n" in text else "\n"
    line = found[0] if found[0].endswith("\n") else found[0] + end
    changed = text[: found.start()] + line + f"  - {name}{end}" + text[found.end() :]
    beside = path.with_suffix(".yml.new")
    beside.write_bytes(changed.encode("utf-8"))
    beside.replace(path)
    return [path]
