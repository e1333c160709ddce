"""What only the site around the reports prints: its publisher, and what it sets side by side.

Kept apart from what the reports read, so that filling in a telephone number builds no report.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from analysis.params.fields import StrictModel
from analysis.params.reading import read_params
from analysis.project import project_root

SITE_FILE = "params/site.yml"


class Publisher(StrictModel):
    """Who publishes the reports, as the accessibility statement names them.

    Attributes
    ----------
    name, email, telephone, address : str
        Empty until filled in; the statement says so.
    answers_within_days : int
        Working days in which a reader is answered.
    statement_prepared : str
        Day on which a person last read and approved the statement.
    """

    name: str = ""
    email: Annotated[str, Field(pattern=r"^([^\s@<>\"]+@[^\s@<>\"]+)?$")] = ""
    telephone: str = ""
    address: str = ""
    answers_within_days: Annotated[int, Field(ge=1, le=90)] = 10
    statement_prepared: str = ""

    @property
    def missing(self) -> list[str]:
        """What has to be filled in before the public reads the statement.

        Examples
        --------
        >>> Publisher(name="A council", email="a@b.uk").missing
        ['statement_prepared']
        """
        wanted = {
            "name": self.name,
            "email or telephone": self.email or self.telephone,
            "statement_prepared": self.statement_prepared,
        }
        return [what for what, given in wanted.items() if not given]


class ComparedTable(StrictModel):
    """A table of a notebook's reports, of which one row a borough is set side by side.

    Attributes
    ----------
    table : str
        Its identifier: what its CSV is called.
    row : str or None
        Label of the row; None for the borough's own.
    """

    table: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    row: str | None = None


class SiteParams(StrictModel):
    """``params/site.yml``.

    Attributes
    ----------
    publisher : Publisher
    side_by_side : dict of str to list of ComparedTable
        By name of the notebook; one that is not named shows its findings alone.
    """

    publisher: Publisher = Publisher()
    side_by_side: dict[str, list[ComparedTable]] = {}


def load_site_params() -> SiteParams:
    """The choices of ``params/site.yml``; those of a project without the file are empty.

    Raises
    ------
    ParamsError
        If the file is faulty.

    Examples
    --------
    >>> load_site_params().side_by_side["london_comparison"][0].table
    'standings'
    """
    path = project_root() / SITE_FILE
    return read_params(path, SiteParams) if path.is_file() else SiteParams()
