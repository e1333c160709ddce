"""The charts and tables of who is at risk and who is harmed again.

From London's figures by age, and from the partnership's records, whose small counts are
hidden before they come here.
"""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.at_risk import (
    STREET_POINTS,
    Breakdown,
    RepeatPlaces,
    RepeatRecords,
    Suspects,
    VictimCounts,
)
from analysis.assessment.victims import label
from analysis.charts.captions import table_source
from analysis.charts.chart import Caption, Chart
from analysis.charts.dots import interval_dots
from analysis.charts.protected import PUBLISHERS
from analysis.charts.pyramid import age_sex_pyramid
from analysis.charts.table import Table, under_heads, with_hidden
from analysis.data.figures import table_sources
from analysis.data.partner import describe_partner_table
from analysis.data.sources import load_registry
from analysis.wording import editions, month_text, period_words


def breakdowns(results: list[Breakdown | None], title: str) -> list[Chart]:
    """London's violence against women and girls by each thing published."""
    titles = {
        "age_group": title,
        "ethnicity": "Victims by ethnic appearance, as officers recorded it",
        "offence_class": "Flagged offences by kind, and those outside",
    }
    return [_breakdown(each, titles[each.breakdown]) for each in results if each is not None]


def suspects(result: Suspects | None, title: str) -> list[Chart]:
    """People proceeded against for homicide in London, by age and sex."""
    if result is None:
        return []
    caption = Caption(
        title,
        "People proceeded against for homicide (suspects, not victims)",
        "London",
        period_words(*result.years),
        table_source("homicide_suspects"),
        "homicide-suspects",
        "people",
    )
    return [age_sex_pyramid(result.london, caption)]


def victims_by_age(
    assessment: Assessment, result: VictimCounts | None, title: str
) -> list[Chart | Table]:
    """The partnership's victims by age and sex, and the shares that plans ask of."""
    if result is None:
        return []
    total = result.table[result.table["offence_group"] == "total"]
    text = _held_by(assessment, "victim_counts")
    asked = result.asked.assign(group=[_group(name) for name in result.asked["offence_group"]])
    heads = {
        "group": "Offences",
        "ages": "Victims",
        "person_count": "Number",
        "share_pct": "Share (%)",
    }
    frame = under_heads(with_hidden(asked, "person_count", "share_pct"), heads)
    title_of = f"Victims by age, {period_words(*result.period)}"
    table = Table(title_of, frame, text, "victims-by-age", decimals={"Share (%)": 1})
    if total.empty:
        return [table]
    wide = total.pivot_table(
        index="age_band",
        columns="sex",
        values="person_count",
        aggfunc="sum",
        min_count=1,
        sort=False,
    ).reindex(columns=["female", "male"])
    wide = wide[wide.index != "not_recorded"]
    wide = wide.rename(columns={"female": "female_count", "male": "male_count"}).reset_index()
    wide["age_band"] = [str(band).replace("_", " ") for band in wide["age_band"]]
    caption = Caption(
        title,
        "Victims of recorded crime by age and sex",
        assessment.area.area_name,
        period_words(*result.period),
        text,
        "victims-pyramid",
        "victims",
    )
    return [age_sex_pyramid(wide, caption, label="age_band"), table]


def repeats(assessment: Assessment, results: list[RepeatRecords]) -> list[Table]:
    """Times that victims suffered crime, and anti-social behaviour, in the year of records."""
    tables: list[Table] = []
    for each in results:
        if each.result is None or each.is_hidden:
            continue
        what = "anti-social behaviour" if each.kind == "asb" else "crime"
        frame = pd.DataFrame(
            {
                "Times suffered": each.times["label"].to_numpy(),
                "Victims": each.times["victim_count"].to_numpy(),
                "Victims (%)": each.times["victim_pct"].to_numpy(),
                "Events": each.times["event_count"].to_numpy(),
                "Events (%)": each.times["event_pct"].to_numpy(),
            }
        )
        if len(frame):
            tables.append(
                Table(
                    f"How often victims suffered {what}",
                    frame,
                    _held_by(assessment, "victim_records"),
                    f"repeats-{each.kind}",
                    decimals={"Victims (%)": 1, "Events (%)": 1},
                )
            )
        tables += _course(assessment, each, what)
    return tables


