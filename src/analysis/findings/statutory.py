"""The questions that the regulations put to a strategic assessment, answered on one page.

Crime and Disorder (Formulation and Implementation of Strategy) Regulations 2007, SI
2007/1830: the wording of the questions is ours. The page is made last, from the findings of
all sections, and read first.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from analysis.assessment import Assessment
from analysis.findings.finding import Finding, Piece
from analysis.wording import unbroken

HEADING = "The assessment on one page"

QUESTIONS = {
    "levels": "Levels and patterns of crime and disorder",
    "substances": "Substance misuse, and anti-social behaviour",
    "changes": "Changes since the last assessment",
    "why": "Why they occurred",
    "authorities": "What the authorities should put first",
    "people": "What people who live and work here want put first",
    "progress": "How far the previous plan was carried out",
    "next": "Which priorities to keep, change or add",
}


def one_page(assessment: Assessment, answers: Mapping[str, Finding]) -> Piece:
    """Each statutory question with one sentence, its certainty, and a link to its section.

    Parameters
    ----------
    assessment : Assessment
    answers : mapping of question to Finding
        Of ``QUESTIONS``; one that is not answered says so.

    Returns
    -------
    Piece
        With the role ``summary``, which the exporter puts first.

    Raises
    ------
    ValueError
        If a question is not one of them.
    """
    unknown = sorted(set(answers) - set(QUESTIONS))
    if unknown:
        message = f"no such statutory question: {', '.join(unknown)}"
        raise ValueError(message)
    rows = "".join(_row(words, answers.get(name)) for name, words in QUESTIONS.items())
    caption = (
        f"What the regulations (SI 2007/1830) ask of the strategic assessment of "
        f"{assessment.area.area_name}"
    )
    html = (
        f'<h2 id="one-page">{HEADING}</h2><figure class="csp-table" id="statutory">'
        f'<div class="csp-scroll" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f'<table class="csp-data csp-stack"><caption>{escape(unbroken(caption))}</caption>'
        "<thead><tr>"
        '<th scope="col">Question</th><th scope="col">Answer</th>'
        '<th scope="col">How sure</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div></figure>"
    )
    told = [
        f"{words}: {answers[name].heading}"
        for name, words in QUESTIONS.items()
        if name in answers
    ]
    return Piece("summary", html, ". ".join([HEADING, *told]), (("slug", "one-page"),))


def first_sentence(text: str) -> str:
    """The first sentence of several.

    Examples
    --------
    >>> first_sentence("Crime fell by 2.5%. That is little.")
    'Crime fell by 2.5%.'
    """
    end = text.find(". ")
    return text if end < 0 else text[: end + 1]


def _row(question: str, answer: Finding | None) -> str:
    if answer is None:
        return (
            f'<tr><th scope="row">{escape(question)}</th>'
            '<td class="csp-t" data-head="Answer">Not answered in this report.</td>'
            '<td class="csp-t" data-head="How sure">not known</td></tr>'
        )
    sentence = escape(unbroken(first_sentence(answer.sentence)))
    link = f'<a href="#{answer.slug}">{escape(answer.heading)}</a>'
    return (
        f'<tr><th scope="row">{escape(question)}</th>'
        f'<td class="csp-t" data-head="Answer">{link}. {sentence}</td>'
        f'<td class="csp-t" data-head="How sure">{escape(answer.certainty)}</td></tr>'
    )
