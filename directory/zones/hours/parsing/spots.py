"""Spots named in a text of hours: "Lobby: M-F 8-4; Lot: 24/7" speaks of two places."""

import re
from itertools import pairwise

_BEFORE = (
    r"(?:police|front|main|rear|back|side|station|headquarters|hq|public|safe|exchange|zone|department|dept|municipal"
    r"|town|city|customer|the|exterior|interior|parking|and|&|/)"
)
_PLACE = (
    r"(?:lobby|vestibule|foyer|entrance|entry|front desk|desk|window|counter|building|station|headquarters|department"
    r"|records(?: (?:office|window|division|bureau))?|office|kiosk|inside|indoors?|interior|lot"
    r"|parking(?: (?:lot|area|spaces?))?|outside|outdoors?|exterior|stationnement"
    r"|hall(?: d ?'? ?entree)?|entree(?: principale)?"
    r"|accueil|guichet|comptoir|exterieur|interieur|vestibulo|entrada|recepcion|estacionamiento|comisaria|poste)"
)
_MORE = rf"(?:(?: (?:and|&) | ?/ ?)(?:{_BEFORE} )*{_PLACE})*"
_SPOT = re.compile(rf"(?<![a-z])\(?(?:{_BEFORE} ?)*{_PLACE}{_MORE}(?![a-z])\)?(?: hours?\b(?! a (?:day|week)\b))?:?")
_HOURS = re.compile(r"\d|all day|always|any ?time|midi|noon|dawn|sunrise|daylight|closed|toujours|siempre|ferme|cerrad")


def by_spot(text: str) -> list[str]:
    """The text of each spot without the spot's words; one text where it names one spot or none."""
    matches = list(_SPOT.finditer(text))
    if len({match[0].strip(" :()") for match in matches}) < 2:
        return [_SPOT.sub(" ", text).strip(" ,;:-")]
    if _HOURS.search(text[: matches[0].start()]):
        cuts = [0, *(match.end() for match in matches[:-1]), len(text)]
    else:
        cuts = [0, *(match.start() for match in matches[1:]), len(text)]
    parts = [text[begins:ends] for begins, ends in pairwise(cuts)]
    bare = [
        re.sub(r"^(?:and|&|,|;) | (?:and|&)$", "", _SPOT.sub(" ", part).strip(" ,;:-|\n")).strip(" ,;")
        for part in parts
    ]
    with_hours = [part for part in bare if _HOURS.search(part)]
    return with_hours if len(with_hours) > 1 else [" ".join(" ".join(bare).split())]
