"""What changed from one page to the next is found, sized, and said in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis.publish.changes import (
    MOST_CELLS,
    UNREADABLE,
    PageChanges,
    TableChange,
    compare_contents,
)
from analysis.publish.contents import read_contents

MakePage = Callable[..., str]
CRIME = "Offence group,Offences,Change (%)\nBurglary,200,-5.0\nRobbery,40,2.0\n"


def compare_pages(old_html: str, new_html: str) -> PageChanges:
    return compare_contents(read_contents(old_html), read_contents(new_html))


@pytest.fixture
def compare(make_page: MakePage) -> Callable[[str, str], PageChanges]:
    """Two pages that differ in one table."""

    def run(before: str, after: str) -> PageChanges:
        return compare_pages(make_page(crime=before), make_page(crime=after))

    return run


def test_pages_that_say_the_same_have_no_change(compare: Callable[..., PageChanges]) -> None:
    changes = compare(CRIME, CRIME)
    assert changes.is_none
    assert changes == PageChanges(numbers=4)


def test_a_number_that_changed_is_told_with_its_size(
    compare: Callable[..., PageChanges],
) -> None:
    changes = compare(CRIME, CRIME.replace("200,-5.0", "190,-9.75"))
    assert (changes.numbers, changes.numbers_changed, changes.words_changed) == (4, 2, 0)
    by_column = {cell.column: cell for cell in changes.cells}
    count, change = by_column["Offences"], by_column["Change (%)"]
    assert (count.row, count.before, count.after) == ("Burglary", "200", "190")
    assert (count.difference, count.per_cent, count.size) == (-10, -5.0, 0.05)
    assert (change.difference, change.per_cent) == (-4.75, -95.0)


def test_the_largest_is_measured_against_its_own_column(
    compare: Callable[..., PageChanges],
) -> None:
    # 1 to 3 is +200%, yet small beside a hundred robberies fewer.
    before = "Offence group,Offences\nHomicide,1\nRobbery,400\n"
    after = "Offence group,Offences\nHomicide,3\nRobbery,300\n"
    assert [cell.row for cell in compare(before, after).cells] == ["Robbery", "Homicide"]


def test_ends_of_ranges_come_after_the_estimates(compare: Callable[..., PageChanges]) -> None:
    before = "Group,Upper limit,Offences\nArson,9,7\n"
    after = "Group,Upper limit,Offences\nArson,1,6\n"
    assert [cell.column for cell in compare(before, after).cells] == ["Offences", "Upper limit"]


def test_a_number_written_with_more_digits_is_the_same(
    compare: Callable[..., PageChanges],
) -> None:
    assert compare(CRIME, CRIME.replace("2.0", "2.00")).is_none


def test_a_change_from_nought_has_no_per_cent(compare: Callable[..., PageChanges]) -> None:
    (cell,) = compare("Group,n\nArson,0\n", "Group,n\nArson,4\n").cells
    assert (cell.difference, cell.per_cent, cell.size) == (4, None, 1)


@pytest.mark.parametrize(("was", "now"), [("[c]", "12"), ("12", "[x]"), ("no", "yes")])
def test_words_and_symbols_are_counted_apart_from_numbers(
    was: str, now: str, compare: Callable[..., PageChanges]
) -> None:
    changes = compare(f"Group,n\nArson,{was}\n", f"Group,n\nArson,{now}\n")
    assert (changes.numbers, changes.numbers_changed, changes.words_changed) == (0, 0, 1)
    assert (changes.cells[0].before, changes.cells[0].difference) == (was, None)


def test_rows_that_are_new_or_gone_are_told_and_change_no_number(
    compare: Callable[..., PageChanges],
) -> None:
    after = CRIME.replace("Robbery,40,2.0\n", "Arson,7,1.0\nRape,9,3.0\n")
    changes = compare(CRIME, after)
    assert (changes.numbers, changes.numbers_changed) == (2, 0)
    assert changes.tables[0].told == ("1 row gone: Robbery.", "2 rows new: Arson, Rape.")


def test_a_row_that_moved_is_the_same_row(compare: Callable[..., PageChanges]) -> None:
    head, *rows = CRIME.splitlines(keepends=True)
    assert compare(CRIME, "".join([head, *reversed(rows)])).is_none


def test_a_row_under_another_name_is_renamed(compare: Callable[..., PageChanges]) -> None:
    changes = compare(CRIME, CRIME.replace("Robbery", "Robbery of a person"))
    assert changes.tables[0].told == ("Row 'Robbery' is now called 'Robbery of a person'.",)
    assert changes.cells == ()


def test_rows_of_one_label_are_told_apart_by_the_words_after_it(
    compare: Callable[..., PageChanges],
) -> None:
    before = "Group,Way,n\nArson,By harm,1\nArson,In proportion,2\n"
    (cell,) = compare(before, before.replace("2\n", "5\n")).cells
    assert (cell.row, cell.column) == ("Arson, In proportion", "n")


def test_a_column_renamed_is_still_compared(compare: Callable[..., PageChanges]) -> None:
    after = CRIME.replace("Offences", "Recorded offences").replace("200", "210")
    changes = compare(CRIME, after)
    assert changes.tables[0].told == ("Column 'Offences' is now called 'Recorded offences'.",)
    assert [cell.column for cell in changes.cells] == ["Recorded offences"]


def test_a_unit_that_changed_is_told_and_its_numbers_are_not_compared(
    compare: Callable[..., PageChanges],
) -> None:
    before = "Area,Rate (per 1,000)\nHarrow,60.9\n".replace("1,000", "1000")
    after = "Area,Rate (per 10000)\nHarrow,609\n"
    changes = compare(before, after)
    assert (changes.numbers, changes.cells) == (0, ())
    assert changes.tables[0].told == (
        "Unit of 'Rate' changed from 'per 1000' to 'per 10000': not compared.",
    )


def test_columns_that_are_new_or_gone_are_told(compare: Callable[..., PageChanges]) -> None:
    after = "Offence group,Offences\nBurglary,200\nRobbery,40\n"
    assert compare(CRIME, after).tables[0].told == ("Column gone: Change (%).",)
    assert compare(after, CRIME).tables[0].told == ("New column: Change (%).",)


def test_tables_that_are_new_or_gone_are_told(make_page: MakePage) -> None:
    changes = compare_pages(make_page(a=CRIME, b=CRIME), make_page(b=CRIME, c=CRIME))
    assert [(one.table_id, one.told) for one in changes.tables] == [
        ("a", ("Gone.",)),
        ("c", ("New table.",)),
    ]


def test_of_many_changes_the_largest_are_kept_and_all_are_counted(
    compare: Callable[..., PageChanges],
) -> None:
    before = "Month,n\n" + "".join(f"{n},{n}\n" for n in range(1, 200))
    after = "Month,n\n" + "".join(f"{n},{2 * n}\n" for n in range(1, 200))
    changes = compare(before, after)
    assert (changes.numbers_changed, len(changes.cells)) == (199, MOST_CELLS)
    assert [cell.row for cell in changes.cells[:2]] == ["199", "198"]


def test_a_finding_whose_words_or_certainty_changed_is_told_before_and_after(
    make_page: MakePage,
) -> None:
    before = make_page(("Crime fell", "By 3%.", "low"), ("Fear fell", "So.", "high"), a=CRIME)
    after = make_page(("Crime rose", "By 9%.", "high"), ("Fear fell", "So.", "low"), a=CRIME)
    one, other = compare_pages(before, after).findings
    # The headings differ: the section that they lead to tells that it is the same finding.
    assert one.before is not None
    assert one.after is not None
    assert (one.before.heading, one.after.heading) == ("Crime fell", "Crime rose")
    assert other.before is not None
    assert other.after is not None
    assert (other.before.certainty, other.after.certainty) == ("high", "low")


def test_findings_that_are_new_or_gone_are_told(make_page: MakePage) -> None:
    before = make_page(("Crime fell", "So.", "low"))
    after = make_page(("Fear rose", "So.", "low")).replace('"#s0"', '"#fear"')
    new, gone = compare_pages(before, after).findings
    assert (new.before, gone.after) == (None, None)


def test_the_figures_before_and_now_are_told(make_page: MakePage) -> None:
    pages = (make_page(a=CRIME, vintage=f"Harrow to {month}") for month in ("May", "June"))
    assert compare_pages(*pages).vintage == ("Harrow to May", "Harrow to June")


@pytest.mark.parametrize("old", ["", "<p>by hand</p>", "<!DOCTYPE html><main>nbconvert</main>"])
def test_a_page_of_another_layout_is_said_to_be_unread(old: str, make_page: MakePage) -> None:
    assert compare_pages(old, make_page(a=CRIME)) == PageChanges(unread=UNREADABLE)
    assert compare_pages(make_page(a=CRIME), old).unread == UNREADABLE


def test_sources_and_words_that_differ_are_told(make_page: MakePage) -> None:
    old = make_page(a=CRIME, b=CRIME)
    source = read_contents(old).tables[0].source
    changes = compare_pages(old, old.replace(source, "Another publisher."))
    assert changes.sources == ((source, "Another publisher."),)
    noted = compare_pages(old, old + "<p>Three months are missing.</p>")
    assert not noted.is_none
    assert noted == PageChanges(numbers=noted.numbers, is_worded_otherwise=True)
    assert PageChanges.from_json(noted.as_json()) == noted


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"a": "It fell"}, {"a": "It rose"}, [("It fell", "It rose")]),
        ({"a": "It fell"}, {"b": "It rose"}, [("", "It rose"), ("It fell", "")]),
        ({"a": "It fell", "b": "Few"}, {"b": "It fell"}, [("Few", "")]),
        ({"a": "It fell"}, {"b": "It fell"}, []),
    ],
)
def test_headings_of_sections_are_told_before_and_now(
    before: dict[str, str], after: dict[str, str], told: list[tuple[str, str]]
) -> None:
    section = (
        '<section aria-labelledby="{0}"><h2 id="{0}">{1}</h2>'
        '<p class="csp-sure" data-certainty="low">How sure</p></section>'
    )
    table = (
        '<figure class="csp-table" id="t"><a href="data:text/csv,A,n%0AX,1%0A"'
        ' download="t.csv">t</a></figure>'
    )
    old, new = (
        table + "".join(section.format(*each) for each in page.items())
        for page in (before, after)
    )
    assert compare_pages(old, new).headings == tuple(told)


def test_changes_come_back_from_json_as_they_went_in(make_page: MakePage) -> None:
    before = make_page(("Crime fell", "So.", "low"), a=CRIME, vintage="to May")
    after = make_page(a=CRIME.replace("200", "[c]").replace("Robbery", "Arson"), vintage="now")
    changes = compare_pages(before, after)
    assert isinstance(changes.tables[0], TableChange)
    assert PageChanges.from_json(changes.as_json()) == changes


@pytest.mark.parametrize(
    ("was", "now"),
    [
        # A window of months that rolls on, two of them without a homicide.
        ("2024-01,0,0\n2024-02,3,1\n", "2024-02,3,1\n2025-01,0,0\n"),
        ("June 2024,0,0\nJuly 2024,3,1\n", "July 2024,3,1\nJune 2025,0,0\n"),
        # A list of the first places, where two have the one count.
        ("Station Road,12,\nMarket,9,\n", "Market,9,\nHigh Street,12,\n"),
    ],
)
def test_a_row_that_came_is_not_called_the_one_that_went_by_chance(
    was: str, now: str, compare: Callable[..., PageChanges]
) -> None:
    changes = compare(f"Which,n,m\n{was}", f"Which,n,m\n{now}")
    assert [told.partition(":")[0] for told in changes.tables[0].told] == [
        "1 row gone",
        "1 row new",
    ]


def test_columns_of_one_head_are_told_apart(compare: Callable[..., PageChanges]) -> None:
    before = "Area,n,n\nHarrow,1,2\n"
    assert compare(before, before).is_none
    (cell,) = compare(before, before.replace("2\n", "5\n")).cells
    assert (cell.column, cell.before, cell.after) == ("n (2)", "2", "5")


def test_what_is_no_finite_number_is_a_word(compare: Callable[..., PageChanges]) -> None:
    before = "Area,n\nHarrow,nan\n"
    assert compare(before, before) == PageChanges()
    changes = compare(before, before.replace("nan", "inf"))
    assert (changes.numbers_changed, changes.words_changed) == (0, 1)


@pytest.mark.parametrize("altered", ["", "\n", "Area,n\rHarrow,1\rBrent,2"])
def test_a_table_altered_by_hand_stops_no_run(altered: str, make_page: MakePage) -> None:
    changes = compare_pages(make_page(a=altered, b=CRIME), make_page(a=CRIME, b=CRIME))
    assert [(one.table_id, one.told) for one in changes.tables] == [("a", ("New table.",))]
