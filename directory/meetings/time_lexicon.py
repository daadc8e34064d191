"""The words and forms of a time as people type it in English, Spanish and French, for `times`."""

import re

from directory.meetings.recurrence import Recurrence
from directory.zones.parsing.date_parser import MONTH_NUMBERS

_ORDINALS = {
    "of the month": "first second third fourth last", "del mes": "primer segundo tercer cuarto ultimo",
    "du mois": "premier deuxieme troisieme quatrieme dernier",
}  # fmt: skip
_NUMBERED = {"of the month": "1st 2nd 3rd 4th", "du mois": "1er 2e 3e 4e"}
ORDINALS = {
    name: (number if number < 5 else -1, month)
    for ordinals in (_ORDINALS, _NUMBERED)
    for month, names in ordinals.items()
    for number, name in enumerate(names.split(), start=1)
}
"""Which one of a month's weekdays (-1 is the last), and how its language says "of the month"."""
ORDINAL = "|".join(ORDINALS)
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "mo mon monday lun lunes lundi", "tu tue tues tuesday martes mardi",
            "wed weds wednesday mie miercoles mer mercredi",
            "th thu thur thurs thursday jue jueves jeu jeudi", "fr fri friday vie viernes ven vendredi",
            "sa sat saturday sab sabado sam samedi", "su sun sunday dom domingo dim dimanche",
        )
    )
    for name in names.split()
}  # fmt: skip
SPANISH = re.compile(
    r"\b(?:manana|hoy|tarde|noche|mediodia|a las?|el|de|lun(?:es)?|martes|mie(?:rcoles)?|jue(?:ves)?|vie(?:rnes)?|"
    r"sab(?:ado)?|dom(?:ingo)?)\b"
)
FRENCH = re.compile(
    r"\b(?:demain|aujourd|ce soir|ce matin|cet|apres|matin|soir|midi|le|vers|lundi|mar(?:di|s)|mer(?:credi)?|"
    r"jeu(?:di)?|ven(?:dredi)?|sam(?:edi)?|dim(?:anche)?)\b|\d ?h(?:\b|\d)"
)
MONTH = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
WEEKDAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_NOON = "(?:noon|midday|mediodia|midi)"
HOUR_UNIT = r"(?: ?(?:hrs?|hours|horas?|heures?|h|o['’]?clock)\b)"
"""What may follow an hour, of either clock."""
PHRASES = (
    (r"(?<=\S) [-–—] (?=\S)|(?<=[a-z]): ", " "),
    (
        rf"\b({WEEKDAY})\.?,? (\d{{1,2}})(?:er)?"
        rf"(?=,? (?:(?:a las?|at|vers) \d|a (?:\d\d? ?h|1[3-9]:|2\d:)|(?:al?|at) {_NOON}\b))",
        r"\1 the \2th",
    ),
    (r"\b(?:the )?day after tomorrow\b|\bpasado manana\b|\bapres[ -]demain\b", " #2 "),
    (r"\b(?:this|esta) (?:morning|manana)\b|\bce matin\b", " #0 ~1 "),
    (r"\b(?:this|esta) (?:afternoon|tarde)\b|\bcet(?:te)? apres[ -]midi\b", " #0 ~2 "),
    (r"\b(?:tonight|tonite|2nite)\b|\bthis evening\b|\besta noche\b|\bce soir\b", " #0 ~3 "),
    (r"\b(?:in the|de la|por la|en la) (?:morning|manana)\b|\bmorning\b|\b(?:du |(?:en|le) )?matin\b", " ~1 "),
    (r"\b(?:(?:in the|de la|por la|en la) )?(?:afternoon|tarde)\b|\b(?:(?:de l'|en |l')?)apres[ -]midi\b", " ~2 "),
    (r"\b(?:(?:in the|at|de la|por la|en la) )?(?:evening|night|noche)\b|\b(?:(?:du|en|le) )?soir(?:ee)?\b", " ~3 "),
    (r"\btomorrow\b|\btmr?w\b|\btmr\b|\bmanana\b|\bdemain\b", " #1 "),
    (r"\bin (\d\d?) days?\b|\b(?:en|dentro de) (\d\d?) dias?\b|\bdans (\d\d?) jours?\b", r" #\1\2\3 "),
    (r"\b(\d\d?) days? from (?:now|today)\b", r" #\1 "),
    (r"\btoday\b|\bhoy\b|\baujourd'? ?hui\b", " #0 "),
    (r"\bin (?:a|1) week\b|\b(?:en|dentro de) 1 semana\b|\bdans 1 semaine\b", " #7 "),
    (r"\b(?:a|1) week from (?:now|today)\b", " #7 "),
    (r"\bin (\d) weeks\b|\b(?:en|dentro de) (\d) semanas\b|\bdans (\d) semaines\b", r" #\1\2\3w "),
    (rf"\b(12:\d\d) (?:(?:del? )?{_NOON}\b|del dia\b(?! \d))", r" \1 "),
    (rf"\b(?:al? |12 (?:del? )?)?{_NOON}\b|\b12 del dia\b(?! \d)", " 12:00 "),
    (
        rf"\b(?:the|el|del|le|dia) (\d{{1,2}})(?:er)?(?![\w/:.-])(?! ?(?:[ap]\.? ?m\b|h\d)|{HOUR_UNIT})",
        r" the \1th ",
    ),
    (r"\ba las?\b|\bat\b|\bon\b|\bdel\b|\bel\b|\bdia\b|\b(?:coming|around|about|sharp)\b|[@,]", " "),
    (r"\b(?:vers|le)\b|(?<!\d )\b(?:a|des) (?=\d)|\ba (?=\d{1,2}(?: ?h|:\d| ?[ap]\.?m\b))", " "),
)  # fmt: skip
"""Words of several parts, in the order in which they are replaced: "mañana" alone is tomorrow.

A day of the month without its month becomes "the 15th" in every language. Of two numbers after a day of the week the
first is such a day where the other follows "a las" or the like: in "sábado a las 7 10 pm" there is none.
"""

