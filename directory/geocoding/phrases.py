"""Phrases around the name of a place ("police in …"), and phrases that name no place, compared as plain words."""

import re
from collections.abc import Sequence

from directory.text import plain

_DEALS = (
    r"(?:exchange|trade|trading|swap|deal|purchase|transaction|meet(?:ing|up)?|haven|shopping|sale|craigslist|"
    r"facebook marketplace|marketplace|offerup)"
)
_SPOTS = r"(?:zones?|spots?|sites?|stations?|places?|points?|areas?|locations?|meetups?)"
_ONLINE = r"(?:e ?commerce |internet |online |police )?"
_OFFICES = (
    r"(?:department|dept|division|bureau|office) of (?:police|public safety)|"
    r"police|pd|public safety|dps|sheriffs?|rcmp|grc|surete du quebec|surete|constables?|marshals?|"
    r"(?:state )?troopers?|highway patrol|state patrol|departamento de policia|policia|service de police"
)
_BUILDINGS = r"(?:department|dept|station|office|headquarters|hq|service|bureau|division|detachment)"
_FILLERS = (
    rf"{_ONLINE}(?:safe(?:ty)?|secure) (?:{_ONLINE}{_DEALS} )?{_SPOTS}",
    rf"{_ONLINE}{_DEALS}(?: {_DEALS})? {_SPOTS}",
    r"meetups?",
    r"(?:zona|lugar|sitio|espacio|punto)(?:e?s)? (?:segur[ao]|de (?:intercambio|encuentro))s?"
    r"(?: de intercambio| segur[ao]s?)?",
    r"(?:zones?|lieux?|endroits?) (?:sure?s?|securitaires?|d ?echanges?)(?: d ?echanges?| securitaires?| sure?s?)?",
    rf"(?:local |nearest |closest )?(?:{_OFFICES})(?: {_BUILDINGS})?s?",
    r"comisarias?(?: de policia)?|estacion(?:es)? de policia",
    r"postes? de police",
    r"(?:front |main |rear |side |police )?(?:lobby|vestibule|parking (?:lots?|area|bays?|spaces?|spots?))",
    r"zip(?: ?codes?)?|postal codes?|postcode|codes? postal(?:es)?|codes? postaux|codigos? postal(?:es)?",
)
_LEADS = (
    r"(?:show |find |search )?(?:me )?(?:the )?(?:nearest|closest|nearby)(?: one)?(?: to| in)?",
    r"(?:close|next) to|near(?: to)?|around|(?:where|what) (?:is|are)(?: the)?|find|in|at|to|of|for|somewhere in",
    r"i live in|i am in|im in",
    r"(?:cerca|alrededor) de|en|cerca|ciudad de|municipio de|donde (?:esta|hay)(?: una?| la)?",
    r"(?:pres|proche|autour|(?:aux )?alentours) de|dans|ville de|municipalite de|ou est",
)
_TRAILS = (
    r"area|near me|nearby|near by|please|city center|por favor|s il vous plait",
    r"in|near|at|for|to|of|en|a|de|cerca de(?: mi)?|pres de(?: moi)?",
)
# These are parts of names too: De Leon, Du Bois, Greater Sudbury, Opp, New York State.
_STATEWIDE = r"(?:state|provincial) police|opp"
_LEADS_OF_NAMES = (r"the|de|a|au|du|greater|downtown|metro",)
_TRAILS_OF_NAMES = (r"downtown|metro",)
_WHERE_I_AM = (
    r"me|here|my (?:current )?(?:location|position|place|house|home|area)|mi|mi (?:casa|ubicacion)|mio|mia|aqui|moi|"
    r"ici|chez moi|chez nous"
)
_NEAR_ME = (
    r"(?:near(?:est to)?|close to|closest to|around|by|in|cerca(?: de)?|pres (?:de|d)|proche de|autour de) "
    rf"(?:{_WHERE_I_AM})"
)
_NEAR_ME_INSIDE = (
    r"(?:near(?:est to)?|close to|closest to|around) "
    r"(?:me|here|my (?:current )?(?:location|position|place|house|home|area))"
    r"|(?:cerca|alrededor) de (?:mi (?:casa|ubicacion)|mi|aqui)"
    r"|(?:pres|proche|autour) (?:de|d) (?:moi|chez moi|chez nous|ici)"
)
"""Only what is never a state: "in MI" is Michigan."""
_POSITION = re.compile(
    rf"{_NEAR_ME}"
    r"|(?:use )?(?:my|current|my current) (?:location|position)|my (?:house|home|place|area)|home|here|nearby"
    r"|where i am|where am i|mi (?:ubicacion|casa)(?: actual)?|aqui(?: cerca)?|cerca(?: de aqui)?|donde estoy"
    r"|ma position(?: actuelle)?|ici|a proximite|pres d ?ici|ou (?:suis je|je suis)"
)
_MILITARY = re.compile(
    r"(?:.*\b)?[adfm] ?p ?o (?:a[eap]|armed forces)\b.*|[adfm] ?p ?o(?: (?:09[0-8]|340|96[2-6])\d\d)?"
)
_MILITARY_ZIP = re.compile(r"(?:09[0-8]|340|96[2-6])\d{2}")


