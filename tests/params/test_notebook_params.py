"""A misspelt or ill-typed notebook parameter is refused before anything runs."""

import pytest

from analysis.errors import ParamsError
from analysis.params.notebooks import check_notebook_params, notebook_params_model


def test_an_empty_text_means_nothing_chosen() -> None:
    found = check_notebook_params("targets", {"borough": "sutton", "as_of": "", "rule": ""})
    assert found.borough == "E09000029"
    assert found.model_dump(exclude={"borough"}) == dict.fromkeys(
        ("as_of", "published_by", "plan", "measure", "rule", "base", "horizon", "per")
    )


def test_a_new_notebook_takes_what_all_take() -> None:
    assert set(notebook_params_model("brand_new").model_fields) == {
        "borough",
        "as_of",
        "published_by",
        "plan",
    }


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"boruogh": "harrow"}, "unknown key 'boruogh'. Did you mean 'borough'?"),
        (
            {"borough": "harow"},
            "borough: no borough 'harow'. Did you mean 'Harrow' (E09000015)?",
        ),
        ({"as_of": 2013}, "'as_of' must be text, not 2013"),
        ({"plan": "harrow"}, "plan: no plan 'harrow'"),
        ({"rule": "precent=20"}, "rule: 'precent=20' is not a rule"),
        ({"base": "2012-03..2011-04"}, "ends (2011-04) before it begins"),
        ({"measure": "burglary"}, "measure: no measure 'burglary'."),
    ],
)
def test_a_faulty_parameter_is_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(ParamsError) as caught:
        check_notebook_params("targets", given)
    assert str(caught.value).startswith("parameters of targets")
    assert said in str(caught.value)
