"""The site lists what there is, says what failed, sets side by side, and tells of runs."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import frictionless
import pytest

from analysis.errors import UsageError
from analysis.params.runs import load_defaults
from analysis.params.site import ComparedTable, Publisher, SiteParams, load_site_params
from analysis.publish.changes import compare_contents
from analysis.publish.contents import PageContents, read_contents
from analysis.publish.ledger import LEDGER_NAME, Ledger, ReportRow, kept_contents
from analysis.publish.rebuilds import Rebuild
from analysis.publish.site import fill_contents, is_site_current, write_site
from analysis.publish.site.comparison import set_side_by_side
from analysis.publish.site.folder import PAGES
from analysis.publish.site.reports import list_reports
from analysis.publish.site.run_changes import largest_change

MakeRow = Callable[..., ReportRow]
MakePage = Callable[..., str]
KeepRun = Callable[..., None]

HARROW, BARNET, BRENT = "E09000015", "E09000003", "E09000005"
RATES = "Borough,Value (per 1000)\nBarnet,69.5\nHarrow,60.9\n"


def read(out: Path, name: str) -> str:
    return (out / name).read_text("utf-8")


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory,
    make_row: MakeRow,
    make_page: MakePage,
    keep_run: KeepRun,
) -> Path:
    """Barnet built; Harrow built, then failed; Brent failed at once."""
    folder = tmp_path_factory.mktemp("made")
    harrow, barnet = make_row(HARROW, "targets"), make_row(BARNET, "targets")
    findings = [("It fell", "By 3%.", "high"), ("Fear & fell", "So.", "low")]
    html = make_page(*findings, rates=RATES)
    keep_run(folder, (harrow, html), (barnet, html))
    failed = replace(harrow, status="failed", error="Harrow: no <b>", title="")
    brent = replace(failed, area_code=BRENT, error="Brent: no", headline="")
    keep_run(folder, (failed, ""), (brent, ""), outcome="some failed", size=(5, 3))
    write_site(folder)
    return folder


@pytest.fixture
def out(made: Path, tmp_path: Path) -> Path:
    """A copy of that folder, for a test to change."""
    return Path(shutil.copytree(made, tmp_path / "reports"))


def test_boroughs_stand_in_order_of_name(out: Path) -> None:
    headings = re.findall(r'<h3 id="area-[^"]*"[^>]*>([^<]*)', read(out, "index.html"))
    assert headings == ["Barnet", "Brent", "Harrow"]


def test_reports_of_a_borough_stand_in_the_order_of_the_defaults(
    tmp_path: Path, make_row: MakeRow, keep_run: KeepRun
) -> None:
    names = ("own_question", "public_confidence", "strategic_assessment")
    keep_run(tmp_path, *((make_row(HARROW, name), "<p>a page</p>") for name in names))
    write_site(tmp_path)
    found = re.findall(r'data-report="([^"]*)" data-area', read(tmp_path, "index.html"))
    assert [one.partition("/")[2] for one in found] == [
        "strategic_assessment", "public_confidence", "own_question",
    ]  # fmt: skip


def test_a_failed_report_is_said_and_the_one_before_it_still_linked(out: Path) -> None:
    index = read(out, "index.html")
    assert f'href="{HARROW}/targets.html"' in index
    assert "Not up to date: its last run failed" in index
    assert "Harrow: no &lt;b&gt;" in index


def test_a_report_that_never_was_has_no_link(out: Path) -> None:
    index = read(out, "index.html")
    assert "Not built: its run failed." in index
    assert f"{BRENT}/targets.html" not in index


def test_a_report_whose_page_is_gone_is_said_to_be(out: Path) -> None:
    (out / BARNET / "targets.html").unlink()
    write_site(out)
    assert "its page is gone from this folder" in read(out, "index.html")
    assert f"{BARNET}/targets.html" not in read(out, "index.html")
    assert "Barnet: Is it rising?" in text_of(read(out, "changes.html"))


def test_the_index_tells_findings_certainty_and_vintage(out: Path) -> None:
    index = read(out, "index.html")
    assert "How sure: <strong>high</strong>" in index
    assert "Figures to December 2025" in index
    assert f'<a href="{BARNET}/targets.html#s1">Fear &amp; fell</a>' in index


def test_a_pdf_is_linked_while_it_is_printed_from_the_page_that_stands(out: Path) -> None:
    shown = list_reports(out)[0].shown
    assert shown is not None
    stamp = f"% printed from the page of SHA-256 {shown.output_sha256}\n%%EOF\n"
    pdf = out / BARNET / "targets.pdf"
    pdf.write_text(stamp)
    write_site(out)
    assert f'href="{BARNET}/targets.pdf"' in read(out, "index.html")
    pdf.write_text(stamp.replace(shown.output_sha256, "0" * 64))
    write_site(out)
    assert "targets.pdf" not in read(out, "index.html")


def test_every_borough_has_a_square_and_those_with_reports_link_to_their_place(
    out: Path,
) -> None:
    squares = re.findall(r'<li class="csp-tile-r.*?</li>', read(out, "index.html"))
    assert len(squares) == 32
    links = {re.search(r'href="([^"]*)"', one)[1]: one for one in squares if "href" in one}  # type: ignore[index]
    assert set(links) == {"#area-harrow", "#area-barnet", "#area-brent"}
    assert text_of(links["#area-harrow"]) == "HRW Harrow 1 report, 1 failed"
    inert = [text_of(one) for one in squares if "href" not in one]
    assert "SWK Southwark no report" in inert


def test_a_theme_leads_to_its_boroughs(out: Path) -> None:
    theme = read(out, "index.html").partition('id="by-theme"')[2]
    assert text_of(theme).startswith(
        ">Reports by theme Is it rising? Barnet : Is it rising? Brent (not built) Harrow"
    )


def test_only_the_index_has_a_script_and_its_policy_names_it(out: Path) -> None:
    for name in PAGES:
        html = read(out, name)
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
        assert policy is not None
        told = unescape(policy[1])
        assert ("<script>" in html) == ("script-src 'sha256-" in told)
        assert ("<script>" in html) == (name == "index.html")
        assert "unsafe" not in told


def test_links_of_every_page_are_relative_and_lead_somewhere(out: Path) -> None:
    for name in PAGES:
        for address in re.findall(r'href="([^"#]+)', read(out, name)):
            if not address.startswith(("https://", "mailto:")):
                assert (out / address).is_file(), f"{name}: {address}"


def test_every_page_marks_itself_in_the_navigation(out: Path) -> None:
    for name, title in PAGES.items():
        assert f'<a href="{name}" aria-current="page">{title}</a>' in read(out, name)
        assert read(out, name).count('aria-current="page"') == 1


def test_a_site_that_says_the_same_is_not_written_again(out: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    assert is_site_current(out)
    write_site(out)
    assert {path.name: path.stat().st_mtime_ns for path in out.iterdir()} == before


def test_what_another_process_is_writing_is_left_to_it(out: Path) -> None:
    (out / "index.html").unlink()
    (out / "index.tmp").write_text("half of it", "utf-8")
    write_site(out)
    assert (out / "index.tmp").read_text("utf-8") == "half of it"
    assert [path.name for path in out.glob("*.tmp")] == ["index.tmp"]


def test_a_page_of_the_site_that_cannot_be_written_is_named(out: Path) -> None:
    (out / "runs.html").unlink()
    (out / "runs.html").mkdir()
    with pytest.raises(UsageError, match=r"runs.html: cannot be written \(.*\). See that"):
        write_site(out)
    assert not list(out.glob("*.tmp"))


def test_a_site_half_written_is_not_taken_for_current(out: Path, small_project: Path) -> None:
    write_site(out)
    (small_project / "params/site.yml").write_text("publisher: {name: A council}", "utf-8")
    (out / "accessibility.html").unlink()
    (out / "accessibility.html").mkdir()
    with pytest.raises(UsageError):
        write_site(out)
    (out / "accessibility.html").rmdir()
    (out / "accessibility.html").write_text("half of it", "utf-8")
    assert not is_site_current(out)


def test_a_sources_text_that_opens_like_a_formula_is_escaped_in_the_list_of_tables(
    out: Path, keep_run: KeepRun, make_row: MakeRow, make_page: MakePage
) -> None:
    page = make_page(stated="=HYPERLINK(1)", rates=RATES)
    keep_run(out, (make_row(HARROW, "targets"), page))
    write_site(out)
    with ZipFile(out / "data-tables.zip") as archive:
        listed = archive.read("tables.csv").decode()
    assert "'=HYPERLINK(1)" in listed
    assert ",=HYPERLINK" not in listed


def test_what_an_exception_quotes_is_not_on_the_site(
    made: Path, tmp_path: Path, keep_run: KeepRun, make_row: MakeRow, make_page: MakePage
) -> None:
    out = Path(shutil.copytree(made, tmp_path / "reports"))
    barnet = make_row(BARNET, "targets"), make_page(rates=RATES)
    error = "Harrow: own failed at cell 4 of notebooks/own.ipynb: KeyError: '12 High Street'"
    row = make_row(HARROW, "own", status="failed", output_sha256="", error=error)
    keep_run(out, barnet, (row, ""), outcome="some failed")
    write_site(out)
    for name in ("index.html", "changes.html", "runs.html"):
        text = unescape(read(out, name))
        assert "notebooks/own.ipynb: KeyError ('csp status' says more)." in text, name
        assert "High Street" not in text, name


def test_a_site_is_not_current_once_what_it_tells_of_is_not(
    out: Path, keep_run: KeepRun, make_row: MakeRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    (out / "changes.html").unlink()
    assert not is_site_current(out)
    write_site(out)
    assert is_site_current(out)
    keep_run(out, (make_row(HARROW, "targets"), "<p>another</p>"))
    assert not is_site_current(out)
    write_site(out)
    params = load_site_params()
    other = params.model_copy(update={"publisher": Publisher(name="Harrow Council")})
    monkeypatch.setattr("analysis.publish.site.folder.load_site_params", lambda: other)
    assert not is_site_current(out)
    monkeypatch.setattr("analysis.publish.site.folder.load_site_params", lambda: params)
    assert is_site_current(out)
    order = load_defaults().model_copy(update={"notebooks": ["targets"]})
    monkeypatch.setattr("analysis.publish.site.folder.load_defaults", lambda: order)
    assert not is_site_current(out)


def test_the_site_needs_no_page_of_a_report_once_the_ledger_has_what_it_says(
    out: Path,
) -> None:
    ledger = Ledger(out)
    fill_contents(out, ledger)
    ledger.close()
    before = read(out, "index.html")
    # Not what was published: a page altered by hand is not what the site tells of.
    (out / BARNET / "targets.html").write_text("altered")
    write_site(out)
    assert read(out, "index.html") == before
    assert len(kept_contents(out)) == 2


def compared(
    rows: list[ReportRow], pages: list[str], *chosen: ComparedTable, folder: Path
) -> list[object]:
    ledger = Ledger(folder)
    ledger.begin_run({}, "0", "")
    for row, html in zip(rows, pages, strict=True):
        (folder / row.area_code).mkdir(exist_ok=True)
        (folder / row.area_code / "targets.html").write_text(html)
        ledger.record(row)
    ledger.close()
    return list(set_side_by_side(list_reports(folder), chosen))


def test_own_rows_stand_side_by_side_with_unit_period_and_source(
    tmp_path: Path, make_row: MakeRow, make_page: MakePage
) -> None:
    rows = [make_row(code, "targets", vintage="To May") for code in (HARROW, BARNET)]
    pages = [make_page(rates=RATES), make_page(rates=RATES).replace("Harrow,", "Barnet,")]
    (table,) = compared(rows, pages, ComparedTable(table="rates"), folder=tmp_path)
    assert table.title == "Recorded offences, June 2024 to May 2025"  # type: ignore[attr-defined]
    assert table.head == ("Value (per 1000)",)  # type: ignore[attr-defined]
    assert [(row.area_name, row.cells) for row in table.rows] == [  # type: ignore[attr-defined]
        ("Barnet", ("69.5",)),
        ("Harrow", ("60.9",)),
    ]
    assert table.sources == ("Metropolitan Police Service.",)  # type: ignore[attr-defined]
    assert (table.vintage, table.stated) == ("To May", table.title)  # type: ignore[attr-defined]


def test_figures_or_periods_that_differ_are_marked_in_every_row(
    tmp_path: Path, make_row: MakeRow, make_page: MakePage
) -> None:
    rows = [
        make_row(HARROW, "targets", vintage="Harrow to May 2025; plan: A"),
        make_row(BARNET, "targets", vintage="Barnet to June 2026; plan: B"),
    ]
    pages = [make_page(rates=RATES), make_page(rates=RATES, stated="Offences, Barnet, 2026")]
    (table,) = compared(rows, pages, ComparedTable(table="rates"), folder=tmp_path)
    assert (table.vintage, table.stated) == ("", "")  # type: ignore[attr-defined]
    barnet, harrow = table.rows  # type: ignore[attr-defined]
    assert (harrow.vintage, barnet.vintage) == ("To May 2025", "To June 2026")
    assert barnet.stated == "Offences, 2026"


def test_columns_that_differ_are_not_set_side_by_side(
    tmp_path: Path, make_row: MakeRow, make_page: MakePage
) -> None:
    rows = [make_row(code, "targets") for code in (HARROW, BARNET)]
    pages = [make_page(rates=RATES), make_page(rates=RATES.replace("1000", "10000"))]
    assert compared(rows, pages, ComparedTable(table="rates"), folder=tmp_path) == []


def test_a_named_row_is_taken_and_the_boroughs_own_name_in_a_head_made_neutral(
    tmp_path: Path, make_row: MakeRow, make_page: MakePage
) -> None:
    rows = [make_row(code, "targets") for code in (HARROW, BARNET)]
    pages = [
        make_page(a=f"Group,{name} (%)\nArson,{n}\nRape,0\n", stated=f"Share, {name}, 2025")
        for name, n in (("Harrow", 1200), ("Barnet", 7))
    ]
    chosen = ComparedTable(table="a", row="Arson")
    (table,) = compared(rows, pages, chosen, folder=tmp_path)
    assert table.title == "Arson: share, 2025"  # type: ignore[attr-defined]
    assert table.head == ("The borough (%)",)  # type: ignore[attr-defined]
    assert [row.cells for row in table.rows] == [("7",), ("1,200",)]  # type: ignore[attr-defined]


def test_the_comparison_of_one_borough_says_that_it_needs_two(
    tmp_path: Path, make_row: MakeRow, make_page: MakePage, keep_run: KeepRun
) -> None:
    keep_run(tmp_path, (make_row(HARROW, "targets"), make_page(rates=RATES)))
    write_site(tmp_path)
    assert "Only Harrow has been built" in read(tmp_path, "comparison.html")


@pytest.fixture
def rebuilt(
    tmp_path: Path, make_row: MakeRow, make_page: MakePage, keep_run: KeepRun
) -> Callable[..., str]:
    """The changes page after Harrow's report was built again, from other parameters."""

    def build(**told: object) -> str:
        row = make_row(HARROW, "targets")
        pages = [
            make_page(("It fell", "So.", "low"), rates=RATES, vintage="to May"),
            make_page(("It rose", "So.", "high"), rates=RATES.replace("60.9", "66.99")),
        ]
        keep_run(tmp_path, (row, pages[0]), (make_row(BARNET, "targets"), pages[0]))
        rebuild = Rebuild("why", compare_contents(*map(read_contents, pages)), **told)  # type: ignore[arg-type]
        keep_run(tmp_path, (row, pages[1]), rebuilds={row.name: rebuild})
        write_site(tmp_path)
        return text_of(read(tmp_path, "changes.html"))

    return build


