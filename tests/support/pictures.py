"""Pictures to send in."""

import io

from PIL import Image


def picture() -> io.BytesIO:
    """A logo that one sees through."""
    file = io.BytesIO()
    Image.new("RGBA", (300, 200), (11, 92, 99, 128)).save(file, "PNG")
    file.seek(0)
    return file


def photo(size: tuple[int, int] = (2400, 1200), position: bool = True) -> io.BytesIO:
    """A photo as a phone takes it: with its place in it."""
    image = Image.new("RGB", size, "green")
    exif = Image.Exif()
    if position:
        exif[0x010F] = "PhoneMaker"
        exif.get_ifd(0x8825)[2] = (41.0, 7.0, 30.0)
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif)
    file.seek(0)
    return file
