"""What the last look at a page lets stand, and what it refuses."""

from __future__ import annotations

import pytest

from analysis.errors import ReportError
from analysis.publish.html.guard import content_security_policy, refuse_active_content
from analysis.publish.html.render import page_frame


@pytest.mark.parametrize(
    ("html", "named"),
    [
        ("<script>1</script>", "element script"),
        ("<iframe></iframe>", "element iframe"),
        ('<form action="/x"></form>', "element form"),
        ('<img src="data:image/png;base64,AA" alt="x">', "element img"),
        ("<template></template>", "element template"),
        ("<textarea></textarea>", "element textarea"),
        ("<marquee></marquee>", "element marquee"),
        ("<my-element></my-element>", "element my-element"),
        ('<link rel="stylesheet" href="x.css">', "element link"),
        ('<base href="https://example.org/">', "element base"),
        ('<svg aria-label="a"><set></set></svg>', "element set"),
        ('<svg aria-label="a"><animate/></svg>', "element animate"),
        ('<svg aria-label="a"><foreignObject></foreignObject></svg>', "element foreignobject"),
        ('<svg aria-label="a"><style>p{}</style></svg>', "element style"),
        ('<svg aria-label="a"><image href="#a"/></svg>', "element image"),
        ('<svg aria-label="a"><p>out</p></svg>', "element p"),
        ("<svg></svg>", "a drawing without words"),
        ('<math alttext="x"><maction></maction></math>', "element maction"),
        ('<math alttext="x"><mrow href="#a"></mrow></math>', "mrow with href"),
        ('<math alttext="x"><annotation-xml></annotation-xml></math>', "annotation-xml"),
        ("<math><mi>x</mi></math>", "a formula without words"),
        ('<p ONCLICK="x">a</p>', "p with onclick"),
        ('<p style="position:fixed">a</p>', "p with style"),
        ('<p nonce="a">a</p>', "p with nonce"),
        ('<p tabindex="5">a</p>', "tabindex 5"),
        ('<a href=" JavaScript:alert(1)">a</a>', "a with href"),
        ('<a href="java&#9;script:alert(1)">a</a>', "a with href"),
        ('<a href="data:text/html,x" download="x">a</a>', "a with href"),
        ('<a href="data:text/csv,x">a</a>', "a with href"),
        ('<a href="//example.org/x">a</a>', "a with href"),
        ('<a href="data:text/csv,x" download="x.html">a</a>', "a that saves as 'x.html'"),
        ('<a href="data:text/csv,x" download>a</a>', "a that saves as ''"),
        ('<a href="#b" ping="https://example.org">a</a>', "a with ping"),
        ('<a href="#b" target="_top">a</a>', "a with target"),
        (
            '<svg aria-label="a"><use href="https://a.example/b#c"/></svg>',
            "use with href",
        ),
        ('<svg aria-label="a"><path fill="url(//a.b/c)"/></svg>', "path with fill"),
        ("<style>@import 'x'</style>", "a style that fetches"),
        ("<style>p { background: u\\72l(//a.b/c) }</style>", "a style that fetches"),
        ("<style>p { background: image-set('//a.b/c' 1x) }</style>", "a style that fetches"),
        ("<p>a</p><style>p { color: red }</style>", "element style"),
        ('<meta http-equiv="refresh" content="0">', "meta that does more"),
        ('<p>a</p><meta name="viewport" content="a">', "element meta"),
        ('<p id="a"></p><p id="a"></p>', "identifier 'a' twice"),
        ('<p class="a" class="b"></p>', "p with an attribute twice"),
        ('<a href="../../passwd" download="a.csv">a</a>', "a with href to '../../passwd'"),
        ('<svg aria-label="a" transform="scale(99)"></svg>', "svg with transform"),
        ('<svg aria-label="a" fill="url(//a.b/c)"></svg>', "svg with fill that fetches"),
        ('<math alttext="a"><mpadded voffset="-99em"/></math>', "voffset of '-99em'"),
        ('<math alttext="a"><mstyle scriptlevel="-20"/></math>', "scriptlevel of '-20'"),
        (
            '<svg aria-label="a"><g id="a"><use href="#b"/></g><g id="b"/></svg>'
            '<svg aria-label="b"><use href="#a"/></svg>',
            "a use of 'b' within what is used itself",
        ),
        ('<a href="#b">a</a>', "link to '#b', which is not there"),
        ('<p aria-labelledby="b">a</p>', "link to '#b', which is not there"),
    ],
)
def test_what_is_on_no_list_is_refused(html: str, named: str) -> None:
    with pytest.raises(ReportError, match="^page: not published") as raised:
        refuse_active_content(html, "page")
    assert named in str(raised.value)


@pytest.mark.parametrize(
    "html",
    [
        "<p class=a>unquoted</p>",
        "<p class='a'>single</p>",
        '<p class="a"id="b">joined</p>',
        "<p/class=a>slash</p>",
        '<p class="a>b">bare in a value</p>',
        "<div/>a block that closes itself",
        "<p>a < b</p>",
        "<p>a</p><!-- <img> -->",
        "<p>a</p><?php ?>",
        "<p>a</p><![CDATA[<img>]]>",
        '<!DOCTYPE html SYSTEM "x"><p>a</p>',
        '<p>a</p class="b">',
        "<p>a</p/>",
        '<svg aria-label="a"></p><g></g></svg>',
        '<svg aria-label="a"></br><g></g></svg>',
        "</main><p>outside</p><main>",
        "<p>a</style></p>",
        "<b><i>crossed</b></i>",
        "<details><summary>never closed</summary>",
    ],
)
def test_a_page_that_could_be_read_two_ways_is_refused(html: str) -> None:
    with pytest.raises(ReportError, match="^page: not published"):
        refuse_active_content(html, "page")


@pytest.mark.parametrize(
    "html",
    [
        '<a href="data:text/csv;charset=utf-8,a%2Cb" download="a.csv">a</a>',
        '<a href="data:text/csv;charset=utf-8,a\u2009b" download="a.csv">a</a>',
        '<a href="https://www.legislation.gov.uk/">a</a>',
        '<a href="E09000015/targets.html">a</a>',
        '<svg aria-label="a"><lineargradient id="c"/><path fill="url(#c)"/></svg>',
        '<svg aria-label="a"><g id="c"><path/></g></svg><svg aria-label="b">'
        '<use href="#c"/></svg>',
        '<a href="data-tables.zip" download="data-tables.zip">a</a>',
        '<math alttext="a url(b)"><mo lspace="0.167em">=</mo></math>',
        '<math alttext="x squared"><msup><mi>x</mi><mn>2</mn></msup></math>',
        "<style>p { color: red }</style>",
        "<p>a &lt; b &amp; c</p>",
        '<svg aria-hidden="true"><g><path d="M0 0"/></g></svg><br><hr>',
    ],
)
def test_what_a_report_needs_may_stand(html: str) -> None:
    refuse_active_content(html, "page")


def test_only_the_script_that_a_page_is_given_may_stand() -> None:
    page = '<input type="search" id="q"><script>find()</script>'
    refuse_active_content(page, "index", script="find()")
    with pytest.raises(ReportError, match="a script that is not the page's own"):
        refuse_active_content(page, "index", script="other()")
    with pytest.raises(ReportError, match="element input; element script"):
        refuse_active_content(page, "index")


def test_the_policy_allows_one_style_and_no_script() -> None:
    policy = str(page_frame()["policy"])
    assert policy == content_security_policy(str(page_frame()["style"]))
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script" not in policy
    assert "unsafe" not in policy
