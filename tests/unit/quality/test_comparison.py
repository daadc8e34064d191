"""What two pictures may differ in before somebody is told."""

import pytest
from PIL import Image, ImageDraw

from quality.gallery.comparison import MOST_PIXELS, change_of

GROUND, INK = (250, 248, 243), (11, 92, 99)


def picture(left: int = 20, ink: tuple[int, int, int] = INK, edge: tuple[int, int, int] | None = None) -> Image.Image:
    """A dot on a ground, its edge smoothed as `edge` has it."""
    drawn = Image.new("RGB", (80, 40), GROUND)
    pen = ImageDraw.Draw(drawn)
    pen.ellipse((left, 12, left + 12, 24), fill=ink, outline=edge or ink)
    return drawn


def test_nothing_is_said_of_smoother_edges_and_rounded_colors() -> None:
    for edge in ((130, 170, 171), (60, 120, 125), (220, 225, 222)):
        assert change_of(picture(edge=(100, 150, 150)), picture(edge=edge)) is None
    assert change_of(picture(), picture(ink=(13, 90, 99))) is None
    assert change_of(picture(left=20), picture(left=21)) is None


@pytest.mark.parametrize("other", [picture(left=24), picture(left=22), picture(ink=(26, 92, 55)),
                                   picture(ink=(11, 92, 115)), Image.new("RGB", (80, 40), GROUND)])  # fmt: skip
def test_what_moves_or_changes_its_color_is_seen(other: Image.Image) -> None:
    for change in (change_of(picture(), other), change_of(other, picture())):
        assert change is not None and change.where.histogram()[255] > MOST_PIXELS


def test_another_size_is_a_change() -> None:
    change = change_of(picture(), picture().crop((0, 0, 80, 39)))
    assert change is not None and "80×40 pixels became 80×39" in change.words
