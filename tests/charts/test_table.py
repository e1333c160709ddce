"""Tables: shorthand, alignment, escaping, scrolling."""

import csv
import io
import re
from importlib.resources import files

import pandas as pd
import pytest

from analysis.charts.cells import csv_text
from analysis.charts.table import Table

STYLES = (files("analysis.charts") / "charts.css").read_text(encoding="utf-8")


def table(frame, **changes):
    parts = {"title": "By group", "source": "Metropolitan Police Service.", "table_id": "t"}
    return Table(**{**parts, "frame": frame, **changes})


def test_shorthand_is_explained_only_where_it_is_used(read_page):
    frame = pd.DataFrame({"Group": ["Homicide", "Arson"], "Offences": ["[c]", 1234]})
    html = table(frame).html
    assert "[c] = suppressed" in html
    assert "[x] =" not in html
    assert read_page(html).rows()[1:] == [["Homicide", "[c]"], ["Arson", "1,234"]]


def test_a_missing_value_is_shown_and_saved_as_not_available(read_page):
    counts = pd.array([7, None], "Int64")
    html = table(pd.DataFrame({"Group": ["a", "b"], "Offences": counts})).html
    page = read_page(html)
    assert page.rows()[2] == ["b", "[x]"]
    assert page.csv() == "Group,Offences\na,7\nb,[x]\n"
    assert "[x] = not available" in html


def test_numbers_are_aligned_right_and_text_left_by_class(read_page):
    frame = pd.DataFrame({"Group": ["a"], "Offences": [7], "Basis": ["location"]})
    page = read_page(table(frame).html)
    (shown,) = page.all("table")
    assert shown.attributes["class"].split() == ["csp-data", "csp-cols", "csp-t3"]
    # Cells say nothing: the rule for the third column is in the style sheet.
    assert not [e for e in page.all("td") + page.all("th") if "class" in e.attributes]
    assert re.search(r"\.csp-t3 tr > :nth-child\(3\)", STYLES)


def test_a_wide_table_scrolls_in_a_region_that_the_keyboard_reaches(read_page):
    page = read_page(table(pd.DataFrame({"Group": ["a"], "Offences": [7]})).html)
    (region,) = [e for e in page.all("div") if e.attributes.get("role") == "region"]
    assert region.attributes["tabindex"] == "0"
    assert region.attributes["aria-label"] == "By group"


def test_a_caption_and_a_source_keep_numbers_with_their_units(read_page):
    page = read_page(
        table(
            pd.DataFrame({"Group": ["a"]}),
            title="Offences per 1,000 residents in June 2025",
            source="Estimates of 32 boroughs.",
            notes=("Under 10 offences are too few.",),
        ).html
    )
    (caption,) = page.all("caption")
    assert caption.text == "Offences per\xa01,000\xa0residents in June 2025"
    assert page.all("figcaption")[0].text == "Source: Estimates of 32\xa0boroughs."
    assert "Under 10\xa0offences are too few." in [each.text for each in page.all("p")]


def test_a_table_with_sentences_is_read_row_by_row_on_a_telephone(read_page):
    reason = "Burglary fell in no borough by as much, and its months scatter as before."
    frame = pd.DataFrame({"Priority": ["Burglary"], 'Why "so"': [reason], "Rank": [3]})
    html = table(frame).html
    assert "csp-stack" in html
    assert '<td data-head="Rank">3</td>' in html
    assert '<td data-head="Why &quot;so&quot;">' in html
    assert read_page(html).rows()[1] == ["Burglary", reason, "3"]
    short = table(frame.assign(**{'Why "so"': "It fell."})).html
    assert "csp-stack" not in short
    assert "data-head" not in short


def test_a_caption_stays_in_sight_and_wraps_beside_a_wide_table():
    rules = re.findall(r"\.csp-data caption \{([^}]*)\}", STYLES)
    assert any("sticky" in rule and "max-width" in rule for rule in rules)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_opens_like_a_formula_is_escaped_in_the_file(start):
    payload = f'{start}HYPERLINK("http://x")'
    text = csv_text(pd.DataFrame({payload: [payload]}))
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows == [["'" + payload], ["'" + payload]]


def test_a_negative_number_stays_a_number_in_the_file():
    text = csv_text(pd.DataFrame({"Group": ["a"], "Change": [-12.34], "Fewer": [-1500]}))
    assert text == "Group,Change,Fewer\na,-12.3,-1500\n"
    assert pd.read_csv(io.StringIO(text))["Change"].iloc[0] == -12.3


def test_decimals_are_as_asked(read_page):
    frame = pd.DataFrame({"Group": ["a"], "Rate": [5.0]})
    assert read_page(table(frame, decimals={"Rate": 2}).html).rows()[1] == ["a", "5.00"]


def test_a_table_without_rows_or_source_is_refused():
    frame = pd.DataFrame({"Group": ["a"]})
    with pytest.raises(ValueError, match="no rows"):
        table(frame.head(0))
    with pytest.raises(ValueError, match="no source"):
        table(frame, source="")


def test_a_table_tells_the_exporter_what_it_is():
    _, metadata = table(pd.DataFrame({"Group": ["a"]}))._repr_mimebundle_()
    assert metadata == {"csp": {"role": "table", "table_id": "t", "title": "By group"}}


def test_a_folded_table_opens_on_its_title_and_keeps_its_source(read_page):
    frame = pd.DataFrame({"Borough": ["Harrow"], "Offences": [7]})
    page = read_page(table(frame, is_folded=True).html)
    assert len(page.all("details")) == len(page.all("summary")) == 1
    assert len(page.all("figcaption")) == 1
