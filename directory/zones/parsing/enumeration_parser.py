"""How everyday words are read that mean one of an enumeration: kind of spot, yes or no, status, level of a position."""

import re
from collections.abc import Mapping, Set
from enum import StrEnum

from directory.clock import today
from directory.text import plain, translatable, without_accents
from directory.zones.parsed import Parsed, Reader, choice
from directory.zones.schemas import FIELDS, Appointment, LocationSource, Setting, Status, TriState

_SETTINGS = {
    "both": Setting.LOBBY_AND_LOT, "other": Setting.OTHER, "unknown": Setting.UNKNOWN, "not stated": Setting.UNKNOWN,
}  # fmt: skip
_FACTS = {
    **dict.fromkeys(("yes", "y", "true", "t", "1", "x", "si", "oui", "o", "vrai", "verdadero"), TriState.YES),
    **dict.fromkeys("✓✔☑✅", TriState.YES),
    **dict.fromkeys("✗✘✖❌", TriState.NO),
    **dict.fromkeys(("no", "n", "false", "f", "0", "none", "non", "faux", "falso"), TriState.NO),
    **dict.fromkeys(
        (
            "unknown",
            "don t know",
            "dont know",
            "not stated",
            "not known",
            "inconnu",
            "ne sait pas",
            "non precise",
            "desconocido",
            "no se sabe",
            "no indicado",
        ),
        TriState.UNKNOWN,
    ),
}
_YES_AT_A_PLACE = re.compile(
    r"(?:yes|oui|si) (?:(?:in|at) )?(?:the )?(?:(?:front|rear|main|parking|police) )*"
    r"(?:lobby|lot|entrance|vestibule|inside|outside|indoors|outdoors)(?: only)?"
)
_NO_SINCE = re.compile(
    r"non? (?:(?:was |were |all )?(?:removed|discontinued|taken down)|not (?:yet|any ?more|available|installed)|"
    r"planned|coming soon)(?: (?:(?:in|since|for) )?(?:[a-z]+ )?(?:19|20)\d\d)?"
)
"""Answers with a remark that takes nothing of them back, as others do: "yes, out of order"."""
_NUMBERED = {"1.0": "1", "0.0": "0"}
"""How programs write yes and no where a column has gaps."""
_STATUSES = {
    **dict.fromkeys(("yes", "y", "true", "si", "oui", "vrai", "verdadero"), Status.ACTIVE),
    **dict.fromkeys(("no", "n", "false", "non", "faux", "falso"), Status.TEMPORARILY_CLOSED),
    "active": Status.ACTIVE, "open": Status.ACTIVE, "temporarily closed": Status.TEMPORARILY_CLOSED,
    "closed": Status.TEMPORARILY_CLOSED, "moved": Status.MOVED, "planned": Status.PLANNED,
    "coming soon": Status.PLANNED, "withdrawn": Status.WITHDRAWN, "gone": Status.WITHDRAWN,
    **dict.fromkeys(("existing", "live", "up and running"), Status.ACTIVE),
    **dict.fromkeys(("in service", "in use", "operational", "operating", "in operation", "open to the public",
                     "open to public", "currently open", "currently active", "en service", "en fonction",
                     "ouvert au public", "abierto al publico", "en servicio"), Status.ACTIVE),
    **dict.fromkeys(("closed until further notice", "suspended", "temporarily suspended", "temporarily unavailable",
                     "temp closed", "closed temporarily", "temporary closure", "closed for now", "inactive",
                     "not active", "not in use", "not in service", "out of service", "unavailable", "not operational",
                     "closed for construction", "closed for renovation", "closed for renovations", "under renovation",
                     "inactif", "hors service", "inactivo", "inactiva", "fuera de servicio"),
                    Status.TEMPORARILY_CLOSED),
    **dict.fromkeys(("relocated", "has moved"), Status.MOVED),
    **dict.fromkeys(("proposed", "under construction", "not yet open", "not open yet", "opening soon", "future",
                     "in development", "under development", "in planning", "not yet active", "en construction",
                     "en projet", "en proyecto", "en construccion"), Status.PLANNED),
    **dict.fromkeys(("closed permanently", "permanently closed", "discontinued", "removed", "no longer available",
                     "no longer offered", "no longer in use", "no longer active", "decommissioned", "demolished",
                     "cancelled", "canceled", "retired", "defunct", "terminated", "ferme definitivement", "supprime",
                     "annule", "cerrado permanentemente", "cancelado"),
                    Status.WITHDRAWN),
    **dict.fromkeys(("actif", "active", "ouvert", "ouverte", "activo", "activa", "abierto", "abierta"), Status.ACTIVE),
    **dict.fromkeys(("ferme", "fermee", "ferme temporairement", "temporairement ferme", "fermee temporairement",
                     "cerrado", "cerrada", "cerrado temporalmente", "cerrada temporalmente"),
                    Status.TEMPORARILY_CLOSED),
    **dict.fromkeys(("demenage", "demenagee", "deplace", "deplacee", "trasladado", "trasladada"), Status.MOVED),
    **dict.fromkeys(("prevu", "prevue", "a venir", "prevista", "previsto", "proximamente"), Status.PLANNED),
    **dict.fromkeys(("retire", "retiree", "retirado", "retirada"), Status.WITHDRAWN),
}  # fmt: skip
_POINTS = {
    "station": LocationSource.AGENCY, "geocoded": LocationSource.ADDRESS, "place": LocationSource.TOWN,
    **dict.fromkeys(("exact address match", "address match", "rooftop", "street address"), LocationSource.ADDRESS),
    **dict.fromkeys(("same agency", "exact building", "station building"), LocationSource.AGENCY),
    **dict.fromkeys(("zip", "zip code", "zip centroid", "postal code centroid"), LocationSource.POSTAL_CODE),
    **dict.fromkeys(("city", "city centroid", "town centroid", "centroid"), LocationSource.TOWN),
    **dict.fromkeys(("gps", "survey"), LocationSource.SURVEYED),
}  # fmt: skip
"""Everyday words, and those of files made before November 2026, which did not keep whose a station's address was."""
_INSIDE, _OUTSIDE, _IN_THE_OPEN, _BESIDES = (
    frozenset(words.split())
    for words in (
        "lobby inside indoor indoors vestibule foyer hall accueil interieur vestibulo interior recepcion",
        "lot lots parkinglot parking stationnement stationnements estacionamiento",
        "outside outdoor outdoors exterieur exterior",
        "and or both front rear main police station department dept hq headquarters designated visitor "
        "area areas space spaces stall stalls spot spots garage marked "
        "et ou du de la le les au poste entree principal dentree y o del el comisaria entrada",
    )
)
"""Words for a lobby, for a lot, for the open, and what may stand beside them without changing what they say.

Inside of a police station is its lobby. Outside of it may be a lot, a bench or the pavement, so it is no answer alone,
nor beside a word for inside.
"""
_ROOMS = frozenset(["lobby", "vestibule", "foyer", "hall", "accueil", "vestibulo", "recepcion"])
"""Those of the words for a lobby that name one."""
_BEFORE_A_ROOM = re.compile(
    rf"\b(?:outside|outdoors|exterieur|exterior)(?: (?:of|the|main|front|police|du|de|la|del))* "
    rf"(?:{'|'.join(_ROOMS)})\b",
    re.I,
)
"""The spot is before the lobby."""
_AMOUNT = re.compile(r"(?<!\d)\d+ (?=\D)")
_JOINED = re.compile(r"[&+/,;]|\b(?:and|or|both|et|ou|y|o)\b", re.I)
"""What makes two places of two words: "lot outside lobby" is one place."""
_ON_REQUEST = dict.fromkeys(
    (
        "on request",
        "upon request",
        "by request",
        "if requested",
        "available on request",
        "by appointment",
        "sur demande",
        "a solicitud",
    ),
    TriState.YES,
)
_CAMERAS = {
    "cameras_around_the_clock": re.compile(
        r"\b24 ?(?:7|x ?7|hours a day|hours?|hrs?|h(?: ?(?:sur )?24)?|heures(?: sur 24)?|horas)\b|\baround the clock\b"
    ),
    "cameras_recorded": re.compile(r"\b(?:record(?:ed|ing|s)?|enregistre(?:e|es|s|ment)?|grabad[oa]s?|grabacion)\b"),
    "cameras_watched": re.compile(
        r"\b(?:monitored|watched)(?: live)? by (?:police|dispatch|officers|staff)\b|\b(?:monitored|watched) live\b"
    ),
}
"""What a word about cameras says besides that there are some."""
_NOT_KEPT = re.compile(r"(?:yes|oui|si) (?:but )?not (?:recorded|recording|(?P<watched>monitored|watched)(?: live)?)")
_OF_CAMERAS = re.compile(
    r"\b(?:yes|under|security|video|cctv|cameras?|surveillance|videosurveillance|and|oui|si|de|et|y)\b"
)
_LIT = r"(?:yes )?(?:(?:well|fully|brightly|bien) )?(?:lit|lighted|illuminated|eclairee?|iluminad[oa])(?: at night)?"
_SIGN = r"(?:signs?|signage|markings?|panneau|affiche|letrero)"
_IN_OWN_WORDS = {
    name: {answer: re.compile(words) for answer, words in words_of.items()}
    for name, words_of in {
        "cameras": {
            TriState.YES: r"(?:(?:yes|under|security|video) )*(?:cctv|cameras?|surveillance|videosurveillance)"
                          r"(?: cameras?)?(?: (?:on ?site|on the premises|present|installed|in (?:use|place)))?",
            TriState.NO: r"(?:no|without|sans|sin|aucune|pas de) (?:(?:security|video|surveillance) )?"
                         r"(?:cctv|cameras?|surveillance|video|videosurveillance)",
        },
        "lighting": {
            TriState.YES: rf"{_LIT}|(?:yes )?(?:(?:led|street) )?light(?:s|ing)|dusk to dawn|sunset to sunrise",
            TriState.NO: r"(?:not |un)(?:lit|lighted)|no light(?:s|ing)|non eclairee?|sans eclairage|sin iluminacion",
        },
        "marked": {
            TriState.YES: rf"(?:yes )?(?:(?:clearly|well) )?(?:marked|signed|painted|posted|{_SIGN}(?: posted)?)",
            TriState.NO: rf"unmarked|not (?:marked|posted)|(?:no|sans|sin) {_SIGN}",
        },
    }.items()
}  # fmt: skip
"""What a column's own subject says in place of yes and no: "well lit", "no sign"."""
_APPOINTMENTS = {
    **dict.fromkeys(("yes", "y", "true", "oui", "vrai", "si", "verdadero", "by appointment", "by appointment only",
                     "appointment only", "only by appointment", "appointment required", "appointment needed",
                     "appointment necessary", "needed", "necessary", "mandatory", "sur rendez vous",
                     "sur rendez vous seulement", "rendez vous requis", "requis", "obligatoire", "con cita",
                     "con cita previa", "solo con cita", "cita requerida", "obligatorio"), Appointment.REQUIRED),
    **dict.fromkeys(("appointment recommended", "preferred", "appointment preferred", "recommande", "recomendado"),
                    Appointment.RECOMMENDED),
    **dict.fromkeys(("n", "false", "non", "faux", "falso", "not needed", "not required", "not necessary",
                     "no appointment", "no appointment necessary", "no appointment needed", "no appointment required",
                     "appointment not needed", "appointment not required", "appointment not necessary", "walk in",
                     "walk ins", "walk ins welcome", "walk in welcome", "sans rendez vous", "sin cita",
                     "sin cita previa", "no requerido"), Appointment.NO),
}  # fmt: skip
WORDS: dict[type[StrEnum], Mapping[str, StrEnum]] = {Appointment: _APPOINTMENTS}
"""Words beside an enumeration's values that mean one."""


