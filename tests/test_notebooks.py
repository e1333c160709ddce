"""The project's notebooks are built as the house style says, and each rule can fail."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.params.notebooks import TargetsParams, known_notebooks
from analysis.project import project_root
from analysis.publish.anatomy import anatomy_faults, shared_cell_faults

NOTEBOOKS = sorted((project_root() / "notebooks").glob("*.ipynb"))

PARAMETERS = (
    'borough: str = "harrow"  # name or GSS code of the borough\n'
    'as_of: str = ""  # last month seen, as YYYY-MM; empty for the newest held'
)
LOAD = "assessment = Assessment.open(borough, as_of=as_of)\nassessment"
END = 'display(section("How sure are we"), rates, change, limit, table)'
# Reads what a planted cell may set.

Write = Callable[..., Path]


def markdown(text: str) -> dict:
    return {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(True)}


def code(text: str, tags: tuple[str, ...] = (), **more: object) -> dict:
    return {
        "cell_type": "code",
        "metadata": {"tags": list(tags)},
        "source": text.splitlines(True),
        "outputs": [],
        "execution_count": None,
        **more,
    }


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a sound notebook with the cells given put after it."""

    def _write(
        *cells: dict, name: str = "targets", title: str = "# Is it met?", head: bool = True
    ) -> Path:
        start = [markdown(title), code(PARAMETERS, ("parameters",)), code(LOAD)]
        notebook = {
            "cells": [*start, *cells, code(END)] if head else [*cells],
            "metadata": {"kernelspec": {"name": "python3"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        path = tmp_path / f"{name}.ipynb"
        path.write_text(json.dumps(notebook), encoding="utf-8")
        return path

    return _write


def test_a_sound_notebook_has_no_faults(write: Write) -> None:
    path = write(
        markdown("## How sure are we\n\nUnder the Crime and Disorder Act 1998, MOPAC 7."),
        code('table = assessment.rates["rate_per_1000"]\ntable.iloc[0], table.iloc[-1]'),
        code('display(Markdown(f"{table.mean():.1f} offences"))'),
    )
    assert anatomy_faults(path) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def rate(x):\n    return x", "a def"),
        ("async def rate(x):\n    return x", "a def"),
        ("class Rate:\n    pass", "a class"),
        ("rates = sorted(table, key=lambda row: row)", "a lambda"),
        ("%matplotlib inline", "a magic or a shell command"),
        ("!ls", "a magic or a shell command"),
        ("files = !ls", "a magic or a shell command"),
        ("table?", "a magic or a shell command"),
        ('get_ipython().run_line_magic("time", "")', "get_ipython"),
        ("table = (", "not Python that parses"),
        ("try:\n    table\nexcept KeyError:\n    table", "a try"),
        ("import warnings", "a warning is silenced"),
        ("from warnings import simplefilter", "a warning is silenced"),
        ("pd.core.warnings.filterwarnings(action)", "a warning is silenced"),
        ("with contextlib.suppress(KeyError):\n    table", "a warning is silenced"),
        ("table.head(12)", "the number 12 is typed"),
        ("change = table - 0", "the number 0 is typed"),
        ("limit = -0.5", "the number 0.5 is typed"),
        ("table.iloc[12]", "the number 12 is typed"),
        ('display(Markdown("down 20 per cent"))', "typed in the text 'down 20 per cent'"),
        ('display(Markdown(f"{change} of 11,615"))', "typed in the text ' of 11,615'"),
        ("\n".join(["display(table)"] * 13), "13 lines"),
        ("", "it is empty"),
    ],
)
def test_a_fault_planted_in_code_is_found(write: Write, source: str, said: str) -> None:
    faults = anatomy_faults(write(code(source)))
    assert any(said in fault for fault in faults), faults
    assert all(fault.startswith("targets.ipynb, cell 4: ") for fault in faults)


def test_twelve_lines_of_code_are_not_too_many(write: Write) -> None:
    twelve = "\n".join(["display(table)"] * 12)
    assert anatomy_faults(write(code(twelve))) == []


@pytest.mark.parametrize(
    ("prose", "said"),
    [
        ("Crime fell by 7 %.", "typed in prose: 'Crime fell by 7 %.'"),
        ("1. First", "use bullets"),
        ("Since 1998 it fell.", "typed in prose"),
        ("`12`", "typed in prose"),
        ("# Another title", "a second title"),
    ],
)
def test_a_fault_planted_in_prose_is_found(write: Write, prose: str, said: str) -> None:
    faults = anatomy_faults(write(markdown(prose)))
    assert len(faults) == 1
    assert said in faults[0]


def test_a_column_name_or_an_address_in_prose_is_no_typed_number(write: Write) -> None:
    text = "See `rate_per_1000` in [the rules](https://example.org/uksi/2007/1830)."
    assert anatomy_faults(write(markdown(text))) == []


def test_outputs_and_execution_counts_are_found(write: Write) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": ["x"]}
    path = write(code("table", outputs=[output], execution_count=3))
    assert [fault.split(". ")[0] for fault in anatomy_faults(path)] == [
        "targets.ipynb, cell 4: it has outputs",
        "targets.ipynb, cell 4: it has an execution count",
    ]


def test_a_notebook_without_a_title_is_found(write: Write) -> None:
    faults = anatomy_faults(write(title="Is it met?"))
    assert [fault for fault in faults if "no title" in fault]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('borough = "harrow"  # name', "is not a typed parameter"),
        ('borough: str = "harrow"', "is not a typed parameter"),
        ("# what to look at", "is not a typed parameter"),
        ("borough: Path = 'x'  # name", "is not a typed parameter"),
        ("borough: str = name()  # name", "'borough' is not a plain value"),
        ('boruogh: str = "harrow"  # name', "no parameter 'boruogh'"),
        ('boruogh: str = "harrow"  # name', "Did you mean 'borough'?"),
        ('borough: str = "camdem"  # name', "Did you mean 'Camden' (E09000007)?"),
        ('as_of: str = "2024-13"  # month', "is not a month"),
        ('rule: str = "percnt=20"  # rule', "is not a rule"),
    ],
)
def test_a_faulty_parameter_is_found(write: Write, source: str, said: str) -> None:
    path = write(markdown("# Is it met?"), code(source, ("parameters",)), head=False)
    faults = anatomy_faults(path)
    assert any(said in fault and "cell 2" in fault for fault in faults), faults