_DAY = r"(\d{1,2})(?:st|nd|rd|th|er)?"
_YEAR = rf"(?: (?:del? )?((?!(?:[01]\d|2[23])[0-5]\d\b)\d{{4}}(?!{HOUR_UNIT})))?"
"""No year is before 2000 or after 2200: "Dec 5 1830" is half past six, and so is no year beside "hours"."""
_AM_PM = r" ?([ap])(?:\.? ?m\b\.?|\b)"
PARTS: tuple[tuple[str, str], ...] = (
    ("iso", r"(\d{4})-(\d\d)-(\d\d)(?!\d)"),
    ("numbers", r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d\d))?(?![\d/])"),
    ("tuesday", rf"mar\.?(?= \d{{1,2}}(?: ?h\b| ?h\d|(?:er)? (?:de )?(?:{MONTH})\b))"),
    ("month_first", rf"({MONTH})\.? (?:the )?{_DAY}(?![\d:]| ?[ap]\.?m\b| ?h\b| ?h\d){_YEAR}(?!:)\b"),
    ("day_first", rf"(?:the )?{_DAY} (?:of |de )?({MONTH})\b\.?{_YEAR}(?!:)"),
    ("of_month", rf"(?:the )?({ORDINAL}) ({WEEKDAY})\.? (?:of (?:the|this) |du |de este )?(?:month|mes|mois)\b"),
    ("day", rf"(?:the )?(\d{{1,2}})(?:st|nd|rd|th)\b(?! (?:{WEEKDAY})\b)"),
    ("weekday", rf"\b(?:this |este |ce )?({WEEKDAY})\b\.?"),
    ("ahead", r"#(\d\d?)(w)?"),
    ("part", r"~([123])"),
    ("clock", rf"(\d{{1,2}})(:| ?h(?:eures?)? ?)(\d\d)(?::00)?(?![\d/])(?:{_AM_PM}|{HOUR_UNIT})?"),
    ("hour", rf"(\d{{1,2}}){_AM_PM}"),
    ("hour_h", r"(\d{1,2}) ?(?:h|hrs|horas|heures?)\b"),
    ("four_digits", r"([01]\d|2[0-3])([0-5]\d)(?![\d/:-])(?: ?(hrs?|hours|horas|h)\b)?"),
    ("bare", r"(\d{1,2})(?![\d:/])(?: ?o'?clock\b)?"),
)
REPETITIONS = (
    (
        Recurrence.EVERY_OTHER_WEEK,
        r"\b(?:every (?:other|second|2nd)|(?:every )?(?:two|2) weeks on|bi-?weekly(?: on)?)\b",
    ),
    (
        Recurrence.EVERY_OTHER_WEEK,
        r"\b(?:cada (?:dos|2)(?: semanas(?:,? el)?)?|toutes les (?:deux|2) semaines(?:,? le)?)\b",
    ),
    (
        Recurrence.WEEKLY,
        r"\b(?:weekly(?: on)?|(?:every|each|cada|todos los|todas las|chaque|tous les|toutes les)"
        r"(?! \d+(?:st|nd|rd|th|er)\b))\b",
    ),
)
"""How often a meeting returns; the words of two weeks before those that they begin with. "Every 15th" is not weekly."""
EVERY_OTHER = re.compile(rf"\bun ({WEEKDAY}) sur deux\b", re.IGNORECASE)
_TYPED_ORDINAL = ORDINAL.replace("ieme", "i[eè]me").replace("ultimo", "[uú]ltimo")
_TYPED_WEEKDAY = WEEKDAY.replace("sab", "s[aá]b").replace("mie", "mi[eé]")
WEEKDAYS_OF_MANY = re.compile(rf"\b({_TYPED_WEEKDAY})s\b", re.IGNORECASE)
_EACH = "every|each|cada|chaque|todos los|tous les"
OF_EVERY_MONTH = re.compile(
    rf"\b(?:(?:{_EACH}) (?:the )?|monthly(?: on(?: the)?)? )(?P<nth>{_TYPED_ORDINAL})s? (?P<day>{_TYPED_WEEKDAY})s?"
    rf"(?P<month> (?:of (?:the|each|every) |del |du )?(?:month|mes|mois)\b)?"
    rf"|\b(?:(?:on )?the |el |le )?(?P<nth_2>{_TYPED_ORDINAL}) (?P<day_2>{_TYPED_WEEKDAY})s? (?:of|de)? ?(?:{_EACH})"
    r" (?:month|mes|mois)\b",
    re.IGNORECASE,
)
"""Such as "every first Saturday" and "the last Sunday of each month"."""

