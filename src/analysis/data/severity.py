"""Harm of an offence group: the ONS Crime Severity Score weight of its offences, averaged.

The ONS publishes a weight by offence code; recorded crime comes by group. A group's weight
is therefore the mean over its codes, each counted as often as London records it. Three
published files of the Metropolitan Police give such counts for February 2022 to January
2024: the detailed categories on the policing-borough basis (weapons, public order,
miscellaneous and vehicle taking, code by code), the categories on the location basis
(stalking and harassment apart from other violence without injury), and offences against
women and girls by Home Office class (violence with injury, sexual offences, stalking and
harassment). Where no file counts the codes, the usual offence stands for the group
(burglary without its aggravated form, arson that endangers no life), or, failing one, the
plain mean. Which was done, and the range over all codes, stand beside every weight.

Known weaknesses. Female victims' offences stand for all victims' in violence with injury
and sexual offences: men meet more wounding with intent, so violence with injury is on the
low side. Assault without injury stands for all violence without injury that is not
stalking or harassment, since no file divides it: kidnapping and modern slavery are in the
range only. Against the ONS's own score of the 32 boroughs, with the counts of 2022/23 (the
year that fits it best), the weights give a correlation of 0.995 (0.98 without Westminster)
at 0.73 of its level: they compare boroughs and years, and are not the ONS's published
score. Fraud has no ONS weight.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd
import pandera.pandas as pa

from analysis.data.contract import validated
from analysis.data.months import melt_months
from analysis.data.numbers import to_numbers
from analysis.data.readers.harm_weights import read_ons_severity_weights
from analysis.data.tabular import read_text_table, require_columns, to_counts
from analysis.errors import DataContractError
from analysis.project import project_root

COUNTED_MONTHS: Final = ("2022-02", "2024-01")
# The 24 months that all three files hold.

SOURCE: Final = (
    "Office for National Statistics, Crime Severity Score weights, averaged with counts of "
    "the Metropolitan Police Service; Open Government Licence v3.0"
)

WITHOUT_WEIGHT: Final = ("fraud_and_forgery", "nfib_fraud")
# The score leaves fraud out: it is recorded nationally and its police-recorded rest is not
# like for like over time.

_CODES_FILE = "data/reference/severity_codes.csv"
_WEIGHTS_FILE = "data/reference/severity_weights.csv"

_SENTENCES: Final = {
    "one_weight": "all its offence codes have one published weight",
    "london_counts": (
        "mean over its offence codes, weighted by Metropolitan Police counts of "
        "February 2022 to January 2024"
    ),
    "female_victims": (
        "mean over its offence codes, weighted by Metropolitan Police counts of offences "
        "against women and girls, February 2022 to January 2024"
    ),
    "usual_offence": "weight of its usual offence; the rarer codes are in the range only",
    "plain_mean": "plain mean over its offence codes, which no published file counts",
    "no_weight": "the ONS score gives fraud no weight",
}

_SCHEMA = pa.DataFrameSchema(
    {
        "offence_group": pa.Column(str, unique=True),
        "weight": pa.Column(float, pa.Check.gt(0), nullable=True),
        "weight_min": pa.Column(float, pa.Check.gt(0), nullable=True),
        "weight_max": pa.Column(float, pa.Check.gt(0), nullable=True),
        "method": pa.Column(str, pa.Check.isin(list(_SENTENCES))),
        "basis": pa.Column(str),
        "offence_codes": pa.Column(str),
        "source": pa.Column(str),
    },
    strict=True,
)


def load_severity_codes() -> pd.DataFrame:
    """Offence codes with their offence group and the published count that weighs them.

    Returns
    -------
    DataFrame of str, one row an offence code
        ``offence_code``, ``description``, ``offence_group``, ``is_usual`` (``yes`` where
        the code stands for a group that no file counts), ``counted_by`` (``category``,
        ``female_victims`` or empty), ``counted_as`` (the published category or class),
        ``scaled_to`` (a category whose volume the classes divide between them, or empty).
    """
    return read_text_table(project_root() / _CODES_FILE)


def load_severity_weights() -> pd.DataFrame:
    """Weight of each offence group, as compiled in ``data/reference``.

    Returns
    -------
    DataFrame, one row an offence group
        As ``severity_by_offence_group``.

    Raises
    ------
    DataContractError
        If the file has been changed so that it breaks its contract.

    Examples
    --------
    >>> weights = load_severity_weights().set_index("offence_group")
    >>> weights.loc[["residential_burglary", "shoplifting"], "weight"].round(1).to_dict()
    {'residential_burglary': 465.4, 'shoplifting': 11.9}
    """
    table = read_text_table(project_root() / _WEIGHTS_FILE)
    for column in ("weight", "weight_min", "weight_max"):
        table[column] = to_numbers(table[column], where=f"{_WEIGHTS_FILE}, column {column}")
    return validated(table, _SCHEMA, _WEIGHTS_FILE)


def severity_by_offence_group(
    weights: pd.DataFrame, codes: pd.DataFrame, counts: pd.Series
) -> pd.DataFrame:
    """Mean severity weight of each offence group, with its range and how it was made.

    Parameters
    ----------
    weights : DataFrame
        From ``read_ons_severity_weights``: ``offence_code``, ``weight``.
    codes : DataFrame
        From ``load_severity_codes``.
    counts : Series, offences, indexed by published category or class
        From ``london_counts``.

    Returns
    -------
    DataFrame, one row an offence group
        ``offence_group``, ``weight`` with ``weight_min`` and ``weight_max`` over its codes
        (days of sentence an offence; missing for fraud), ``method``, ``basis`` (a phrase),
        ``offence_codes`` (separated by spaces) and ``source``.

    Raises
    ------
    DataContractError
        If a code has no group or no weight, or a count is missing.

    Examples
    --------
    >>> weights = pd.DataFrame({"offence_code": ["48", "37.2"], "weight": [128.0, 53.0]})
    >>> codes = pd.DataFrame(
    ...     {
    ...         "offence_code": ["48", "37.2"],
    ...         "offence_group": "theft_of_vehicle",
    ...         "is_usual": "no",
    ...         "counted_by": "category",
    ...         "counted_as": ["Taking", "Aggravated taking"],
    ...         "scaled_to": "",
    ...     }
    ... )
    >>> counts = pd.Series({"Taking": 98, "Aggravated taking": 2})
    >>> made = severity_by_offence_group(weights, codes, counts).set_index("offence_group")
    >>> made.loc["theft_of_vehicle", ["weight", "weight_min", "method"]]
    weight                126.5
    weight_min             53.0
    method        london_counts
    Name: theft_of_vehicle, dtype: object
    """
    table = _weighted_codes(weights, codes, counts)
    rows = [_group_row(str(name), part) for name, part in table.groupby("offence_group")]
    rows += [_row(group, "no_weight", float("nan")) for group in WITHOUT_WEIGHT]
    return validated(pd.DataFrame(rows), _SCHEMA, _WEIGHTS_FILE)


def london_counts(policing: Path, location: Path, victims: Path) -> pd.Series:
    """London's offences of 24 months by published category and Home Office class.

    Parameters
    ----------
    policing : Path
        Borough file of detailed categories on the policing-borough basis, from 2022-02.
    location : Path
        Borough file on the location basis, with categories in capitals.
    victims : Path
        Offences against women and girls, of which the sheet by classification is used.

    Returns
    -------
    Series of int, indexed by category or class as published
        Offences in ``COUNTED_MONTHS``.

    Raises
    ------
    SourceError, DataContractError
        If a file is not what it should be, or lacks one of the months.
    """
    counts = pd.concat(
        [_category_counts(policing), _category_counts(location), _class_counts(victims)]
    )
    return counts[~counts.index.duplicated()].astype("int64").rename("offence_count")


def write_severity_weights(
    weights: Path, policing: Path, location: Path, victims: Path
) -> pd.DataFrame:
    """Compile ``data/reference/severity_weights.csv`` anew from the published files.

    Parameters
    ----------
    weights : Path
        The ONS weights by offence code.
    policing, location, victims : Path
        As ``london_counts``.

    Returns
    -------
    DataFrame
        What was written, rounded to four decimals.
    """
    made = severity_by_offence_group(
        read_ons_severity_weights(weights),
        load_severity_codes(),
        london_counts(policing, location, victims),
    ).round(4)
    target = project_root() / _WEIGHTS_FILE
    beside = target.with_suffix(".part")
    made.to_csv(beside, index=False, lineterminator="\n", encoding="utf-8")
    beside.replace(target)
    return made


def _weighted_codes(
    weights: pd.DataFrame, codes: pd.DataFrame, counts: pd.Series
) -> pd.DataFrame:
    by_code = weights.drop_duplicates("offence_code").set_index("offence_code")["weight"]
    # Homicide is also published as one row for all its codes together.
    unmapped = sorted(set(by_code.index) - set(codes["offence_code"]))
    unweighted = sorted(set(codes["offence_code"]) - set(by_code.index))
    uncounted = sorted(
        (set(codes["counted_as"]) | set(codes["scaled_to"])) - {""} - set(counts.index)
    )
    for what, missing in (
        (f"offence code without a group in {_CODES_FILE}", unmapped),
        ("offence code without an ONS weight", unweighted),
        ("category without a published count", uncounted),
    ):
        if missing:
            message = (
                f"severity weights: {what}: '{missing[0]}' ({len(missing)} in all). The "
                f"publisher may have renamed it; correct {_CODES_FILE}."
            )
            raise DataContractError(message)
    table = codes.assign(weight=codes["offence_code"].map(by_code))
    return table.assign(share_count=_shared_counts(table, counts))


def _shared_counts(codes: pd.DataFrame, counts: pd.Series) -> pd.Series:
    own = codes["counted_as"].map(counts).astype("float64")
    scaled = codes["scaled_to"] != ""
    together = own.groupby(codes["scaled_to"]).transform("sum")
    volume = codes["scaled_to"].map(counts).astype("float64")
    return own.mask(scaled, own / together * volume)


def _group_row(group: str, part: pd.DataFrame) -> dict[str, object]:
    weight, method = _mean_weight(part)
    row = _row(group, method, weight)
    row["weight_min"], row["weight_max"] = part["weight"].min(), part["weight"].max()
    row["offence_codes"] = " ".join(sorted(part["offence_code"]))
    return row


def _mean_weight(part: pd.DataFrame) -> tuple[float, str]:
    if part["weight"].min() == part["weight"].max():
        return float(part["weight"].iloc[0]), "one_weight"
    counted = part[part["share_count"].notna()]
    if counted["share_count"].sum() > 0:
        mean = (counted["weight"] * counted["share_count"]).sum() / counted["share_count"].sum()
        women = (counted["counted_by"] == "female_victims").all()
        return float(mean), "female_victims" if women else "london_counts"
    usual = part[part["is_usual"] == "yes"]
    if len(usual):
        return float(usual["weight"].mean()), "usual_offence"
    return float(part["weight"].mean()), "plain_mean"


def _row(group: str, method: str, weight: float) -> dict[str, object]:
    return {
        "offence_group": group,
        "weight": weight,
        "weight_min": float("nan"),
        "weight_max": float("nan"),
        "method": method,
        "basis": _SENTENCES[method],
        "offence_codes": "",
        "source": SOURCE,
    }


def _category_counts(path: Path) -> pd.Series:
    table = read_text_table(path)
    require_columns(table, ["MinorText"], where=path.name)
    tidy = melt_months(table, ["MinorText"], "offence_count", path.name)
    return _in_months(tidy.rename(columns={"MinorText": "name"}), path.name)


def _class_counts(path: Path) -> pd.Series:
    table = read_text_table(path)
    columns = ["sheet", "crimseccodeexpansion", "recorded_date_months", "count"]
    require_columns(table, columns, where=path.name)
    table = table[table["sheet"] == "Offence count classification"]
    tidy = pd.DataFrame(
        {
            "name": table["crimseccodeexpansion"],
            "month": pd.to_datetime(table["recorded_date_months"], format="%Y-%m-%d"),
            "offence_count": to_counts(table["count"], where=f"{path.name}, column count"),
        }
    )
    return _in_months(tidy, path.name)


def _in_months(tidy: pd.DataFrame, where: str) -> pd.Series:
    first, last = (pd.Timestamp(f"{month}-01") for month in COUNTED_MONTHS)
    held = tidy[tidy["month"].between(first, last)]
    months = held["month"].nunique()
    if months != 24:
        message = (
            f"{where}: {months} of the 24 months {first:%Y-%m} to {last:%Y-%m} are there. Use "
            "the publication that holds them all."
        )
        raise DataContractError(message)
    return held.groupby("name")["offence_count"].sum()
