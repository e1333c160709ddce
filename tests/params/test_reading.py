"""Files of choices are read without YAML's traps, and a fault is told with its place."""

from pathlib import Path

import pytest
from pydantic import ConfigDict

from analysis.errors import ParamsError
from analysis.params.fields import StrictModel
from analysis.params.reading import MOST_BYTES, read_params
from analysis.params.runs import load_run_file


class Box(StrictModel):
    word: str = ""
    number: float | None = None
    is_open: bool = False
    inner: list[StrictModel] = []


class AnyBox(StrictModel):
    model_config = ConfigDict(validate_default=False)
    values: list[object]


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "box.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("no", "no"),
        ("off", "off"),
        ("Yes", "Yes"),
        ("2013-04-01", "2013-04-01"),
        ("2013-04", "2013-04"),
        ("2013_17", "2013_17"),
        ("010", "010"),
        ("1:30", "1:30"),
        ("0x1f", "0x1f"),
        ("1e3", "1e3"),
        (".nan", ".nan"),
        ("<<", "<<"),
        ("true", True),
        ("-12", -12),
        ("2.50", 2.5),
        ("null", None),
        ("", None),
    ],
)
def test_a_word_stays_a_word(tmp_path: Path, given: str, read: object) -> None:
    value = read_params(written(tmp_path, f"values:\n  - {given}\n"), AnyBox).values[0]
    assert value == read
    assert type(value) is type(read)


def test_yes_and_no_serve_where_true_or_false_is_wanted(tmp_path: Path) -> None:
    assert read_params(written(tmp_path, "is_open: yes"), Box).is_open is True
    assert read_params(written(tmp_path, "is_open: no"), Box).is_open is False


def test_an_empty_file_takes_the_defaults(tmp_path: Path) -> None:
    assert read_params(written(tmp_path, "# nothing\n"), Box) == Box()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("word: a\nnumber: 1\nword: b\n", "(line 3): 'word' is given twice, first in line 1"),
        ("inner:\n  - a: 1\n    a: 2\n", "inner, item 1 (line 3): 'a' is given twice"),
        ("wrod: a\n", "(line 1): unknown key 'wrod'. Did you mean 'word'? Keys here are: word"),
        ("5: a\n", "unknown key '5'. Keys here are: word, number, is_open, inner"),
        ("word: 2013\n", "(line 1): 'word' must be text, not 2013. Put it in quotes."),
        ("word: a\nnumber: many\n", "(line 2): 'number' must be a number, not 'many'."),
        ("number: .inf\n", "'number'"),
        ("is_open: maybe\n", "'is_open' must be true or false, not 'maybe'."),
        ("inner: a\n", "'inner' must be a list, not 'a'. Write it as [one, two]."),
        ("- word\n", "'the file' must have keys of its own"),
        ("word: [a\nnumber: 1", "is not YAML that reads"),
        ("word: a: b", "(line 1): is not YAML that reads"),
        ("word: &a b\nnumber: *a", "(line 1): a value that begins with '&'"),
        (
            "word: !!python/object/apply:os.getcwd []",
            "a value that begins with '&', '*' or '!'",
        ),
        ("word: a\n---\nword: b", "is not YAML that reads"),
        ("<html>", "'the file' must have keys of its own"),
        ("inner: " + "[" * 5000, "nested too deep"),
        (b"\xff\xfe\x00", "is not UTF-8 text. Save it as UTF-8."),
        (b"#" * (MOST_BYTES + 1), "too large for a file of choices"),
        (b"\x00", "is not YAML that reads"),
    ],
)
def test_a_faulty_file_is_told_in_a_sentence(
    tmp_path: Path, text: str | bytes, said: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ParamsError) as caught:
        read_params(path, Box)
    assert str(caught.value).startswith(str(path))
    assert said in str(caught.value)


def test_a_missing_file_is_told() -> None:
    with pytest.raises(ParamsError, match=r"nowhere\.yml: cannot be read"):
        read_params(Path("nowhere.yml"), Box)


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, "word: 1\nnumber: x\n")
    with pytest.raises(ParamsError) as caught:
        read_params(path, Box)
    assert len(str(caught.value).splitlines()) == 2


def test_a_misspelt_borough_is_told_with_its_run_and_line(tmp_path: Path) -> None:
    path = tmp_path / "london.yml"
    run = "  - {boroughs: [brent], notebooks: [targets]}\n"
    other = "  - {boroughs: [barnet], notebooks: [targets]}\n"
    wrong = "  - boroughs: [Camdem]\n    notebooks: [targets]\n"
    path.write_text("runs:\n" + run + other + wrong, encoding="utf-8")
    with pytest.raises(ParamsError) as caught:
        load_run_file(path)
    assert str(caught.value) == (
        f"{path}, run 3, borough 1 (line 4): no borough 'Camdem'. Did you mean 'Camden' "
        "(E09000007)? Boroughs are listed in data/reference/areas.csv."
    )
