"""What the last look at a page refuses."""

from __future__ import annotations

import pytest

from analysis.errors import ReportError
from analysis.publish.html.guard import refuse_active_content


@pytest.mark.parametrize(
    ("html", "named"),
    [
        ("<script>1</script>", "element script"),
        ("<iframe></iframe>", "element iframe"),
        ("<svg><set></set></svg>", "element set"),
        ("<p ONCLICK='x'>a</p>", "p with onclick"),
        ("<a href=' JavaScript:alert(1)'>a</a>", "a with href"),
        ("<a href='data:text/html,x' download='x'>a</a>", "a with href"),
        ("<a href='data:text/csv,x'>a</a>", "a with href"),
        ("<a href='//example.org/x'>a</a>", "a with href"),
        ("<img src='https://example.org/x.png' alt='x'>", "img with src"),
        ("<img src='data:image/png;base64,AA'>", "img without alt"),
        ("<style>@import 'x'</style>", "a style that fetches"),
        ("<p style='background:url(https://example.org)'>a</p>", "a style that fetches"),
        ("<meta http-equiv='refresh' content='0'>", "element meta"),
        ("<p id='a'></p><p id='a'></p>", "identifier 'a' twice"),
        ("<a href='#b'>a</a>", "link to '#b', which is not there"),
    ],
)
def test_a_page_that_could_act_or_fetch_is_refused(html: str, named: str) -> None:
    with pytest.raises(ReportError, match="^page: not published") as raised:
        refuse_active_content(html, "page")
    assert named in str(raised.value)


@pytest.mark.parametrize(
    "html",
    [
        "<a href='data:text/csv;charset=utf-8,a%2Cb' download='a.csv'>a</a>",
        "<a href='https://www.legislation.gov.uk/'>a</a>",
        "<a href='E09000015/targets.html'>a</a>",
        "<svg><clipPath id='c'></clipPath><g style='clip-path: url(#c)'></g></svg>",
        "<style>p { color: red }</style>",
    ],
)
def test_what_a_report_needs_may_stand(html: str) -> None:
    refuse_active_content(html, "page")