_OPEN_SINCE = re.compile(
    r"(?:(?:now|currently) )?(?:open|active|operational|operating|in (?:service|operation|use))"
    r"(?: (?:to (?:the )?public|24 ?(?:7|x ?7|hours(?: a day)?|hrs?|h)|7 days(?: a week)?|daily|all year|year round|"
    r"since (?:[a-z]+ )?(?P<year>(?:19|20)\d\d)))+"
)
"""That one can go there, and when, or since when."""
_STATUS_IN_WORDS = choice(_STATUSES, Status)


def status(value: str) -> Parsed:
    """Whether one can go there."""
    match = None if "?" in value else _OPEN_SINCE.fullmatch(plain(value))
    if match and int(match["year"] or 0) <= today().year:
        return Parsed(Status.ACTIVE, Status.ACTIVE)
    return _STATUS_IN_WORDS(value)


def setting(value: str) -> Parsed:
    """What kind of spot it is: one of the words for it, or several that say inside or outside and nothing else."""
    words = set(_AMOUNT.sub("", plain(value), count=1).split())
    inside, outside = words & _INSIDE, words & _OUTSIDE
    one_or_joined = not (inside and outside) or _JOINED.search(value)
    known = words <= _INSIDE | _OUTSIDE | _IN_THE_OPEN | _BESIDES
    plainly = "?" not in value and known and one_or_joined and not _may_be_outside(value, words)
    if plainly and (inside or outside) and value not in list(Setting):
        spot = Setting.LOBBY_AND_LOT if inside and outside else Setting.LOBBY if inside else Setting.PARKING_LOT
        return Parsed(spot, spot)
    return choice(_SETTINGS, Setting)(value)