WRITTEN_HERE = re.compile(r"\w+\.? \d{1,2}(?:er)? \w+\.? \d{4}, \d{1,2}\sh(?:\s\d\d)?")
"""How this site writes a time in French, always by a clock of 24 hours: "sam. 28 nov. 2026, 2 h"."""
NEXT = re.compile(
    rf"(?:\b(?:el|the|this|este) )*\b(?:next|proximo|siguiente) (?P<one>{WEEKDAY})\b\.?"
    rf"|(?:\b(?:el|le|este|ce) )*\b(?P<other>{WEEKDAY})\b\.? (?:que viene|proximo|siguiente|prochain)\b"
)
"""A day of the week of which nobody knows whether it is this or the following one."""
CORRECTLY_SPELLED = (
    *(name for name in WEEKDAYS if len(name) > 4), *(name for name in MONTH_NUMBERS if len(name) > 4),
    "tomorrow", "tonight", "today", "morning", "afternoon", "evening", "demain", "aujourd'hui", "mediodia",
)  # fmt: skip
MONTHS_IN_FULL = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
           "noviembre", "diciembre"),
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
           "novembre", "décembre"),
}  # fmt: skip


def date_in_words(month: int, day: int, language: str) -> str:
    """A date as it is written in "en", "es" or "fr" (and read again): "December 5", "5 de diciembre", "5 décembre"."""
    name = MONTHS_IN_FULL[language][month - 1]
    if language == "en":
        return f"{name} {day}"
    return f"{day} de {name}" if language == "es" else f"{day} {name}"
