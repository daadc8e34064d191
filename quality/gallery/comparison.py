"""Whether a picture looks as it did: a tolerance for how curves are smoothed, and none for colours and places.

A pixel is as it was if each of its channels lies between the lowest and the highest value of the 3 × 3 pixels around
it in the other picture, give or take ROUNDING; this is asked both ways. So another browser may smooth the edge of a
curve otherwise, and a line may move by one pixel, as rounding moves it. A colour of an area, a line or a letter that
changes lies outside the range of one of the pictures, and what moves by two pixels or more is not beside its place.
Letters are drawn without smoothing (fonts.conf), and so are the same to the pixel where font and browser are the same.
"""

from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter

ROUNDING = 3
"""Of 255 a channel: colours that are mixed or converted are rounded otherwise on other processors."""
MOST_PIXELS = 10
"""Pixels that may differ in a picture: less than the smallest dot or stroke that carries meaning, which has 12."""


@dataclass(frozen=True, slots=True)
class Change:
    """How a picture differs: in size, or in so many pixels, which are white in `where`."""

    words: str
    where: Image.Image


def change_of(expected: Image.Image, got: Image.Image) -> Change | None:
    """What changed between two pictures (RGB); None where nobody would see it."""
    if expected.size != got.size:
        words = f"{expected.width}×{expected.height} pixels became {got.width}×{got.height}"
        return Change(words, Image.new("L", got.size, 255))
    where = ImageChops.lighter(_outside(got, expected), _outside(expected, got))
    count = where.histogram()[255]
    return Change(f"{count} pixels differ", where) if count > MOST_PIXELS else None


def _outside(picture: Image.Image, other: Image.Image) -> Image.Image:
    """White where `picture` has what `other` has not at or beside that place, else black."""
    above = ImageChops.subtract(picture, other.filter(ImageFilter.MaxFilter(3)))
    below = ImageChops.subtract(other.filter(ImageFilter.MinFilter(3)), picture)
    red, green, blue = ImageChops.lighter(above, below).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return most.point([255 * (value > ROUNDING) for value in range(256)])
