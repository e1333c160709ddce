"""What the README tells people to type exists, and what exists is in the README."""

import re
import shlex
from collections.abc import Iterator

import click
import pytest

from analysis.cli import COMMANDS, csp
from analysis.project import project_root

ROOT = project_root()
README = (ROOT / "README.md").read_text(encoding="utf-8")
FOLDERS = (".", "docs", "data", "params/boroughs", "reports")
PAGES = sorted(page for folder in FOLDERS for page in (ROOT / folder).glob("*.md"))


def code(text: str) -> list[str]:
    """Lines of code blocks, without comments, and the code spans of the prose."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    lines = [re.sub(r"\s#.*", "", line) for block in blocks for line in block.splitlines()]
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return lines + re.findall(r"`([^`\n]+)`", prose)


def csp_calls(text: str) -> Iterator[list[str]]:
    """Arguments of every ``csp ...`` that a text tells to type."""
    for line in code(text):
        found = re.match(r"(?:\S*[/\\])?csp ([a-z].*)", line)
        if found:
            yield shlex.split(found[1])


def faults_of_call(arguments: list[str]) -> list[str]:
    """Commands and options of one call that do not exist."""
    command: click.Command = csp
    context = click.Context(csp)
    rest = list(arguments)
    while rest and isinstance(command, click.Group):
        found = command.get_command(context, rest[0])
        if found is None:
            return [f"no command '{rest[0]}'"]
        command = found
        rest.pop(0)
    known = options_of(command)
    return [f"no option '{one}'" for one in rest if one.startswith("--") and one not in known]


def options_of(command: click.Command) -> set[str]:
    return {opt for param in command.params for opt in param.opts} | {"--help"}


def every_option(group: click.Group = csp) -> set[str]:
    context = click.Context(group)
    found: set[str] = set()
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found |= options_of(command)
        if isinstance(command, click.Group):
            found |= every_option(command)
    return found


def anchors(page: str) -> set[str]:
    """Anchors of a Markdown page, as code forges make them from its headings."""
    headings = re.findall(r"^#+ (.+)$", page, flags=re.MULTILINE)
    made = {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}
    return made | set(re.findall(r'<a id="([^"]+)">', page))


def test_every_call_in_the_readme_exists() -> None:
    calls = list(csp_calls(README))
    assert len(calls) > 15
    faults = {" ".join(call): faults_of_call(call) for call in calls}
    assert {call: found for call, found in faults.items() if found} == {}


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        (["rnu"], "no command 'rnu'"),
        (["data", "ftech"], "no command 'ftech'"),
        (["run", "--brough", "harrow"], "no option '--brough'"),
    ],
)
def test_a_planted_misspelling_is_found(typed: list[str], fault: str) -> None:
    assert faults_of_call(typed) == [fault]


def test_every_option_named_in_prose_exists() -> None:
    named = {span.split("=")[0] for span in code(README) if span.startswith("--")}
    assert named
    assert named - every_option() == set()


def test_every_command_of_the_help_is_in_the_readme() -> None:
    assert {f"`csp {name}`" for name in COMMANDS} - {
        f"`{span}`" for span in code(README)
    } == set()
    data = csp.get_command(click.Context(csp), "data")
    assert isinstance(data, click.Group)
    parts = {f"csp data {name}" for name in data.list_commands(click.Context(data))}
    assert {part for part in parts if part not in README} == set()


def test_every_target_of_make_in_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = {found[1] for line in code(README) if (found := re.match(r"make ([a-z]+)", line))}
    assert {"reports", "test", "lab", "lock"} <= named
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    assert named - targets == set()


def test_every_script_in_the_readme_exists() -> None:
    named = {
        found[1] for line in code(README) if (found := re.match(r"python (\S+\.py)", line))
    }
    assert named == {path.relative_to(ROOT).as_posix() for path in ROOT.glob("benchmarks/*.py")}


def test_every_folder_of_the_project_is_told() -> None:
    told = set(re.findall(r"^\| `([a-z/]+)/` \|", README, flags=re.MULTILINE))
    assert told == {one for one in told if (ROOT / one).is_dir()}
    assert {"notebooks", "params", "data", "src/analysis", "tests", "docs"} <= told


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_relative_links_of_a_page_lead_somewhere(page) -> None:
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path) if path else page
        assert target.exists(), f"{link} leads nowhere"
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), f"{link}: no anchor"
