"""The languages that the site speaks: English, and every one that has a folder of translations."""

from functools import cache
from pathlib import Path

from directory.settings import PACKAGE

TRANSLATIONS = PACKAGE / "translations"
SOURCE_LANGUAGE = "en"
"""The language of our own texts before they are translated, and of most sources."""


@cache
def languages_in(folder: Path) -> tuple[str, ...]:
    """English and the languages of a folder of translations, read once: every request asks several times."""
    return (SOURCE_LANGUAGE, *sorted(path.name for path in folder.iterdir() if (path / "LC_MESSAGES").is_dir()))
