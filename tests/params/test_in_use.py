"""The parameters of an open notebook: which they are, what they may be, what is refused."""

from collections.abc import Iterator

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.testing.globalipapp import start_ipython

from analysis.errors import ParamsError
from analysis.params.in_use import (
    declared_names,
    forget_what_this_cell_sets,
    parameters_help,
    parameters_in_use,
    refuse_wrong_parameters,
)
from analysis.params.notebooks import known_notebooks, notebook_params_model

CELL = 'borough: str = "harrow"  # name\nrule: str = ""  # rule\nper: str = ""  # per'


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, object]]:
    """Names that a kernel holds after a parameters cell and two cells of work."""
    held: dict[str, object] = {"In": ["", CELL, "measure: int = 3", "rule"]}
    held |= {"borough": "harrow", "rule": "", "per": "", "measure": 3}

    class Shell:
        user_ns = held

    monkeypatch.setattr("IPython.get_ipython", Shell)
    yield held


def test_only_what_the_parameters_cell_declares_is_a_parameter(kernel: dict) -> None:
    assert parameters_in_use() == {"borough": "harrow", "rule": "", "per": ""}


def test_what_a_failed_cell_was_to_set_is_forgotten(kernel: dict) -> None:
    kernel |= {"assessment": "Harrow's", "answer": "of it"}
    kernel["In"] = [CELL, 'assessment = Assessment.open("bexly")']
    forget_what_this_cell_sets()
    assert "assessment" not in kernel
    assert kernel["answer"] == "of it"


def test_the_parameters_cell_run_last_counts() -> None:
    assert declared_names([CELL, 'borough: str = "brent"', "x = 1", "not python ("]) == [
        "borough"
    ]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("rule", "percnt=20", "parameters, rule: 'percnt=20' is not a rule. Write percent=20"),
        ("per", "yearly", "parameters: 'per' cannot be 'yearly'. Did you mean 'year'?"),
        ("per", 3, "'per' cannot be 3."),
    ],
)
def test_a_wrong_value_is_refused_with_one_sentence(
    kernel: dict, name: str, value: object, said: str
) -> None:
    refuse_wrong_parameters()
    kernel[name] = value
    with pytest.raises(ParamsError) as refused:
        refuse_wrong_parameters()
    assert said in str(refused.value)


def test_a_number_in_quotes_is_refused_as_the_text_it_is(kernel: dict) -> None:
    kernel |= {"In": ['borough: str = "h"\nborder_metres: int = 500'], "border_metres": "500"}
    with pytest.raises(ParamsError, match="'border_metres' must be a whole number, not '500'"):
        refuse_wrong_parameters()


def test_the_borough_is_left_to_whoever_opens_the_assessment(kernel: dict) -> None:
    kernel["borough"] = "camdem"
    refuse_wrong_parameters()


def test_every_parameter_of_every_notebook_has_a_meaning() -> None:
    for notebook in known_notebooks():
        names = notebook_params_model(notebook).model_fields
        told = parameters_help(dict.fromkeys(names, ""))
        assert [each.name for each in told] == list(names)
        assert all(each.meaning for each in told)


@pytest.mark.parametrize(
    ("name", "may_be"),
    [
        ("borough", "barking and dagenham, barnet, "),
        ("horizon", "a month, YYYY-MM"),
        ("plan", "harrow_2013-17, havering_2017-20"),
        ("rule", "for example percent=20, level=9000"),
        ("per", "year, whole"),
        ("border_metres", "50 to 5,000"),
        ("sample_count", "nought or more"),
    ],
)
def test_what_a_parameter_may_be_comes_from_its_schema(name: str, may_be: str) -> None:
    assert parameters_help({name: ""})[0].may_be.startswith(may_be)


def test_a_deliberate_failure_shows_its_sentence_alone_in_a_notebook(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # IPython warns where another environment than its own is active, as in who calls make.
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    shell = InteractiveShell.instance() if InteractiveShell.initialized() else start_ipython()
    shell.run_cell("from analysis.errors import ParamsError\nraise ParamsError('no plan x.')")
    told = capsys.readouterr()
    assert (told.out + told.err).strip() == "ParamsError: no plan x."
