"""The tokens: the one place where colours, sizes and distances have values."""

import re
from itertools import product
from pathlib import Path

import pytest

from directory.web.embed.theme import DARK_GROUNDS, LIGHT_GROUNDS, contrast
from tests.conftest import ROOT

STATIC = ROOT / "directory" / "static"
SHEETS = sorted(path for path in STATIC.glob("*.css") if path.name != "tokens.css")
TOKENS = (STATIC / "tokens.css").read_text(encoding="utf-8")
FUNCTIONS = r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|oklch|oklab|lab|lch|color|color-mix)\("
WORDS = r":[^;{}]*\b(?:white|black|gr[ae]y|red|green|blue)\b"
GROUNDS = ("ground", "surface", "sunken", "tint")


def blocks(selector: str) -> list[dict[str, str]]:
    """The colours that each rule of a selector names."""
    found = re.findall(rf"{re.escape(selector)} \{{(.*?)\}}", TOKENS, re.DOTALL)
    return [dict(re.findall(r"--([\w-]+): #(\w{6});", block)) for block in found]


LIGHT, PRINT = (block for block in blocks(":root") if "ground" in block)
[AS_THE_DEVICE_ASKS] = blocks(':root:where(:not([data-theme="light"]))')
[AS_THE_PAGE_ASKS] = blocks(':root:where([data-theme="dark"])')


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_no_other_sheet_names_a_colour_or_a_token_that_is_not_there(path: Path) -> None:
    rules = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.findall(f"{FUNCTIONS}|{WORDS}", re.sub(r"var\(--[\w-]+\)", "", rules))
    own = set(re.findall(r"--([\w-]+):", TOKENS + rules))
    assert set(re.findall(r"var\(--([\w-]+)", rules)) <= own


def test_dark_is_the_same_whoever_asks_for_it_and_names_what_light_names() -> None:
    assert AS_THE_DEVICE_ASKS == AS_THE_PAGE_ASKS
    assert LIGHT.keys() - AS_THE_PAGE_ASKS.keys() == {"paper"}, "what pictures drawn in black stand on stays white"


@pytest.mark.parametrize("scheme", [LIGHT, {**LIGHT, **AS_THE_PAGE_ASKS}], ids=["light", "dark"])
def test_text_and_graphics_have_the_contrast_of_the_guidelines(scheme: dict[str, str]) -> None:
    for text, ground in [
        *product(("ink", "muted", "civic", "civic-strong", "amber", "red", "green"), GROUNDS),
        *((name, f"{name}-tint") for name in ("amber", "red", "green")),
        *product(("ink", "civic"), ("amber-tint", "red-tint", "green-tint")),
        *(("on-civic", "civic"), ("on-civic", "civic-strong"), ("on-banner", "banner"), ("map-name", "map-land")),
        ("on-civic", "pin"),
    ]:
        assert contrast(scheme[text], scheme[ground]) >= 4.5, (text, ground)
    for shape, ground in [
        *product(("control", "amber-line", "red-line", "green-line", "focus"), GROUNDS),
        *(("pin", "map-land"), ("origin", "map-land"), ("focus", "map-land"), ("amber-line", "amber-tint")),
    ]:
        assert contrast(scheme[shape], scheme[ground]) >= 3, (shape, ground)


def test_the_host_s_colour_is_made_readable_on_the_grounds_of_the_tokens() -> None:
    assert set(LIGHT_GROUNDS) == {LIGHT[name] for name in GROUNDS} | {LIGHT["paper"]}
    assert set(DARK_GROUNDS) == {AS_THE_PAGE_ASKS[name] for name in GROUNDS}


def test_what_is_printed_is_black_on_white() -> None:
    assert {PRINT[name] for name in GROUNDS} == {"ffffff"}
    assert {PRINT[name] for name in ("ink", "civic", "amber", "red", "green")} == {"000000"}
