"""What may be measured: offence groups, schemes of them, and survey questions."""

from __future__ import annotations

import csv
from pathlib import Path

from analysis.project import project_root

_SURVEY_MEASURES = {
    "good_job_local": ("Police do a good job locally", "police doing a good job locally"),
    "contact_ward_officer": (
        "Knows how to contact a ward officer",
        "knowing how to contact a ward officer",
    ),
    "informed_local": ("Feels informed about local police", "feeling informed"),
    "listen_to_concerns": ("Police listen to concerns", "police listening to concerns"),
    "relied_on_to_be_there": (
        "Police are there when needed",
        "police being there when needed",
    ),
    "treat_everyone_fairly": (
        "Police treat everyone fairly",
        "police treating everyone fairly",
    ),
    "understand_issues": ("Police deal with what matters", "police dealing with what matters"),
    "trust_mps": ("Trusts the Metropolitan Police", "trust in the Metropolitan Police"),
}
# The questions that MOPAC's Public Attitude Survey publishes by borough: as a label, and as
# it stands in a sentence.


def known_measures() -> list[str]:
    """Offence groups and schemes that a target, a plan or a parameter may name.

    Returns
    -------
    list of str
        The groups of ``data/reference/offence_groups.csv``, then the schemes of
        ``data/reference/schemes.csv``, each in order of its name.

    Examples
    --------
    >>> {"residential_burglary", "mopac7", "total"} <= set(known_measures())
    True
    """
    return [*offence_groups(), *schemes()]


def offence_groups() -> list[str]:
    """The offence groups, in order of name.

    Examples
    --------
    >>> "shoplifting" in offence_groups()
    True
    """
    return _column("offence_groups.csv", "offence_group")


def schemes() -> list[str]:
    """The schemes: offence groups counted together, in order of name.

    Examples
    --------
    >>> "mopac7" in schemes()
    True
    """
    return _column("schemes.csv", "scheme")


def known_survey_measures() -> list[str]:
    """The survey questions that a target in percentage points may name.

    Examples
    --------
    >>> known_survey_measures()[0]
    'good_job_local'
    """
    return list(_SURVEY_MEASURES)


def survey_label(measure: str, *, in_sentence: bool = False) -> str:
    """What a survey question asks about, as printed.

    Examples
    --------
    >>> survey_label("trust_mps"), survey_label("informed_local", in_sentence=True)
    ('Trusts the Metropolitan Police', 'feeling informed')
    """
    return _SURVEY_MEASURES[measure][in_sentence]


def _column(file_name: str, column: str) -> list[str]:
    path: Path = project_root() / "data/reference" / file_name
    with path.open(encoding="utf-8", newline="") as lines:
        found = {row[column] for row in csv.DictReader(lines)}
    return sorted(found - {""})
