"""Phrases around the name of a place, and phrases that name none."""

import re

from directory.text import plain

_DEALS = r"(?:exchange|trade|trading|swap|deal|purchase|transaction|meet(?:ing|up)?|haven|shopping|sale)"
_SPOTS = r"(?:zones?|spots?|sites?|stations?|places?|points?|areas?|locations?)"
_ONLINE = r"(?:e-?commerce |e commerce |internet |online )?"
_PROGRAM = rf"{_ONLINE}(?:safe(?:ty)?|secure) (?:{_ONLINE}{_DEALS} )?{_SPOTS}"
_FILLERS = (
    _PROGRAM,
    rf"{_ONLINE}{_DEALS} {_SPOTS}",
    r"zonas? (?:segura|de intercambio)s?(?: de intercambio)?",
    r"zones? (?:sure|securitaire|d echange)s?(?: d echange)?",
    r"(?:local )?(?:police|sheriffs?)(?: (?:department|dept|station|office|headquarters|hq|service))?s?",
    r"comisarias?(?: de policia)?|estacion(?:es)? de policia|policia",
    r"postes? de police|service de police",
)
_LEADS = (
    r"(?:show |find |search )?(?:me )?(?:the )?(?:nearest|closest|nearby)(?: one)?(?: to| in)?",
    r"(?:close|next) to|near(?: to)?|around|where (?:is|are)|find|in|at|somewhere in|i live in|i am in|im in",
    r"cerca de|en|cerca|ciudad de|municipio de",
    r"pres de|a|au|ville de|municipalite de",
    r"greater|downtown|metro",
)
_TRAILS = (r"area|near me|nearby|please|downtown|city center|por favor|s il vous plait",)
_POSITION = re.compile(
    r"(?:.*\b)?(?:near|close to|closest to|nearest to|around|by|cerca de|pres de|pres de chez) "
    r"(?:me|here|my (?:current )?(?:location|position|place|house|home)|mi|mi ubicacion|aqui|moi|ici)"
    r"|(?:my|current|my current) (?:location|position)|(?:my )?home|here|nearby|where i am"
    r"|mi ubicacion(?: actual)?|aqui|ma position(?: actuelle)?|ici"
)
_MILITARY = re.compile(r"\b(?:APO|FPO|DPO|MPO)\b[ ,]*(?:A[EAP]|Armed Forces)?\b", re.IGNORECASE)


def names_own_position(words: str) -> bool:
    """Whether plain `words` mean where the reader stands ("near me", "cerca de mí")."""
    return _POSITION.fullmatch(words) is not None


def is_military(text: str) -> bool:
    """Whether it is the address of a military post office, which lies anywhere."""
    return _MILITARY.search(text) is not None


def without_fillers(text: str) -> str:
    """`text` in plain words, segment by segment, without phrases that name no place; empty when nothing is left."""
    segments = (_without_fillers(plain(segment)) for segment in text.split(","))
    return ", ".join(segment for segment in segments if segment)


def _without_fillers(words: str) -> str:
    before = None
    while before != words:
        before = words
        for phrase in (*_FILLERS, *_LEADS):
            words = re.sub(rf"^(?:{phrase})(?: |$)", "", words)
        for phrase in (*_FILLERS, *_TRAILS):
            words = re.sub(rf"(?:^| )(?:{phrase})$", "", words)
    return words