def test_the_changes_page_tells_numbers_findings_figures_and_why(
    rebuilt: Callable[..., str],
) -> None:
    page = rebuilt(parts="program changed", version=("0.1.0", "0.2.0"))
    assert (
        "1 of 2 numbers changed, the largest: Harrow, Value (per 1000), 60.9 to 66.99 "
        "(+6.09, +10.0%), in &#34;Title of rates: "
    ) in page
    assert "Why: program changed; package version 0.1.0 to 0.2.0." in page
    assert "Figures before to May Figures now Harrow to May 2025" in page
    assert "Before It fell How sure: low Now It rose How sure: high" in page
    assert "Run 1: 2 reports built, with nothing kept to compare with" in page
    assert "against what stood before it: 1 report changed; 1 of 2 numbers changed." in page


def test_the_largest_change_told_is_one_of_a_number(make_page: MakePage) -> None:
    before = make_page(a="Area,Verdict,n lower\nHarrow,low,5\n")
    after = make_page(a="Area,Verdict,n lower\nHarrow,high,4\n")
    page = compare_contents(read_contents(before), read_contents(after))
    assert largest_change(page, {}) == (
        "1 of 1 number changed, the largest: Harrow, n lower, 5 to 4 (−1, −20.0%). "
        "1 other value changed."
    )
    # Words alone among the changes kept: the numbers are counted all the same.
    words = replace(page, cells=page.cells[:1])
    assert largest_change(words, {}) == "1 of 1 number changed. 1 other value changed."


