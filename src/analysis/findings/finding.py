"""What a section of a report says: its heading, its sentence, and how sure it is.

A finding is made from a computed result by a function of this room. It shows itself in two
pieces, so that the chart and the table can stand between them: ``finding.title`` above and
``finding.text`` below. Each piece carries its role in its output's metadata, so that the
exporter can put the key findings first.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Literal

from analysis.wording import slug

Certainty = Literal["high", "moderate", "low", "not known"]

MAX_HEADING_WORDS = 14
# ONS asks for about ten; a borough's name may take three more.


@dataclass(frozen=True)
class Piece:
    """One piece of a finding that displays itself, with its role for the exporter."""

    role: str
    html: str
    plain: str
    data: tuple[tuple[str, str | bool], ...] = ()

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, object]]:
        bundle = {"text/html": self.html, "text/plain": self.plain}
        return bundle, {"csp": {"role": self.role, **dict(self.data)}}

    def __repr__(self) -> str:
        """The piece as plain text."""
        return self.plain


@dataclass(frozen=True)
class Finding:
    """A result in words: heading, sentence, how sure, and why.

    Parameters
    ----------
    heading : str
        The finding in at most fourteen words, without a full stop.
    sentence : str
        What was measured, by how much, with its uncertainty and period; a key finding's is
        read at the top of the report, so it has about forty-five words and never more than
        fifty.
    certainty : {"high", "moderate", "low", "not known"}
    because : str
        Why it is that sure, as a clause: ``"the change is far outside chance"``.
    is_key : bool
        Whether it stands among the key findings at the top of the report.
    detail : str
        What only the section itself says, after the sentence: other parts of the result,
        what the words mean, what is not counted.

    Examples
    --------
    >>> finding = Finding("Burglary fell", "Burglary fell by 7 %.", "high", "p < 0.001")
    >>> finding.slug
    'burglary-fell'
    >>> finding.text
    Burglary fell by 7 %. How sure: high, p < 0.001.
    """

    heading: str
    sentence: str
    certainty: Certainty
    because: str
    is_key: bool = True
    detail: str = ""

    def __post_init__(self) -> None:
        """Refuse a heading too long to be one."""
        if len(self.heading.split()) > MAX_HEADING_WORDS:
            message = f"heading of more than {MAX_HEADING_WORDS} words: {self.heading!r}"
            raise ValueError(message)

    @property
    def slug(self) -> str:
        """The heading as an anchor, of letters, digits and hyphens."""
        return slug(self.heading)

    @property
    def told(self) -> str:
        """The sentence and its detail, as the section has them."""
        return f"{self.sentence} {self.detail}".rstrip()

    @property
    def title(self) -> Piece:
        """The heading, as the ``<h2>`` of its section."""
        html = f'<h2 id="{self.slug}">{escape(self.heading)}</h2>'
        return Piece("heading", html, self.heading, (("slug", self.slug),))

    @property
    def text(self) -> Piece:
        """The sentence, how sure it is, and the detail."""
        sure = f"How sure: {self.certainty}, {self.because}."
        html = (
            f'<p class="csp-finding">{escape(self.sentence)}</p>'
            f'<p class="csp-certainty" data-certainty="{self.certainty}">{escape(sure)}</p>'
        )
        if self.detail:
            html += f'<p class="csp-detail">{escape(self.detail)}</p>'
        data: tuple[tuple[str, str | bool], ...] = (
            ("slug", self.slug),
            ("heading", self.heading),
            ("sentence", self.sentence),
            ("certainty", self.certainty),
            ("because", self.because),
            ("is_key", self.is_key),
            ("detail", self.detail),
        )
        return Piece("finding", html, f"{self.sentence} {sure} {self.detail}".rstrip(), data)


def note(text: str) -> Piece:
    """A sentence that is not a finding: a caveat, or a source that is not loaded.

    Examples
    --------
    >>> note("Hate crime is not loaded.")
    Hate crime is not loaded.
    """
    return Piece("note", f'<p class="csp-note">{escape(text)}</p>', text)


def section(heading: str) -> Piece:
    """Heading of a section that holds no finding of its own.

    Examples
    --------
    >>> section("How sure are we")
    How sure are we
    """
    html = f'<h2 id="{slug(heading)}">{escape(heading)}</h2>'
    return Piece("heading", html, heading, (("slug", slug(heading)),))
