"""What an analyst sees above an opened assessment, and a report leaves out.

The parameters in use, each with what it is and may be; and the style sheet of charts, tables
and findings, so that they look in the notebook as they do in the report. A notebook that
comes from elsewhere shows no style sheet and no drawing until it is trusted: a sentence that
the style sheet hides says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path

from analysis.params.in_use import ParameterHelp, parameters_help, parameters_in_use

ROLE = "lab"
# The page of a report passes over what has this role.

UNTRUSTED = (
    "These results were made elsewhere, so their charts are not drawn. To see them, choose "
    "'Trust Notebook' in the command palette (menu View), or run all cells."
)

_STYLES = (
    Path(__file__).parents[1] / "charts/charts.css",
    Path(__file__).with_name("lab.css"),
)
_HEADS = ("Parameter", "In use", "What it is", "May be")
_MOST_WORDS = 120
# Characters of a list of values that stand in the table; a longer list is folded.


class AtTheDesk:
    """Displays the parameters of the open notebook, and how its results are to look.

    Parameters
    ----------
    in_words : mapping of str to str
        What a parameter's value came to: a name for a code, a month for nothing given.

    Examples
    --------
    >>> "<style>" in AtTheDesk({}).html
    True
    """

    def __init__(self, in_words: Mapping[str, str]) -> None:
        self._in_words = dict(in_words)
        self._help = parameters_help(parameters_in_use())

    @property
    def html(self) -> str:
        """The style sheet, and the table where a notebook has parameters."""
        parts = [
            f"<style>{_styles()}</style>",
            f'<p class="csp-untrusted"><strong>{UNTRUSTED}</strong></p>',
        ]
        if self._help:
            rows = "".join(self._row(told) for told in self._help)
            heads = "".join(f'<th scope="col">{head}</th>' for head in _HEADS)
            parts.append(
                '<table class="csp-data"><caption>Parameters of this notebook</caption>'
                f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
            )
        return "".join(parts)

    def _row(self, told: ParameterHelp) -> str:
        value = self._in_words.get(told.name) or (
            "not given" if told.value in ("", None) else str(told.value)
        )
        return (
            f'<tr><th scope="row"><code>{escape(told.name)}</code></th>'
            f'<td class="csp-t">{escape(value)}</td>'
            f'<td class="csp-t">{escape(told.meaning)}</td>'
            f'<td class="csp-t csp-may-be">{_folded(told.may_be)}</td></tr>'
        )

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, object]]:
        plain = [f"{told.name} = {told.value!r}  # {told.meaning}" for told in self._help]
        bundle = {"text/html": self.html, "text/plain": "\n".join(plain)}
        return bundle, {"csp": {"role": ROLE}}


def _folded(words: str) -> str:
    if len(words) <= _MOST_WORDS:
        return escape(words)
    first = escape(words.partition(",")[0])
    return f"<details><summary>{first}, and others</summary>{escape(words)}</details>"


@cache
def _styles() -> str:
    return "\n".join(path.read_text("utf-8") for path in _STYLES)
