"""Phrases around the name of a place ("police in …"), and phrases that name no place, compared as plain words."""

import re

from directory.text import plain

_DEALS = (
    r"(?:exchange|trade|trading|swap|deal|purchase|transaction|meet(?:ing|up)?|haven|shopping|sale|craigslist|"
    r"facebook marketplace|marketplace|offerup)"
)
_SPOTS = r"(?:zones?|spots?|sites?|stations?|places?|points?|areas?|locations?|meetups?)"
_ONLINE = r"(?:e ?commerce |internet |online |police )?"
_OFFICES = (
    r"police|pd|sheriffs?|rcmp|grc|surete du quebec|constables?|highway patrol|state patrol|division of police|"
    r"departamento de policia|policia|service de police"
)
_BUILDINGS = r"(?:department|dept|station|office|headquarters|hq|service|detachment)"
_FILLERS = (
    rf"{_ONLINE}(?:safe(?:ty)?|secure) (?:{_ONLINE}{_DEALS} )?{_SPOTS}",
    rf"{_ONLINE}{_DEALS}(?: {_DEALS})? {_SPOTS}",
    r"meetups?",
    r"zonas? (?:segura|de intercambio)s?(?: de intercambio| seguras?)?",
    r"(?:zones?|lieux?) (?:sures?|securitaires?|d ?echanges?)(?: d ?echanges?| securitaires?| surs?)?",
    rf"(?:local |nearest |closest )?(?:{_OFFICES})(?: {_BUILDINGS})?s?",
    r"comisarias?(?: de policia)?|estacion(?:es)? de policia",
    r"postes? de police",
    r"(?:front |main |rear |side |police )?(?:lobby|vestibule|parking (?:lots?|area|bays?|spaces?|spots?))",
    r"zip(?: ?codes?)?|postal codes?|postcode|codes? postal(?:es)?|codes? postaux|codigos? postal(?:es)?",
)
_LEADS = (
    r"(?:show |find |search )?(?:me )?(?:the )?(?:nearest|closest|nearby)(?: one)?(?: to| in)?",
    r"(?:close|next) to|near(?: to)?|around|(?:where|what) (?:is|are)(?: the)?|find|in|at|to|of|the|for|somewhere in",
    r"i live in|i am in|im in",
    r"(?:cerca|alrededor) de|en|cerca|ciudad de|municipio de|donde (?:esta|hay)(?: una?| la)?|de",
    r"(?:pres|proche|autour|(?:aux )?alentours) de|dans|a|au|du|de|ville de|municipalite de|ou est",
    r"greater|downtown|metro",
)
_TRAILS = (
    r"area|near me|nearby|near by|please|downtown|metro|city center|por favor|s il vous plait",
    r"in|near|at|for|to|of|en|a|de|cerca de(?: mi)?|pres de(?: moi)?",
)
_WHERE_I_AM = (
    r"me|here|my (?:current )?(?:location|position|place|house|home|area)|mi|mi (?:casa|ubicacion)|mio|mia|aqui|moi|"
    r"ici|chez moi|chez nous"
)
_NEAR_ME = (
    r"(?:near(?:est to)?|close to|closest to|around|by|in|cerca(?: de)?|pres (?:de|d)|proche de|autour de) "
    rf"(?:{_WHERE_I_AM})"
)
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
    """The place of "Toledo near me" and "cerca de mí Houston"; empty for "police near me", None without a phrase."""
    phrase = _plain_words(text)
    remaining = re.sub(rf"(?:^| )(?:{_NEAR_ME})$|^(?:{_NEAR_ME}) ", " ", phrase).strip()
    if remaining == phrase:
        return None
    return remaining if without_fillers(remaining) else ""


def is_military(text: str) -> bool:
    """Whether it is the address of a military post office, which has no fixed place."""
    plain_text = plain(text)
    return _MILITARY.fullmatch(plain_text) is not None or _MILITARY_ZIP.fullmatch(plain_text) is not None


def without_fillers(text: str) -> str:
    """`text` in plain words, segment by segment, without phrases that name no place; may be empty."""
    segments = (_without_fillers(_plain_words(segment)) for segment in text.split(","))
    return ", ".join(segment for segment in segments if segment)


def _plain_words(text: str) -> str:
    """Plain words, with French articles split off ("d'échange")."""
    return plain(re.sub(r"\b([dlDL])['’]", r"\1 ", text))


def _without_fillers(text: str) -> str:
    before = None
    while before != text:
        before = text
        for phrase in (*_FILLERS, *_LEADS):
            text = re.sub(rf"^(?:{phrase})(?: |$)", "", text)
        for phrase in (*_FILLERS, *_TRAILS):
            text = re.sub(rf"(?:^| )(?:{phrase})$", "", text)
    return text