def test_changes_of_parameters_alone_are_said_to_be_no_revision(
    rebuilt: Callable[..., str],
) -> None:
    parameters = (("as_of", "not given", "2024-12"),)
    page = rebuilt(parts="parameters changed", parameters=parameters)
    assert "Only the parameters differ" in page
    assert "Parameter as_of : not given, now 2024-12" in page


def test_parameters_that_differ_beside_other_parts_are_said_too(
    rebuilt: Callable[..., str],
) -> None:
    parameters = (("as_of", "not given", "2024-12"),)
    page = rebuilt(parts="figures changed, parameters changed", parameters=parameters)
    assert "not every change is one of the figures" in page
    assert "Only the parameters differ" not in page


def test_the_list_of_runs_says_what_each_came_to(out: Path) -> None:
    runs = text_of(read(out, "runs.html"))
    assert "2 " in runs
    newest, first = re.findall(r'<tr><th scope="row" id="run.*?</tr>', read(out, "runs.html"))
    cells = [text_of(cell) for cell in re.findall(r"<td.*?</td>", newest)]
    assert cells[1:7] == ["Harrow: all notebooks", "some failed", "0", "2", "2", "1"]
    # Seconds, of which a busy machine may take one.
    assert cells[7].isdigit()
    assert cells[8:] == ["c0ffee", "0.1.0"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", cells[0])
    # The ledger before did not keep how many were asked for.
    assert text_of(first).count("not kept") == 2
    assert "Harrow: no <b>" in runs.replace("&lt;", "<").replace("&gt;", ">")


def test_no_page_but_the_list_of_runs_holds_a_time(out: Path) -> None:
    for name in PAGES:
        has_time = re.search(r"\b\d\d:\d\d\b", text_of(read(out, name)))
        assert bool(has_time) == (name == "runs.html"), name


def test_the_statement_is_a_draft_until_the_publisher_is_filled_in(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = text_of(read(out, "accessibility.html"))
    assert "Not finished" in draft
    assert "still empty: name, email or telephone, statement_prepared" in draft
    assert "No person who uses a screen reader" in draft
    who = Publisher(
        name="A council", email="a@b.uk", statement_prepared="3 March 2026", address="1 Road"
    )
    monkeypatch.setattr(
        "analysis.publish.site.folder.load_site_params", lambda: SiteParams(publisher=who)
    )
    write_site(out)
    page = read(out, "accessibility.html")
    assert "Not finished" not in page
    assert '<a href="mailto:a@b.uk">' in page
    assert "prepared on 3 March 2026 by A council" in page


@pytest.fixture
def archive(out: Path) -> ZipFile:
    """The ZIP of the tables, opened."""
    return ZipFile(out / "data-tables.zip")


def test_the_archive_holds_every_table_as_the_page_has_it(archive: ZipFile) -> None:
    assert archive.testzip() is None
    assert archive.namelist() == [
        "README.txt", "datapackage.json", "tables.csv",
        f"{BARNET}/targets/rates.csv", f"{HARROW}/targets/rates.csv",
    ]  # fmt: skip
    assert archive.read(f"{HARROW}/targets/rates.csv").decode() == RATES


def test_the_archive_says_what_it_is_and_lists_its_tables(archive: ZipFile) -> None:
    readme = archive.read("README.txt").decode()
    for words in (
        "Open Government Licence v3.0",
        "[c]    suppressed",
        f"{HARROW}/targets: Figures to December 2025",
        f"{HARROW}/targets/rates.csv: Title of rates",
    ):
        assert words in readme
    rows = list(csv.DictReader(StringIO(archive.read("tables.csv").decode())))
    assert [(row["area_name"], row["rows"]) for row in rows] == [
        ("Barnet", "2"),
        ("Harrow", "2"),
    ]
    assert rows[0]["source"] == "Metropolitan Police Service."


def test_the_archive_is_a_valid_data_package(archive: ZipFile, tmp_path: Path) -> None:
    archive.extractall(tmp_path / "opened")
    report = frictionless.validate(str(tmp_path / "opened/datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])
    package = json.loads(archive.read("datapackage.json"))
    fields = package["resources"][0]["schema"]["fields"]
    assert [field["type"] for field in fields] == ["string", "number"]


def test_the_same_reports_give_the_same_archive(out: Path) -> None:
    path = out / "data-tables.zip"
    before = path.read_bytes()
    path.unlink()
    write_site(out)
    assert path.read_bytes() == before
    assert {one.date_time for one in ZipFile(BytesIO(before)).infolist()} == {
        (1980, 1, 1, 0, 0, 0)
    }


def test_the_index_gives_the_size_of_the_archive(out: Path) -> None:
    size = (out / "data-tables.zip").stat().st_size
    told = re.search(r"ZIP, (\d+) KB\)</a>: 2 tables", read(out, "index.html"))
    assert told is not None
    assert int(told[1]) == size // 1000


def test_before_the_first_report_every_page_says_so(tmp_path: Path) -> None:
    write_site(tmp_path)
    for name in PAGES:
        if name != "accessibility.html":
            assert "No report has been built yet" in read(tmp_path, name)


def test_a_site_from_a_ledger_of_the_first_version_loses_nothing(
    out: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    old = tmp_path_factory.mktemp("old")
    shutil.copytree(out, old, dirs_exist_ok=True)
    connection = sqlite3.connect(old / LEDGER_NAME, isolation_level=None)
    for table in ("run_sizes", "changes", "contents"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    write_site(old)
    assert read(old, "index.html") == read(out, "index.html")
    assert read(old, "comparison.html") == read(out, "comparison.html")


def test_a_page_kept_in_the_ledger_is_the_page_that_stands(
    out: Path, make_page: MakePage
) -> None:
    ledger = Ledger(out)
    fill_contents(out, ledger)
    ledger.close()
    kept = PageContents.unpacked(kept_contents(out)[HARROW, "targets"][1])
    assert [table.csv for table in kept.tables] == [RATES]
    assert [finding.heading for finding in kept.findings] == ["It fell", "Fear & fell"]
