"""The parameters cell, read without running it."""

from __future__ import annotations

import pytest

from analysis.errors import ParamsError
from analysis.publish.parameters import check_parameters, read_parameters

CELL = {
    "cell_type": "code",
    "metadata": {"tags": ["parameters"]},
    "source": 'borough: str = "harrow"\nyears: int = 3\nshares: list[float] = [0.5]\n'
    "is_full: bool = False\nlabel: str | None = None\nkind = 2",
}
DECLARED = read_parameters([CELL])


def test_names_types_and_defaults_are_read() -> None:
    assert [(one.name, one.type_text, one.default) for one in DECLARED.values()] == [
        ("borough", "str", "harrow"),
        ("years", "int", 3),
        ("shares", "list[float]", [0.5]),
        ("is_full", "bool", False),
        ("label", "str | None", None),
        ("kind", "int", 2),
    ]


def test_a_default_that_must_be_computed_is_refused() -> None:
    with pytest.raises(ParamsError, match="'years' is not a plain value"):
        read_parameters([{**CELL, "source": "years = max(1, 2)"}])


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("years", "5", 5),
        ("shares", "[0.1, 0.2]", [0.1, 0.2]),
        ("is_full", "true", True),
        ("label", "12", "12"),
        ("kind", "7", 7),
    ],
)
def test_text_of_the_command_line_takes_the_type_of_the_parameter(
    name: str, typed: str, value: object
) -> None:
    assert check_parameters("own", DECLARED, {name: typed}) == {name: value}


@pytest.mark.parametrize(
    ("name", "typed"), [("years", "five"), ("years", "2.5"), ("is_full", "3"), ("kind", "[1]")]
)
def test_a_value_of_another_type_is_refused(name: str, typed: str) -> None:
    with pytest.raises(ParamsError, match=rf"'{name}' is .*not of its type, (int|bool)"):
        check_parameters("own", DECLARED, {name: typed})


def test_an_unknown_parameter_is_refused_with_the_nearest() -> None:
    with pytest.raises(ParamsError, match=r"no parameter 'yeers'\. Did you mean 'years'\?"):
        check_parameters("own", DECLARED, {"yeers": "5"})


def test_a_common_parameter_is_checked_by_its_model() -> None:
    cell = {**CELL, "source": 'borough: str = "harrow"\nas_of: str = ""'}
    with pytest.raises(ParamsError, match="2025-13"):
        check_parameters("own", read_parameters([cell]), {"as_of": "2025-13"})