def is_own_position(text: str) -> bool:
    """Whether a text means only the reader's own position ("near me", "cerca de mí")."""
    return _POSITION.fullmatch(_plain_words(text)) is not None


def without_own_position(text: str) -> str | None:
    """The place of "Toledo near me" and "police near me Houston"; empty for "police near me", None without a phrase."""
    phrase = ", ".join(filter(None, map(_plain_words, text.split(","))))
    remaining = re.sub(rf"(?:^| )(?:{_NEAR_ME})$|^(?:{_NEAR_ME})(?: |, )", " ", phrase)
    remaining = re.sub(rf" (?:{_NEAR_ME_INSIDE})(?= |,)", "", remaining).strip(" ,")
    if remaining == phrase:
        return None
    return remaining if without_fillers(remaining) else ""


def is_statewide(text: str) -> bool:
    """Whether a text names the police of a state or province, which have no namesakes elsewhere."""
    return re.search(rf"\b(?:{_STATEWIDE})\b", _plain_words(text)) is not None


def is_military(text: str) -> bool:
    """Whether it is the address of a military post office, which has no fixed place."""
    plain_text = plain(text)
    return _MILITARY.fullmatch(plain_text) is not None or _MILITARY_ZIP.fullmatch(plain_text) is not None


def without_fillers(text: str) -> str:
    """`text` in plain words, segment by segment, without phrases that name no place; may be empty."""
    return _strip(
        text,
        (_STATEWIDE, *_FILLERS, *_LEADS, *_LEADS_OF_NAMES),
        (_STATEWIDE, *_FILLERS, *_TRAILS, *_TRAILS_OF_NAMES),
    )


def without_clear_fillers(text: str) -> str:
    """`text` as `without_fillers` gives it, but with the phrases that may belong to a name: "De Leon"."""
    return _strip(text, (*_FILLERS, *_LEADS), (*_FILLERS, *_TRAILS))


def _plain_words(text: str) -> str:
    """Plain words, with French articles split off ("d'échange")."""
    return plain(re.sub(r"\b([dlDL])['’]", r"\1 ", text))


def _strip(text: str, leads: Sequence[str], trails: Sequence[str]) -> str:
    segments = (_strip_segment(_plain_words(segment), leads, trails) for segment in text.split(","))
    return ", ".join(segment for segment in segments if segment)


def _strip_segment(text: str, leads: Sequence[str], trails: Sequence[str]) -> str:
    before = None
    while before != text:
        before = text
        for phrase in leads:
            text = re.sub(rf"^(?:{phrase})(?: |$)", "", text)
        for phrase in trails:
            text = re.sub(rf"(?:^| )(?:{phrase})$", "", text)
    return text