def test_a_parameter_of_another_notebook_is_found(write: Write) -> None:
    meaning = TargetsParams.model_fields["rule"].description
    source = f'rule: str = "percent=20"  # {meaning}'
    cells = (markdown("# Why?"), code(source, ("parameters",)), code("rule"), code(END))
    assert anatomy_faults(write(*cells, name="targets", head=False)) == []
    faults = anatomy_faults(write(*cells, name="strategic_assessment", head=False))
    assert len(faults) == 1
    assert "no parameter 'rule' in the schema of strategic_assessment" in faults[0]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("chart = draw(table)", "'chart' is computed and never shown or read"),
        ("draw(table)\ndisplay(table)", "the result of 'draw(table)' is not shown"),
        ("display(found.title, table)", "'found.title' is shown without 'found.text'"),
        ("display(table, found.text)", "'found.text' is shown without 'found.title'"),
    ],
)
def test_what_is_computed_and_not_told_is_found(write: Write, source: str, said: str) -> None:
    faults = anatomy_faults(write(code(source)))
    assert len(faults) == 1
    assert faults[0].startswith("targets.ipynb, cell 4: ")
    assert said in faults[0]


def test_what_a_later_cell_reads_and_a_whole_finding_are_told(write: Write) -> None:
    first = "found = find(table)\ntold = {}\ntold |= {name: found for name in table}"
    path = write(code(first), code("display(found.title, draw(told), found.text)"))
    assert anatomy_faults(path) == []


def test_a_parameter_that_no_cell_reads_is_found(write: Write) -> None:
    start = (markdown("# Why?"), code(PARAMETERS, ("parameters",)))
    faults = anatomy_faults(write(*start, code("borough"), code(END), head=False))
    assert [fault.partition(",")[0] for fault in faults] == ["targets.ipynb"]
    assert "cell 2: no cell reads the parameter 'as_of'" in faults[0]


def test_a_notebook_that_does_not_say_how_sure_it_is_is_found(write: Write) -> None:
    start = (markdown("# Why?"), code(PARAMETERS, ("parameters",)), code(LOAD))
    faults = anatomy_faults(write(*start, head=False))
    assert len(faults) == 1
    assert "no section 'How sure are we'" in faults[0]


def test_a_title_that_asks_nothing_is_found(write: Write) -> None:
    faults = anatomy_faults(write(title="# Burglary"))
    assert len(faults) == 1
    assert "cell 1: the title asks no question" in faults[0]


