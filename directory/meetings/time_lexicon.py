"""The words and forms of a time as people type it in English, Spanish and French, for `times`."""

import re

from directory.meetings.recurrence import Recurrence
from directory.zones.parsing.date_parser import MONTH_NUMBERS

PHRASES = (
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
    (r"\b(?:al? |12 )?(?:noon|midday|mediodia|midi)\b", " 12:00 "),
    (r"\ba las?\b|\bat\b|\bon\b|\bdel\b|\bel\b|\bdia\b|\b(?:coming|around|about|sharp)\b|[@,]", " "),
    (r"\b(?:vers|le)\b|(?<!\d )\b(?:a|des) (?=\d)|\ba (?=\d{1,2} ?h)", " "),
)  # fmt: skip
"""Words of several parts, in the order in which they are replaced: "mañana" alone is tomorrow."""

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
            "mon monday lun lunes lundi", "tue tues tuesday martes mardi",
            "wed weds wednesday mie miercoles mer mercredi",
            "thu thur thurs thursday jue jueves jeu jeudi", "fri friday vie viernes ven vendredi",
            "sat saturday sab sabado sam samedi", "sun sunday dom domingo dim dimanche",
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
_DAY = r"(\d{1,2})(?:st|nd|rd|th|er)?"
_YEAR = r"(?: (?:del? )?(\d{4}))?"
_AM_PM = r" ?([ap])(?:\.? ?m\b\.?|\b)"
PARTS: tuple[tuple[str, str], ...] = (
    ("iso", r"(\d{4})-(\d\d)-(\d\d)(?!\d)"),
    ("numbers", r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d\d))?(?![\d/])"),
    ("tuesday", rf"mar\.?(?= \d{{1,2}}(?: ?h\b| ?h\d|(?:er)? (?:de )?(?:{MONTH})\b))"),
    ("month_first", rf"({MONTH})\.? (?:the )?{_DAY}(?![\d:]| ?[ap]\.?m\b| ?h\b| ?h\d){_YEAR}(?!:)\b"),
    ("day_first", rf"(?:the )?{_DAY} (?:of |de )?({MONTH})\b\.?{_YEAR}(?!:)"),
    ("of_month", rf"(?:the )?({ORDINAL}) ({WEEKDAY})\.? (?:of (?:the|this) |du |de este )?(?:month|mes|mois)\b"),
    ("weekday", rf"(?:this |este |ce )?({WEEKDAY})\b\.?"),
    ("ahead", r"#(\d\d?)"),
    ("part", r"~([123])"),
    ("clock", rf"(\d{{1,2}})(:| ?h(?:eures?)? ?)(\d\d)(?::00)?(?!\d)(?:{_AM_PM})?"),
    ("hour", rf"(\d{{1,2}}){_AM_PM}"),
    ("hour_h", r"(\d{1,2}) ?(?:h|hrs|horas|heures?)\b"),
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
    (Recurrence.WEEKLY, r"\b(?:every|each|weekly(?: on)?|cada|todos los|todas las|chaque|tous les|toutes les)\b"),
)
"""How often a meeting returns; the words of two weeks before those that they begin with."""
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

NEXT = re.compile(
    rf"(?:\bel )?\b(?:next|proximo|siguiente) (?P<one>{WEEKDAY})\b\.?"
    rf"|(?:\b(?:el|le) )?\b(?P<other>{WEEKDAY})\b\.? (?:que viene|proximo|siguiente|prochain)\b"
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
