"""Signs that a reader does not see, which no page and no list of runs may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_UNSEEN = re.compile(
    r"\x1b\[[0-9;?]*[A-Za-z]"
    r"|[\x00-\x08\x0b-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
# Colours of a terminal, all control signs but the tab and the end of a line, and those that
# turn the direction of writing: a name that holds one reads otherwise than it is written.


def without_control_signs(told: Any) -> Any:
    r"""A text, or all texts in lists and mappings, without signs that are not seen.

    Examples
    --------
    >>> without_control_signs({"text": ["\x1b[31mred\x1b[0m", "nul \x00"], "number": 7})
    {'text': ['red', 'nul '], 'number': 7}
    """
    if isinstance(told, str):
        return _UNSEEN.sub("", told)
    if isinstance(told, Mapping):
        return {name: without_control_signs(value) for name, value in told.items()}
    if isinstance(told, list):
        return [without_control_signs(value) for value in told]
    return told
