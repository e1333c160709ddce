"""Labels: never on top of each other, never far from home."""

from hypothesis import given
from hypothesis import strategies as st

from analysis.charts.labels import spread

HEIGHTS = st.lists(st.floats(0, 400), min_size=1, max_size=12)


@given(HEIGHTS)
def test_spread_labels_keep_their_gap(heights):
    moved = sorted(spread(heights, 15))
    assert all(b - a >= 15 - 1e-6 for a, b in zip(moved, moved[1:], strict=False))


@given(HEIGHTS)
def test_spread_labels_keep_their_order(heights):
    moved = spread(heights, 15)
    for place, height in enumerate(heights):
        for other, other_height in enumerate(heights):
            if height < other_height:
                assert moved[place] < moved[other]


@given(st.lists(st.integers(0, 12), min_size=1, max_size=12, unique=True))
def test_labels_with_room_stay_where_they_are(places):
    heights = [float(40 * place) for place in places]
    assert spread(heights, 15) == heights