def _may_be_outside(value: str, words: Set[str]) -> bool:
    """Whether a word for the open says of a room, or of inside and outside at once, what may be no lobby and no lot."""
    if not words & _IN_THE_OPEN or not words & _INSIDE:
        return False
    both_named = words & _ROOMS and words & _OUTSIDE
    return not both_named or _BEFORE_A_ROOM.search(without_accents(value)) is not None


def level(value: str) -> Parsed:
    """How a point is known; "approximate" says no more than that it is not the spot."""
    if plain(value) in {"approximate", "approx", "estimated", "low", "medium"}:
        return Parsed(LocationSource.SURVEYED, FIELDS["approximate"].label, {"approximate": True})
    return choice(_POINTS, LocationSource)(value)


_ANSWERS = choice(_FACTS, TriState)


def yes_or_no(value: str) -> Parsed:
    """Yes, no or not stated, and nothing behind it."""
    return _ANSWERS(_NUMBERED.get(value, value))


def fact(name: str) -> Reader:
    """A reader of yes, no or not stated, also in the words of the field's own subject."""
    by_answer = _IN_OWN_WORDS.get(name, {})

    def read(value: str) -> Parsed:
        text = "" if "?" in value else plain(value)
        reading = next((answer for answer, form in by_answer.items() if form.fullmatch(text)), None)
        reading = reading or _FACTS.get(_answer_before_remark(name, text))
        return yes_or_no(value) if reading is None else Parsed(reading, reading)

    return read


