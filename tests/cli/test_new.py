"""``csp new`` writes starts that pass ``csp check``, load, and can be used at once."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from analysis.params.areas import area_name, borough_codes
from analysis.params.fields import area_slug
from analysis.params.plans import STATUTORY_ITEMS, load_plan
from analysis.params.runs import load_borough_params, load_defaults

Capture = pytest.CaptureFixture[str]
CodeOf = Callable[..., int]

CHECKOUT = Path(__file__).parents[2]
QUESTION = "Is theft of telephones rising?"


@pytest.fixture
def project(small_project: Path) -> Path:
    """A small project with the figures of the checkout."""
    (small_project / "data/figures").symlink_to(CHECKOUT / "data/figures")
    return small_project


class TestNotebook:
    """``csp new notebook NAME --question TEXT``."""

    def test_it_names_what_it_wrote_and_what_to_do_next(
        self, small_project: Path, capsys: Capture, code_of: CodeOf
    ) -> None:
        assert code_of("new", "notebook", "own", "--question", QUESTION) == 0
        told = capsys.readouterr()
        assert told.out.splitlines() == ["notebooks/own.ipynb", "params/defaults.yml"]
        assert "csp run --notebook own --borough harrow" in told.err
        assert (small_project / "notebooks/own.ipynb").is_file()

    def test_it_passes_the_check_and_is_listed_last_in_the_defaults(
        self, small_project: Path, capsys: Capture, code_of: CodeOf
    ) -> None:
        before = (small_project / "params/defaults.yml").read_text("utf-8")
        code_of("new", "notebook", "own", "--question", QUESTION)
        after = (small_project / "params/defaults.yml").read_text("utf-8")
        assert code_of("check") == 0, capsys.readouterr().out
        assert load_defaults().notebooks[-1] == "own"
        assert after.replace("  - own\n", "") == before

    @pytest.mark.parametrize("end", [b"\r\n", b"\n"])
    def test_the_defaults_keep_their_ends_of_lines_and_comments(
        self, end: bytes, small_project: Path, code_of: CodeOf
    ) -> None:
        path = small_project / "params/defaults.yml"
        last = f"  - {load_defaults().notebooks[-1]}\n".encode()
        noted = last.rstrip() + b"  # the last\n"
        before = path.read_bytes().replace(last, noted)
        path.write_bytes(before.replace(b"\n", end))
        assert code_of("new", "notebook", "own", "--question", QUESTION) == 0
        after = before.replace(noted, noted + b"  - own\n")
        assert path.read_bytes() == after.replace(b"\n", end)

    def test_with_faulty_defaults_nothing_is_written(
        self, small_project: Path, capsys: Capture, code_of: CodeOf
    ) -> None:
        (small_project / "params/defaults.yml").write_text("notebooks: [", "utf-8")
        assert code_of("new", "notebook", "own", "--question", QUESTION) == 2
        assert "params/defaults.yml" in capsys.readouterr().err
        assert not (small_project / "notebooks/own.ipynb").exists()

    def test_two_of_them_share_no_cell_that_a_check_refuses(
        self, small_project: Path, capsys: Capture, code_of: CodeOf
    ) -> None:
        code_of("new", "notebook", "own", "--question", QUESTION)
        code_of("new", "notebook", "other", "--question", "Is it rising elsewhere?")
        assert code_of("check") == 0, capsys.readouterr().out

    @pytest.mark.parametrize(
        ("name", "question", "said"),
        [
            ("Own-name", QUESTION, "'Own-name' cannot name a notebook"),
            ("../own", QUESTION, "'../own' cannot name a notebook"),
            ("own", "Telephones", "--question 'Telephones': the title asks no question"),
            ("own", "Did 5 rise?", "a number is typed in prose: '# Did 5 rise?'"),
        ],
    )
    def test_what_the_check_would_reject_is_refused_and_nothing_is_written(
        self,
        name: str,
        question: str,
        said: str,
        small_project: Path,
        capsys: Capture,
        code_of: CodeOf,
    ) -> None:
        before = (small_project / "params/defaults.yml").read_bytes()
        assert code_of("new", "notebook", name, "--question", question) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert said in told.err
        assert list((small_project / "notebooks").iterdir()) == []
        assert (small_project / "params/defaults.yml").read_bytes() == before

    def test_it_is_never_written_over(
        self, small_project: Path, capsys: Capture, code_of: CodeOf
    ) -> None:
        path = small_project / "notebooks/own.ipynb"
        path.write_text("mine", "utf-8")
        assert code_of("new", "notebook", "own", "--question", QUESTION) == 2
        assert "notebooks/own.ipynb is there already" in capsys.readouterr().err
        assert path.read_text("utf-8") == "mine"

    def test_its_parameters_say_what_the_schema_says(
        self, small_project: Path, code_of: CodeOf
    ) -> None:
        code_of("new", "notebook", "own", "--question", QUESTION)
        cells = json.loads((small_project / "notebooks/own.ipynb").read_text("utf-8"))["cells"]
        assert cells[1]["metadata"]["tags"] == ["parameters"]
        assert cells[1]["source"][0] == (
            'borough: str = "harrow"  # name or GSS code of the borough\n'
        )

    @pytest.mark.slow
    def test_it_is_built_for_a_borough_with_a_finding_a_chart_and_a_table(
        self, project: Path, tmp_path: Path, code_of: CodeOf
    ) -> None:
        code_of("new", "notebook", "own", "--question", QUESTION)
        out = tmp_path / "out"
        arguments = ["--notebook", "own", "--borough", "camden", "--out", str(out)]
        assert code_of("run", *arguments) == 0
        html = (out / "E09000007/own.html").read_text("utf-8")
        assert re.search(rf"<h1[^>]*>.*{re.escape(QUESTION)}", html)
        assert re.search(r'<figure class="csp-chart" id="changes"', html)
        assert re.search(r'<p class="csp-finding">[^<]*offence', html)
        assert '<figure class="csp-table"' in html
        assert "How sure are we" in html


class TestBorough:
    """``csp new borough NAME``."""

    def test_it_is_valid_and_changes_nothing(
        self, small_project: Path, capsys: Capture, code_of: CodeOf
    ) -> None:
        before = load_borough_params("kensington and chelsea")
        assert code_of("new", "borough", "Kensington and Chelsea") == 0
        told = capsys.readouterr()
        assert told.out == "params/boroughs/kensington_and_chelsea.yml\n"
        assert told.err.startswith("Next: ")
        assert load_borough_params("kensington and chelsea") == before
        assert code_of("check") == 0

    def test_every_line_of_every_borough_holds_once_it_is_taken_in(
        self, small_project: Path, code_of: CodeOf
    ) -> None:
        for code in borough_codes():
            assert code_of("new", "borough", area_name(code)) == 0
            path = small_project / "params/boroughs" / f"{area_slug(code)}.yml"
            text = re.sub(r"^# (?=[a-z_]+: )", "", path.read_text("utf-8"), flags=re.MULTILINE)
            path.write_text(text, "utf-8")
            found = load_borough_params(code)
            assert found.similar_boroughs
            assert found.similar_because
            assert found.note

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("camdem", "no borough 'camdem'. Did you mean 'Camden' (E09000007)?"),
            ("London", "'London' is not a borough"),
        ],
    )
    def test_what_is_no_borough_is_refused(
        self, name: str, said: str, small_project: Path, capsys: Capture, code_of: CodeOf
    ) -> None:
        assert code_of("new", "borough", name) == 2
        assert said in capsys.readouterr().err
        assert list((small_project / "params/boroughs").glob("*.yml")) == []

    def test_it_is_never_written_over(
        self, small_project: Path, capsys: Capture, code_of: CodeOf
    ) -> None:
        assert code_of("new", "borough", "harrow") == 0
        assert code_of("new", "borough", "E09000015") == 2
        assert "params/boroughs/harrow.yml is there already" in capsys.readouterr().err


class TestPlan:
    """``csp new plan NAME --borough B``."""

    def test_it_loads_with_every_part_of_the_statute_and_passes_the_check(
        self, project: Path, capsys: Capture, code_of: CodeOf
    ) -> None:
        assert code_of("new", "plan", "camden_2026-29", "--borough", "camden") == 0
        told = capsys.readouterr()
        assert told.out == "params/plans/camden_2026-29.yml\n"
        assert "csp target --borough 'camden' --plan camden_2026-29" in told.err
        plan = load_plan("camden_2026-29")
        assert plan.borough == "E09000007"
        assert plan.statutory.missing == list(STATUTORY_ITEMS)
        assert [target.rule_text for target in plan.targets] == ["percent=20"]
        assert code_of("check") == 0

    def test_an_editor_is_told_its_schema(self, project: Path, code_of: CodeOf) -> None:
        code_of("new", "plan", "camden_2026-29", "--borough", "camden")
        path = project / "params/plans/camden_2026-29.yml"
        first = path.read_text("utf-8").splitlines()[0]
        schema = first.removeprefix("# yaml-language-server: $schema=")
        assert (path.parent / schema).resolve().is_file()
        assert yaml.safe_load(path.read_text("utf-8"))["borough"] == "camden"

    def test_its_target_is_answered_from_the_figures(
        self, project: Path, capsys: Capture, code_of: CodeOf
    ) -> None:
        code_of("new", "plan", "camden_2026-29", "--borough", "camden")
        capsys.readouterr()
        arguments = ["--borough", "camden", "--plan", "camden_2026-29", "--json"]
        assert code_of("target", *arguments) == 0
        [answer] = json.loads(capsys.readouterr().out)
        assert "20% below the base" in json.dumps(answer)

    @pytest.mark.parametrize("name", ["../own", "Own plan", ""])
    def test_what_cannot_name_a_file_is_refused(
        self, name: str, small_project: Path, capsys: Capture, code_of: CodeOf
    ) -> None:
        assert code_of("new", "plan", name, "--borough", "camden") == 2
        assert "cannot name a plan" in capsys.readouterr().err

    def test_it_is_never_written_over(
        self, small_project: Path, capsys: Capture, code_of: CodeOf
    ) -> None:
        before = (small_project / "params/plans/harrow_2013-17.yml").read_bytes()
        assert code_of("new", "plan", "harrow_2013-17", "--borough", "harrow") == 2
        assert "is there already" in capsys.readouterr().err
        assert (small_project / "params/plans/harrow_2013-17.yml").read_bytes() == before


def test_the_starts_are_formatted_as_the_project_is(
    small_project: Path, capsys: Capture, code_of: CodeOf
) -> None:
    pytest.importorskip("ruff")
    code_of("new", "notebook", "own", "--question", QUESTION)
    text = (small_project / "notebooks/own.ipynb").read_text("utf-8")
    named = ["--stdin-filename", "notebooks/own.ipynb", "-"]
    for way in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *way, *named],
            input=text,
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
