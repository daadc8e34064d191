"""Photos of a spot: taken in as a picture, kept as our own JPEG, without anything a phone wrote into it."""

import io
import warnings
from dataclasses import dataclass
from hashlib import sha256

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 8_000_000
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 1600
FORMATS = ("JPEG", "PNG", "WEBP")


class BadPhoto(ValueError):
    """A file that cannot be used as a photo; `kind` is large, pixels or unreadable."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as we encoded it."""

    digest: str
    content: bytes
    width: int
    height: int


def reencode(given: bytes) -> Picture:
    """Decode, turn upright, shrink to 1600 pixels, and write anew. Raises BadPhoto."""
    if len(given) > MOST_BYTES:
        raise BadPhoto("large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(given), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise BadPhoto("pixels")
                image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(image)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                plain = Image.new("RGB", upright.size, "white")
                layers = upright.convert("RGBA")
                plain.paste(layers, mask=layers.getchannel("A"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPhoto("pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, KeyError, IndexError, TypeError) as error:
        if isinstance(error, BadPhoto):
            raise
        raise BadPhoto("unreadable") from error
    written = io.BytesIO()
    # A new image knows nothing of the old one's metadata: position, time, camera, thumbnail.
    plain.save(written, "JPEG", quality=82, optimize=True, progressive=True)
    content = written.getvalue()
    return Picture(sha256(content).hexdigest(), content, *plain.size)