def _answer_before_remark(name: str, text: str) -> str:
    """The yes or no of an answer in plain words that also says where, or why not.

    Light in a lobby says nothing of the night.
    """
    if _NO_SINCE.fullmatch(text) or (name != "lighting" and _YES_AT_A_PLACE.fullmatch(text)):
        return text.split()[0]
    return ""


def cameras(value: str) -> Parsed:
    """Whether there are cameras; "24h" and "yes, recorded" say so, and more."""
    rest, more = "" if "?" in value else plain(value), {}
    if not_kept := _NOT_KEPT.fullmatch(rest):
        name = "cameras_watched" if not_kept["watched"] else "cameras_recorded"
        return Parsed(TriState.YES, TriState.YES, {name: TriState.NO})
    for name, pattern in _CAMERAS.items():
        rest, count = pattern.subn("", rest)
        if count:
            more[name] = TriState.YES
    if not more or _OF_CAMERAS.sub("", rest).strip():
        return fact("cameras")(value)
    read_as: str = translatable("Yes")
    for name in more:
        read_as = translatable("%(first)s, %(second)s", first=read_as, second=FIELDS[name].label)
    return Parsed(TriState.YES, read_as, more)


officer_standby = choice({**_FACTS, **_ON_REQUEST}, TriState)
"""Whether an officer comes along: on request is yes."""
