"""What the looks at a page must find: a page with planted faults, and one without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

DRAWING = (
    '<figure id="{figure}"><svg role="img" viewBox="0 0 200 100" width="{width}" '
    'aria-labelledby="{figure}-t {figure}-d"><title id="{figure}-t">{title}</title>'
    '<desc id="{figure}-d">{words}</desc><text x="{x}" y="50" font-size="12">Offences</text>'
    "</svg></figure>"
)
WORDS = "Line chart of burglary in Harrow: from 120 to 95 offences a month."
TABLE = (
    '<figure id="numbers" class="csp-table"><details><summary>Data</summary>'
    '<div class="scroll" role="region" tabindex="0" aria-label="Numbers"><table>'
    '<caption>Offences a year</caption><thead><tr><th scope="col">Year</th>'
    '<th scope="col">Offences (%)</th></tr></thead><tbody><tr><th scope="row">2015/16</th>'
    '<td>\u22121,204.5</td></tr><tr><th scope="row">=1+1</th><td>[c]</td></tr></tbody>'
    '</table></div><p>[c] = suppressed.</p><p class="csp-download">'
    '<a download="numbers.csv" href="data:text/csv,Year,Offences%20(%25)%0A2015/16,-1204.5'
    "%0A'=1+1,[c]%0A\">Download numbers.csv</a></p></details></figure>"
)
PAGE = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Burglary</title>
<meta name="viewport" content="width=device-width"><style>
body { background: #fff; color: #111; font: 16px sans-serif; }
a { color: #12436d; display: inline-block; padding: 6px; } .scroll { overflow-x: auto; }
:focus-visible { outline: 3px solid #111; }
@media (forced-colors: active) { :focus-visible { outline-color: CanvasText; } }
.csp-key-findings h2 { scroll-margin: 0; } .after { height: 900px; } svg { background: #fff; }
@media print { .csp-skip, nav, .csp-download, summary { display: none; } }
</style></head><body><a class="csp-skip" href="#main">Skip to the report</a>
<header><p>Safer Boroughs</p><h1>Is burglary falling?</h1></header>
<main id="main" tabindex="-1">
<section class="csp-key-findings" aria-labelledby="key"><h2 id="key">Key findings</h2>
<ul><li><a href="#fell">Burglary fell</a><p class="csp-certainty">How sure: high</p></li></ul>
</section><nav aria-labelledby="contents"><h2 id="contents">Contents</h2><ul>
<li><a href="#key">Key findings</a></li><li><a href="#fell">Burglary fell</a></li></ul></nav>
<section aria-labelledby="fell"><h2 id="fell">Burglary fell</h2>{drawing}{table}
<div class="after"></div></section>{more}</main>
<footer><p>Version 1. <a href="#key">Back to the findings</a></p></footer></body></html>"""


def drawn(
    figure: str = "burglary",
    title: str = "Burglary fell by a fifth",
    words: str = WORDS,
    x: int = 20,
    width: int = 200,
) -> str:
    return DRAWING.format(figure=figure, title=title, words=words, x=x, width=width)


def page(*changes: tuple[str, str], drawing: str = "", more: str = "") -> str:
    text = PAGE.replace("{drawing}", drawing or drawn()).replace("{table}", TABLE)
    text = text.replace("{more}", more)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.fixture
def opened(tmp_path: Path, visiting: Any) -> Any:
    """Open a page given as text, everything folded opened."""

    @contextmanager
    def open_page(html: str, width: int = 1280, **window: Any) -> Iterator[Any]:
        path = tmp_path / "planted.html"
        path.write_text(html, encoding="utf-8")
        with visiting(path, width, **window) as visit:
            visit.open_details()
            yield visit

    return open_page


LOOKS = ("overflowing", "cut", "contrast", "alternatives", "tables", "moving")


def test_a_page_without_fault_is_found_good(opened: Any) -> None:
    with opened(page(), reduced_motion="reduce") as visit:
        assert visit.requests == [visit.page.url]
        assert visit.said == []
        assert {look: visit.look(look) for look in LOOKS} == dict.fromkeys(LOOKS, [])
        assert visit.look("small", 11) == []
        assert visit.spoken_faults() == []
        assert visit.keyboard_faults() == []
        assert visit.landing_faults() == []
        assert visit.saved_faults() == []
        assert visit.axe()["violations"] == {}
    with opened(page(), 680) as visit:
        visit.page.evaluate("document.querySelector('details').open = false")
        visit.page.emulate_media(media="print")
        assert visit.look("paper") == []