def test_a_comment_that_is_not_the_schemas_own_is_found(write: Write) -> None:
    cells = (
        markdown("# Why?"),
        code('borough: str = "harrow"  # the place', ("parameters",)),
        code("borough"),
        code(END),
    )
    faults = anatomy_faults(write(*cells, head=False))
    assert len(faults) == 1
    assert "Write '# name or GSS code of the borough'" in faults[0]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("display(table)  # ask jane.doe@harrow.example", "an e-mail address"),
        ("display(table)  # she lives at HA1 2XY", "a postcode"),
        ("display(table)  # ring 020 7946 0123", "a telephone number"),
    ],
)
def test_what_leads_to_a_person_is_found_and_not_quoted(
    write: Write, text: str, what: str
) -> None:
    faults = anatomy_faults(write(code(text)))
    assert faults == [
        f"targets.ipynb, cell 4: {what}. Take it out: a notebook is read by everybody."
    ]
    assert anatomy_faults(write(markdown(text.partition("# ")[2]))) == faults


@pytest.mark.parametrize(
    "path", ["/" + "home/me/crime.csv", "~/crime.csv", "C:\\\\crime.csv", "file:///crime.csv"]
)
def test_a_path_of_one_machine_is_found(write: Write, path: str) -> None:
    faults = anatomy_faults(write(code(f'display(read("{path}"))')))
    assert len(faults) == 1
    assert "is a path of one machine" in faults[0]


def test_an_address_of_the_web_is_no_path_of_one_machine(write: Write) -> None:
    text = "See [the rules](https://www.legislation.gov.uk/home/data/made)."
    assert anatomy_faults(write(markdown(text))) == []


def test_a_picture_in_a_markdown_cell_is_found(write: Write) -> None:
    cell = {**markdown("![map](attachment:map.png)"), "attachments": {"map.png": {}}}
    assert "it holds a picture" in anatomy_faults(write(cell))[0]


def test_parameters_are_tagged_once_and_come_first(write: Write) -> None:
    twice = anatomy_faults(write(code(PARAMETERS, ("parameters",))))
    assert any("2 cells are tagged 'parameters'" in fault for fault in twice)
    never = anatomy_faults(write(markdown("# Why?"), head=False))
    assert any("0 cells are tagged 'parameters'" in fault for fault in never)
    late = write(markdown("# Why?"), code(LOAD), code(PARAMETERS, ("parameters",)), head=False)
    assert any("not the first code cell" in fault for fault in anatomy_faults(late))


def test_a_notebook_without_the_kernel_of_the_batch_is_found(tmp_path: Path) -> None:
    path = tmp_path / "targets.ipynb"
    cells = [markdown("# Why?"), code(PARAMETERS, ("parameters",))]
    path.write_text(json.dumps({"cells": cells, "metadata": {}}), encoding="utf-8")
    assert any("the kernel is not 'python3'" in fault for fault in anatomy_faults(path))


@pytest.mark.parametrize("content", ["", "<html>", "[]", '{"cells": [{}]}'])
def test_a_file_that_is_no_notebook_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "targets.ipynb"
    path.write_text(content, encoding="utf-8")
    assert anatomy_faults(path) == [
        "targets.ipynb: not a notebook. Save it as Jupyter does (nbformat 4)."
    ]


FOUR_LINES = "a = table\nb = a\nc = b\nd = c"


def test_four_lines_in_two_notebooks_are_found_however_they_are_spaced(write: Write) -> None:
    first = write(code(FOUR_LINES), name="targets")
    second = write(code(FOUR_LINES.replace(" = ", "=") + "  # why"), name="other")
    faults = shared_cell_faults([first, second])
    assert len(faults) == 1
    assert faults[0].startswith("other.ipynb cell 4 and targets.ipynb cell 4: the same cell")


def test_three_lines_imports_and_parameters_may_be_shared(write: Write) -> None:
    imports = "\n".join(f"import {name}" for name in ("ast", "json", "math", "re", "csv"))
    three = code("a = table\n# why\nb = a\nc = b")
    paths = [write(three, code(imports), name=name) for name in ("targets", "other")]
    assert shared_cell_faults(paths) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_of_the_project_has_no_faults(path: Path) -> None:
    assert anatomy_faults(path) == []


def test_the_duty_to_reduce_reoffending_is_named_with_the_act_that_made_it() -> None:
    # The Policing and Crime Act 2009, section 108, put it into the Act of 1998.
    path = next(each for each in NOTEBOOKS if each.stem == "reducing_reoffending")
    text = path.read_text(encoding="utf-8")
    assert (
        "section 6 of the Crime and Disorder Act 1998, as amended by section 108 of the "
        "Policing and Crime Act 2009"
    ) in text
    assert "Police and Justice Act" not in text


def test_no_two_notebooks_of_the_project_share_a_cell() -> None:
    assert shared_cell_faults(NOTEBOOKS) == []


def test_every_notebook_of_the_project_may_be_named_in_a_run() -> None:
    assert {path.stem for path in NOTEBOOKS} <= set(known_notebooks())
