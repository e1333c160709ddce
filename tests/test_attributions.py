"""The licence of the figures carries every publisher's own statement."""

import re

from analysis.data.sources import load_registry
from analysis.project import project_root

LICENCE = project_root() / "data/LICENCE.md"


def one_line(text: str) -> str:
    """The text without line breaks and the marks of a Markdown quotation."""
    return re.sub(r"\s*\n(?:> )?\s*", " ", text)


def test_every_openly_licensed_source_is_credited_in_its_own_words() -> None:
    statements = {one.strip() for one in one_line(LICENCE.read_text("utf-8")).split(" > ")}
    said = " ".join(statements)
    registry = load_registry().sources
    missing = {one.attribution for one in registry if one.attribution not in said}
    assert missing == {one.attribution for one in registry if one.is_user_file}
