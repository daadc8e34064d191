"""Photos of a spot: taken in as a picture, kept as our own JPEG, without anything a phone wrote into it.

Format and size are known before anything is decoded, and one photo is decoded at a time in a worker. Of an animated
file the first picture counts.
"""

import io
import math
import struct
import warnings
from dataclasses import dataclass
from hashlib import sha256
from typing import IO

from PIL import Image, ImageOps, PngImagePlugin, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile

from directory.errors import BadInputError
from directory.submissions.uploads.unpacking import in_turn

MOST_BYTES = 8_000_000
MOST_PIXELS = {"JPEG": 40_000_000, "PNG": 9_000_000, "WEBP": 3_200_000}
"""By format. A JPEG is shrunk while it is read; a PNG is decoded whole, in 4 bytes a pixel, and a WebP in 16."""
MOST_HELD = 72_000_000
"""Bytes that may be held of a JPEG whose picture comes in several scans (progressive): all its coefficients, two bytes
each, and the picture as it is read and as it is copied, four bytes a pixel each."""
MOST_SCANS = 30
LONGEST_SIDE = 1600
STRIP_ROWS = 64
_UNREADABLE = (
    UnidentifiedImageError, OSError, EOFError, ValueError, SyntaxError, KeyError, IndexError, TypeError, struct.error,
    OverflowError,
)  # fmt: skip

Image.MAX_IMAGE_PIXELS = max(MOST_PIXELS.values()) // 2  # at twice as many Pillow refuses to open a file
PngImagePlugin.MAX_TEXT_MEMORY = 4_000_000  # characters of all the comments in a PNG, unpacked


class BadPhotoError(BadInputError, ValueError):
    """A file that cannot be used as a photo; `kind` is large, pixels, scans or unreadable.

    `megapixels` is how many there may be, where there are too many pixels.
    """

    def __init__(self, kind: str, megapixels: float = 0) -> None:
        super().__init__(kind)
        self.kind = kind
        self.megapixels = megapixels


@dataclass(frozen=True, slots=True)
class EncodedPhoto:
    """A picture as we encoded it."""

    digest: str
    content: bytes
    width: int
    height: int


def reencode(file: IO[bytes]) -> EncodedPhoto:
    """Decode a file, turn the picture upright, shrink it to 1600 pixels, and write it anew.

    Raises BadPhotoError or BusyError.
    """
    return in_turn(_reencode, file)


def _reencode(file: IO[bytes]) -> EncodedPhoto:
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BadPhotoError("large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of faulty tags Pillow warns one by one
            picture = _upright(data)
    except Image.DecompressionBombError as error:
        raise BadPhotoError("pixels", _mega(max(MOST_PIXELS.values()))) from error
    except BadPhotoError:
        raise
    except _UNREADABLE as error:
        raise BadPhotoError("unreadable") from error
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=82, optimize=True, progressive=True)
    content = written.getvalue()
    return EncodedPhoto(sha256(content).hexdigest(), content, *picture.size)


def _upright(content: bytes) -> Image.Image:
    """The picture as it is kept: small, upright, and without the file's position, time, camera and thumbnail."""
    picture = _decoded(content)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    ImageOps.exif_transpose(picture, in_place=True)
    picture.info = {}
    return picture


def _decoded(content: bytes) -> Image.Image:
    """The picture on white, at most twice as large as it is kept; its `info` says how the phone was held."""
    source = io.BytesIO(content)
    with Image.open(source, formats=tuple(MOST_PIXELS)) as image:
        most = MOST_PIXELS["JPEG" if isinstance(image, JpegImageFile) else str(image.format)]
        if image.width * image.height > most:
            raise BadPhotoError("pixels", _mega(most))
        if isinstance(image, JpegImageFile):
            in_several_scans = _in_several_scans(image, content[: source.tell()])  # Pillow has read up to the first
            coefficients = _coefficients(image)
            share = LONGEST_SIDE / max(image.size)
            image.draft("RGB", (math.ceil(image.width * share), math.ceil(image.height * share)))
            if in_several_scans:
                _refuse_costly_scans(image, content, coefficients)
        flat = _flattened(image)
        flat.info = dict(image.info)
        return flat


def _refuse_costly_scans(image: JpegImageFile, content: bytes, coefficients: float) -> None:
    """Bound what a JPEG in several scans costs: of these nothing is left out while it is read."""
    held = 2 * coefficients + 2 * 4 * image.width * image.height
    if held > MOST_HELD or content.count(b"\xff\xda") > MOST_SCANS:
        raise BadPhotoError("scans")


def _coefficients(image: JpegImageFile) -> float:
    """How many numbers a JPEG holds: colours may have fewer than one a pixel."""
    sizes = [(across, down) for _, across, down, _ in image.layer]
    widest, tallest = max(across for across, _ in sizes), max(down for _, down in sizes)
    return image.width * image.height * sum(across * down for across, down in sizes) / (widest * tallest)


def _in_several_scans(image: JpegImageFile, head: bytes) -> bool:
    """Whether a JPEG is progressive, or its first scan leaves colours to later ones; `head` ends with its header."""
    length = 6 + 2 * image.layers
    of_all_colours = bytes((0xFF, 0xDA, 0, length, image.layers))
    return "progressive" in image.info or not head[-length - 2 :].startswith(of_all_colours)


def _flattened(image: Image.Image) -> Image.Image:
    """`image` on white and reduced by a whole number, strip by strip: in one piece it would be held twice."""
    factor = max(1, max(image.size) // LONGEST_SIDE)
    flat = Image.new("RGB", (math.ceil(image.width / factor), math.ceil(image.height / factor)))
    step = STRIP_ROWS * factor
    for top in range(0, image.height, step):
        strip = image.crop((0, top, image.width, min(top + step, image.height))).convert("RGBA")
        ground = Image.new("RGBA", strip.size, "white")
        ground.alpha_composite(strip)
        flat.paste(ground.convert("RGB").reduce(factor), (0, top // factor))
    return flat


def _mega(pixels: float) -> float:
    return round(pixels / 1_000_000, 1)