WIDE = "<p style='width: 900px'>Wide</p>"
CUT = "<p style='width: 90px; overflow: hidden; white-space: nowrap'>Burglary in Harrow</p>"
LOW = "<p style='height: 1em; overflow: hidden'>Burglary<br>in Harrow</p>"
PALE = "<p style='color: #999'>Pale</p>"
VEILED = "<p style='background: linear-gradient(#fff, #000)'>Over a picture</p>"
TAUGHT = "<p style='transition: color 1s'>Moves</p>"
TRAP = "<p><a href='#fell' onblur='this.focus()'>Trap</a></p>"
FAR = "<p><a href='#fell' style='position: absolute; left: -999px'>Far</a></p>"
BARE = "<p><a href='#fell' style='outline: none'>Bare</a></p>"
EARLY = "<p><a href='#fell' tabindex='5'>Early</a></p>"
GONE = '<h2 id="fell" style="position: fixed; top: 2000px">'
SKIP = '<a class="csp-skip" href="#main">Skip to the report</a>'
PALE_LINE = "<p><a href='#fell' style='outline-color: #eee'>Pale line</a></p>"


@pytest.mark.parametrize(
    ("look", "html", "complaint"),
    [
        ("overflowing", page(more=WIDE), "page of .* p 'Wide'"),
        ("cut", page(more=CUT), "cut at the side: p 'Burglary"),
        ("cut", page(more=LOW), "cut below: p 'Burglary"),
        ("cut", page(drawing=drawn(x=180)), "cut by the edge of the drawing"),
        ("small", page(drawing=drawn(width=150)), "9.0 px: text 'Offences'"),
        ("contrast", page(more=PALE), "contrast of 2.85: p 'Pale'"),
        ("contrast", page(more=VEILED), "over a picture"),
        ("alternatives", page(drawing=drawn(title="Chart")), "a name that says nothing"),
        ("alternatives", page(drawing=drawn(words="Image 3")), "a description that says"),
        ("alternatives", page(drawing=drawn(words="")), "no description: burglary"),
        ("alternatives", page(drawing=drawn(title=WORDS)), "described by its title"),
        ("alternatives", page(drawing=drawn(words="It fell.")), "described in few words"),
        ("alternatives", page(drawing=drawn() + drawn("other", "Theft")), "of burglary: other"),
        ("alternatives", page(("burglary-t burglary-d", "burglary-t")), "not read out"),
        ("alternatives", page((' role="img"', "")), "not an image to a screen reader"),
        ("alternatives", page(more="<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"),
         "no words: img"),
        ("tables", page(("<caption>Offences a year</caption>", "")), "no caption: numbers"),
        ("tables", page(('<th scope="col">Year</th>', "<td>Year</td>"),
                        ('<th scope="col">O', "<th>O")), "a column without its head"),
        ("tables", page(('<th scope="row">2', "<th>2")), "a row without its head"),
        ("tables", page(("[c] = suppressed.", "")), "[c] without its meaning"),
        ("moving", page(more=TAUGHT), "moves: p 'Moves'"),
        ("moving", page(("body {", "html { scroll-behavior: smooth } body {")), "smoothly"),
        ("paper", page(("nav, ", "")), "prints nav"),
        ("paper", page(("@media print {", "@media print { .csp-certainty { display: none }")),
         "nothing of how sure"),
        ("paper", page(more="<table style='width: 800px'><tr><td>Wide</table>"), "800 px wide"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found(opened: Any, look: str, html: str, complaint: str) -> None:
    with opened(html, 680) as visit:
        if look == "paper":
            visit.page.emulate_media(media="print")
        found = visit.look(look, *([11] if look == "small" else []))
        assert any(re.search(complaint.replace("[", r"\["), one) for one in found), found


def test_what_was_just_unfolded_is_looked_at_before_a_frame_is_drawn(opened: Any) -> None:
    faulty = page(("[c] = suppressed.", ""))
    with opened(faulty) as visit:
        assert visit.look("tables")
        fold = "document.querySelectorAll('details').forEach(it => it.open = {})"
        folded, unfolded = visit.page.evaluate(
            f"() => {{ const told = []; {fold.format('false')}; told.push(checks.tables());"
            f" {fold.format('true')}; told.push(checks.tables()); return told; }}"
        )
        assert folded == []
        assert unfolded


@pytest.mark.parametrize(
    ("faults", "html", "complaint"),
    [
        ("spoken_faults", page(('<h2 id="fell">', '<h4 id="fell">')), "level 4 after one"),
        ("spoken_faults", page(("h1>", "h2>")), "first headings"),
        ("spoken_faults", page(('<main id="main" tabindex="-1">', '<div id="main">')),
         "0 main landmarks"),
        ("spoken_faults", page(("<caption>Offences a year</caption>", "")), "a table without"),
        ("spoken_faults", page(drawing="<p>None</p>"), "no img"),
        ("keyboard_faults", page((SKIP, "")), "first is no skip link"),
        ("keyboard_faults", page(more=TRAP), "comes again|stops, met"),
        ("keyboard_faults", page(more=FAR), "out of sight: a 'Far'"),
        ("keyboard_faults", page(more=BARE), "not seen to be there: a 'Bare'"),
        ("keyboard_faults", page(more=PALE_LINE), "not seen to be there: a 'Pale line'"),
        ("keyboard_faults", page(more=EARLY), "stops, met"),
        ("keyboard_faults", page(more="<h2 id='alone'>Alone</h2>"), "no link to h2#alone"),
        ("landing_faults", page(('<h2 id="fell">', GONE)), "#fell is not in view"),
        ("saved_faults", page(("-1204.5", "-1204")), "'\u22121,204.5' is shown, '-1204' saved"),
        ("saved_faults", page(("'=1+1", "=1+1")), "'=1.1' is shown, '=1.1' saved"),
        ("saved_faults", page(("Offences%20(%25)", "Offences")), "'Offences' saved"),
        ("saved_faults", page(("%0A'=1+1,[c]", "")), "rows or columns are missing"),
        ("saved_faults", page(('="numbers.csv"', '="data.csv"')), "saved as data"),
        ("saved_faults", page((' download="numbers.csv"', "")), "no table can be saved"),
    ],
)  # fmt: skip
def test_a_fault_planted_for_a_reader_is_found(
    opened: Any, faults: str, html: str, complaint: str
) -> None:
    with opened(html) as visit:
        found = getattr(visit, faults)()
        assert any(re.search(complaint, one) for one in found), found


def test_requests_messages_and_faults_that_axe_knows_are_found(opened: Any) -> None:
    more = (
        "<img src='http://127.0.0.1:9/x.png' alt='x'><script>console.log('said'); missing()"
        "</script><p style='color: #aaa'>Pale</p><button></button><video></video>"
    )
    with opened(page(more=more)) as visit:
        assert "http://127.0.0.1:9/x.png" in visit.requests
        assert "said" in visit.said
        assert any("missing is not defined" in one for one in visit.said)
        violations = visit.axe()["violations"]
        assert {"button-name", "color-contrast"} <= set(violations)


def test_what_a_reader_loses_who_spaces_the_text_is_found(opened: Any) -> None:
    tight = (
        "<p style='width: 9.5em; overflow: hidden; white-space: nowrap'>Burglary in Harrow</p>"
    )
    with opened(page(more=tight)) as visit:
        assert visit.look("cut") == []
        visit.space_out()
        assert visit.look("cut")


def test_a_label_that_spacing_takes_over_the_edge_is_lost_only_where_it_is_cut(
    opened: Any,
) -> None:
    near_the_edge = page(drawing=drawn(x=145))
    with opened(near_the_edge) as visit:
        assert visit.look("cut") == []
        visit.space_out()
        assert visit.look("cut", True)
        visit.page.evaluate("document.querySelector('svg').style.overflow = 'visible'")
        assert visit.look("cut", True) == []
        visit.page.set_viewport_size({"width": 200, "height": 600})
        assert visit.look("cut", True)
