"""The pictures that the gallery is compared with, which lie in the repository."""

import shutil
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser

from quality.gallery.comparison import Change, change_of
from quality.gallery.sheets import Sheet, pictures_of, sheets
from quality.gallery.site import HERE, PIECES
from quality.site import ROOT

REFERENCES = HERE / "references"
FOUND = ROOT / "screenshots" / "gallery"
"""Where the pictures of what changed are written: expected, got, and where they differ."""


def write_all(browser: Browser, address: str) -> int:
    """Take every picture again in place of the ones before; returns their bytes."""
    shutil.rmtree(REFERENCES, ignore_errors=True)
    for sheet in sheets():
        for piece, picture in pictures_of(browser, address, sheet).items():
            path = _path(piece, sheet)
            path.parent.mkdir(parents=True, exist_ok=True)
            _reduced(picture).save(path, optimize=True)
    return sum(path.stat().st_size for path in REFERENCES.rglob("*.png"))


def _path(piece: str, sheet: Sheet) -> Path:
    return REFERENCES / piece / f"{sheet.name}.png"


def _reduced(picture: Image.Image) -> Image.Image:
    """The picture with 256 colours at most: the most frequent ones, so that areas, lines and letters keep theirs."""
    pixels = np.asarray(picture, dtype=np.int32).reshape(-1, 3)
    colors, numbers, counts = np.unique(pixels, axis=0, return_inverse=True, return_counts=True)
    kept = colors[np.argsort(-counts, kind="stable")[:256]]
    nearest = np.array([((kept - color) ** 2).sum(axis=1).argmin() for color in colors], dtype=np.uint8)
    reduced = Image.fromarray(nearest[numbers.ravel()].reshape(picture.height, picture.width), "P")
    reduced.putpalette(kept.astype(np.uint8).tobytes())
    return reduced


def changes(browser: Browser, address: str, sheet: Sheet, style: str = "") -> dict[str, str]:
    """What changed on a sheet since its pictures were taken: piece → what. Writes pictures of it to FOUND."""
    found = {}
    for piece, got in pictures_of(browser, address, sheet, style).items():
        path = _path(piece, sheet)
        if not path.exists():
            found[piece] = "no picture of it is kept"
            continue
        expected = Image.open(path).convert("RGB")
        change = change_of(expected, got)
        if change:
            found[piece] = change.words
            _show(piece, sheet, expected, got, change)
    return found


def _show(piece: str, sheet: Sheet, expected: Image.Image, got: Image.Image, change: Change) -> None:
    FOUND.mkdir(parents=True, exist_ok=True)
    for name, picture in (("expected", expected), ("got", got), ("difference", change.where)):
        picture.save(FOUND / f"{piece}-{sheet.name}-{name}.png")


def left_over() -> list[str]:
    """Kept pictures of what the gallery no longer shows."""
    names = {sheet.name for sheet in sheets()}
    kept = REFERENCES.glob("*/*.png")
    return sorted(
        f"{path.parent.name}/{path.name}" for path in kept if path.parent.name not in PIECES or path.stem not in names
    )