def places(assessment: Assessment, result: RepeatPlaces | None) -> list[Table]:
    """Crimes and incidents at snapped points that had another in the year."""
    if result is None:
        return []
    registered = load_registry().source(STREET_POINTS)
    table = result.table
    frame = pd.DataFrame(
        {
            "Type": table.index,
            "Recorded": table["event_count"].astype(int).to_numpy(),
            "Points with any": table["point_count"].astype(int).to_numpy(),
            "Points with two or more": table["repeat_point_count"].astype(int).to_numpy(),
            "At such points (%)": table["repeat_event_pct"].to_numpy(),
            "By chance (%)": table["chance_pct"].to_numpy(),
        }
    )
    return [
        Table(
            f"Repeat map points in {assessment.area.area_name}, {period_words(*result.period)}",
            frame,
            f"{registered.publisher}, {registered.title}, published "
            f"{month_text(pd.Timestamp(registered.published))}.",
            "repeat-places",
            (
                "Published points are snapped to the middle of a street or to a public place, "
                "never to an address: these are streets with repeated crime, not repeat "
                "victims. 'By chance' is what would lie at such points were every point of the "
                "borough as likely as any other.",
            ),
            {"At such points (%)": 1, "By chance (%)": 1},
        )
    ]


def _breakdown(result: Breakdown, title: str) -> Chart:
    rows = result.table.assign(name=[_plain(name) for name in result.table["group_name"]])
    heads = {"age_group": "Age", "ethnicity": "Ethnic appearance", "offence_class": "Kind"}
    if result.breakdown != "age_group":
        rows = rows.sort_values("share_pct", ascending=False)
    caption = Caption(
        title,
        f"Share of {result.counted} of violence against women and girls",
        "London",
        period_words(*result.period),
        f"{PUBLISHERS['vawg_monthly']}, London only, published "
        f"{editions(table_sources('vawg_people')[1])}.",
        f"vawg-{result.breakdown.replace('_', '-')}",
        "%",
    )
    return interval_dots(
        rows,
        caption,
        label="name",
        value="share_pct",
        label_name=heads[result.breakdown],
        decimals=1,
    )


def _course(assessment: Assessment, each: RepeatRecords, what: str) -> list[Table]:
    shown = each.course[each.course["repeat_pct"].notna()]
    if shown.empty:
        return []
    days = zip(each.course["days_from"], each.course["days_to"], strict=True)
    heads = {
        "days": "Days after",
        "repeat_count": "Repeats",
        "repeat_pct": "Share (%)",
        "even_pct": "If even (%)",
    }
    rows = each.course.assign(days=[f"{first} to {last}" for first, last in days])
    frame = under_heads(with_hidden(rows, "repeat_count", "repeat_pct"), heads)
    return [
        Table(
            f"How soon {what} follows again",
            frame,
            _held_by(assessment, "victim_records"),
            f"repeat-course-{each.kind}",
            ("Only events with a whole year of records after them are followed.",),
            {"Share (%)": 1, "If even (%)": 1},
            is_folded=True,
        )
    ]


def _held_by(assessment: Assessment, name: str) -> str:
    return f"Records of {assessment.area.area_name}'s partnership, held by " + (
        f"{describe_partner_table(name).held_by}; counts of one to five are hidden."
    )


def _group(name: str) -> str:
    return "All recorded crime" if name == "total" else label(name)


def _plain(name: str) -> str:
    text = str(name).replace("Aged ", "").replace(" years", "")
    return text.replace("Other flagged offences outside of VAWG", "Flagged but outside it")
