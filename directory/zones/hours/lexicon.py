"""The words of notices in English, French and Spanish, and the kinds of tokens that they become.

All patterns meet text that `tidy_hours` went over: lower case, without accents, with plain hyphens and single spaces.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")

_DAY_WORDS = (
    "m|mo|mon|monday|mondays|lundi|lundis|lun|lunes|lu|l",
    "t|tu|tue|tues|tuesday|tuesdays|mardi|mardis|mar|martes|ma",
    "w|we|wed|weds|wednesday|wednesdays|mercredi|mercredis|mer|miercoles|mie|mi|me",
    "r|th|thu|thur|thurs|thursday|thursdays|jeudi|jeudis|jeu|jueves|jue|ju|je|j",
    "f|fr|fri|friday|fridays|vendredi|vendredis|ven|viernes|vie|vi|ve|v",
    "sa|sat|sats|saturday|saturdays|samedi|samedis|sam|sabado|sabados|sab",
    "su|sun|suns|sunday|sundays|dimanche|dimanches|dim|domingo|domingos|dom|do|di|d",
)
DAYS = {word: day for day, words in enumerate(_DAY_WORDS) for word in words.split("|")}
_LETTERS = r"(?:m|tu|th|t|w|r|f|sa|su)"
INITIALS = {"mtwtf": "Mo Tu We Th Fr", "mtwt": "Mo Tu We Th", "lmmjv": "Mo Tu We Th Fr", "lmmj": "Mo Tu We Th"}
"""Days by their first letters, of which two are the same."""


class TokenKind(Enum):
    """What a token is."""

    ALWAYS = auto()  # at all hours of every day
    ALL_DAY = auto()  # from midnight to midnight, of days that are named elsewhere
    DAYS = auto()  # one or several days of the week
    HOLIDAYS = auto()
    TIME = auto()
    SUN = auto()  # sunrise or sunset
    DAYLIGHT = auto()  # from sunrise to sunset
    CLOSED = auto()
    EXCEPT = auto()
    INCLUDING = auto()
    APPOINTMENT = auto()
    DASH = auto()
    COMMA = auto()
    BREAK = auto()
    NOISE = auto()
    WORD = auto()  # not understood


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text: its kind and the words it was."""

    kind: TokenKind
    text: str


NAMED_HOLIDAYS = {
    "Thanksgiving": r"thanksgiving(?: day)?|actions? de graces?|(?:dia de )?accion de gracias",
    "Christmas": r"christmas(?: day)?(?! eve)|(?:jour de )?noel|navidad",
    "New Year's Day": r"new year'?s?(?: day)?(?! eve)\b|jour de l'an|ano nuevo",
    "Independence Day": r"independence day|(?:4th|fourth) of july|july 4(?:th)?|dia de la independencia",
    "Labor Day": r"labou?r day|fete du travail|dia del trabajo",
    "Memorial Day": r"memorial day", "Veterans Day": r"veterans'? day", "Canada Day": r"canada day|fete du canada",
    "Martin Luther King Jr. Day": r"(?:mlk|martin luther king)(?:,? jr\.?)?(?:'s)?(?: (?:birth)?day)?",
    "Presidents' Day": r"presidents?'?s? day|washington'?s birthday", "Columbus Day": r"columbus day",
    "Juneteenth National Independence Day": r"juneteenth(?: (?:national independence )?day)?",
    "Good Friday": r"good friday|vendredi saint|viernes santo",
}  # fmt: skip
"""Holidays by the name that stands in the library's names of days, and how people write them."""
FEDERAL, BOTH, MAJOR = "federal holidays", "state and federal holidays", "major holidays"
"""The comments of a PH rule that narrow or widen what is a holiday; without one it is what the region keeps."""
_HOLIDAY = (
    rf"(?:{'|'.join(NAMED_HOLIDAYS.values())})\b|"
    r"(?:(?:all|any|major|federal|state|provincial|national|legal|public|bank|statutory|stat|government|govt|city|town"
    r"|county|municipal|official|observed|recognized|designated|us|u\.s\.|american|canadian)"
    r"(?: ?(?:,|&|/| and | or ) ?| ))*holidays?\b"
    r"|(?:tous )?(?:les )?(?:jours? (?:de )?conges?|(?:jours? |conges? )?feries?|conges?)\b"
    r"(?: (?:federaux|provinciaux|nationaux|legaux))?"
    r"|(?:en )?(?:todos )?(?:los )?(?:dias? )?(?:festivos?|feriados?)\b"
    r"(?: (?:federales|estatales|nacionales|oficiales))?"
    r"|ph\b"
)
_EVERY = (
    r"every ?day(?: of the week)?|each day|daily"
    r"|(?:all )?(?:7|seven) days?(?: (?:a|per|each|every) week| of the week| ?/ ?(?:week|wk)\b)?"
    r"|all week(?: long)?|365 days?(?: (?:a|per) year| of the year)?"
    r"|tous les jours(?: de la semaine)?|chaque jour|(?:7|sept) ?(?:j|jours)?(?: ?/ ?| sur )(?:7|sept)"
    r"|(?:7|sept) jours(?: par semaine| (?:de|dans) la semaine)?"
    r"|todos los dias(?: de la semana)?|cada dia|diario|diariamente"
    r"|(?:los )?(?:7|siete) dias(?: (?:de|a|por) la semana)?"
)
_WORKDAYS = (
    r"week ?days?|(?:business|working|work) ?days?|(?:les )?jours (?:ouvrables|ouvres|de semaine)"
    r"|(?:en|la) semaine"
    r"|(?:los )?dias (?:laborables|habiles|laborales|de semana|entre semana)|entre semana"
)
_WEEKEND = r"week[ -]?ends?|(?:les |la )?fins? de semaine|(?:los )?fin(?:es)? de semana"
_ALWAYS = (
    r"24 ?(?:h|hrs?|hours?)? ?[/x-] ?7(?: ?[/x-] ?36[56]|(?: days a week| ?days?| ?j(?:ours)?)\b)?(?![\d:])"
    r"|always|a?round the clock|any ?time|at (?:all|any) (?:times?|hours?)"
    r"|all hours|all the time|never closed|day (?:and|&|or) night|siempre|toujours|en (?:tout temps|permanence)"
    r"|toute heure|jour et nuit|dia y noche|a (?:todas? horas?|cualquier hora)"
)
_ALL_DAY = (
    r"(?:las )?24[ -]?(?:h|hrs?|hours?|heures?|horas?)\b(?! ?/ ?7)(?: ?(?:/|sur) ?24\b(?: ?(?:h|heures)\b)?)?"
    r"(?:(?: (?:a|per|each|every|al|del|por|par)| ?/) ?(?:day|dia|jour))?"
    r"|(?:las )?(?:twenty[- ]four|vingt-quatre|veinticuatro) (?:hours|heures|horas)(?: (?:a|per) day)?"
    r"|24 ?/ ?24(?: ?h)?|h24|all day(?: long)?|toute la journee|todo el dia"
)
_SUNRISE = r"sun ?rise|sun-?up|dawn|(?:du |le )?lever(?: du soleil)?|(?:de )?(?:l ?')?aube|(?:del? )?(?:el )?amanecer"
_SUNSET = (
    r"sun ?set|sun-?down|dusk|dark|(?:le )?coucher(?: du soleil)?|(?:le )?crepuscule|(?:el )?(?:anochecer|atardecer)"
)
_DAYLIGHT = r"(?:during )?day ?light(?: hours)?(?: only)?|(?:de )?sol a sol"
_LUNCH = (
    r"(?:(?:the |a )?(?:lunch(?: ?time)?(?: (?:hours?|breaks?|periods?))?|noon (?:hours?|breaks?))"
    r"|(?:pour|pendant|durant|a) (?:le |l'heure du )?(?:diner|dejeuner|repas|lunch)"
    r"|(?:para|por|durante) (?:el |la )?(?:almuerzo|comida|hora (?:del? )?(?:almuerzo|comida)))(?![a-z0-9])"
)
_CLOSED = (
    rf"closed(?: (?:on|for|during))?(?: {_LUNCH})?|off|not (?:open|available)(?: on)?|unavailable"
    r"|no(?= (?:\w+ )?(?:holidays?|week ?ends?|sundays?|saturdays?))"
    rf"|ferme(?:e|s|es)?(?: {_LUNCH})?|(?:cerrad[oa]s?|cierra)(?: {_LUNCH})?"
)
_EXCEPT = (
    rf"except(?:ing|ed)?(?: (?:for|on|during))?(?: {_LUNCH})?|exclud(?:ing|es?|ed)|excl\b\.?|not including|but not"
    r"|other than|with the exception of|minus|w/o(?= )|sauf|hors|exceptes?|l'exception d(?:es?|u)|excluant"
    r"|excepto|salvo|menos"
)
_APPOINTMENT = (
    r"(?:(?:all )?other (?:times|hours|days)|otherwise|after hours|or|and|also|other|ou|et|o|y)?,? ?(?:available )?"
    r"(?:(?:by|with|upon|on) (?:an )?(?:appointments?|appts?\b\.?|request)(?: only)?"
    r"|(?:sur|avec) (?:rendez-vous|demande)(?: seulement)?|con cita(?: previa)?)|(?:appointments?|appts?\.?) only"
)
_CLOCK_END = r"(?![\d:])"
_MORNING = (
    r"a\. ?m\b\.?|am\b|a(?![a-z.])(?! ?\d| [a-z]*(?:day|es|di)\b| (?:las?|el|medi[ao]\w*|mid\w+|minuit|noon)\b)"
    r"|in the morning|du matin|de la (?:manana|madrugada)"
)
_EVENING = r"p\. ?m\b\.?|pm\b|p(?![a-z.])|in the (?:afternoon|evening)|de l ?'? ?apres[ -]midi|du soir|de la tarde"
_NIGHT = r"at night|de la noche"
"""Twelve is midnight, and the first hours are those after it."""
TIME = re.compile(
    r"(?:(?P<noon>(?:12(?::00)? ?(?:pm )?)?\(?noon\)?|midi|(?:el )?mediodia)"
    r"|(?P<midnight>(?:12(?::00)? ?(?:am )?)?\(?midnight\)?|minuit|(?:la )?medianoche)"
    r"|(?P<hour>\d{1,2})(?:(?P<separator>[:.]|(?: ?h(?:eures)? ?))(?P<minute>\d{2})(?::\d{2})?)?" + _CLOCK_END +
    r"|(?P<compact>\d{3,4})" + _CLOCK_END + r")"
    r"(?P<clock24> ?(?:h|hrs|hours|heures|horas)\b)?"
    rf"(?: ?(?:(?P<am>{_MORNING})|(?P<pm>{_EVENING})|(?P<night>{_NIGHT})))?(?: ?o'?clock)?"
)  # fmt: skip
TIME_ZONE = (
    r"(?:[ecmnpah]|ak)[sd]t|[ecp]t|ht|utc|gmt"
    r"|(?:eastern|central|mountain|pacific|atlantic|newfoundland|alaska|hawaii)(?: standard| daylight)?(?: time)?"
)
"""But for "mt", which is Monday and Tuesday as well."""
_NOISE = (
    r"open(?:s|ed|ing)?|hours?|hrs?|times?|of operation|operating|operation|business|office|general|normal|regular"
    r"|lunch(?: ?time)?(?: breaks?| hours?)?"
    r"|access(?:ible)?|available|availability|to the public|for the public|public|use|only|year[- ]round|all year"
    r"|from|during|on|at|the|is|are|it|we|our|and is|for|in|each|every|of"
    rf"|{TIME_ZONE}"
    r"|ouvert(?:e|s|es)?|acces(?:sibles?)?|horaires?|heures? d'ouverture|heures?|de|du|des|d'|le|la|les|l'|entre"
    r"|est|seulement|inclusivement"
    r"|abiert[oa]s?|horario|horas|del|el|los|las|desde|solo|nuestro"
)
_END = r"(?![a-z0-9])"
_PATTERNS = (
    (TokenKind.HOLIDAYS, _HOLIDAY),
    (TokenKind.APPOINTMENT, rf"(?:{_APPOINTMENT}){_END}"),
    (TokenKind.ALL_DAY, rf"(?:{_ALL_DAY}){_END}"),
    (TokenKind.ALWAYS, rf"(?:{_ALWAYS}){_END}"),
    (TokenKind.DAYS, rf"(?:{_EVERY}|{_WORKDAYS}|{_WEEKEND}){_END}"),
    (TokenKind.DAYLIGHT, rf"(?:{_DAYLIGHT}){_END}"),
    (TokenKind.SUN, rf"(?:{_SUNRISE}|{_SUNSET}){_END}"),
    (TokenKind.TIME, TIME.pattern),
    (TokenKind.CLOSED, rf"(?:{_CLOSED}){_END}"),
    (TokenKind.EXCEPT, rf"(?:{_EXCEPT}){_END}"),
    (TokenKind.INCLUDING, rf"(?:including|incl\b\.?|inclusive of|plus|y compris|incluyendo|incluso|incluidos){_END}"),
    (TokenKind.DASH, rf"-+|(?:to|thru|through|until|till|til|a|au|aux|al|hasta|jusqu ?'?(?:a|au)){_END}"),
    (TokenKind.COMMA, rf"[,&+/]|(?:and|et|y|e|or|as well as){_END}"),
    (TokenKind.BREAK, r"[;|\n]+|\.(?= |$)"),
    (TokenKind.NOISE, rf"w/(?= )(?! (?:{_LETTERS}){_END})"),  # "with"
    (
        TokenKind.DAYS,
        rf"(?:{'|'.join(sorted(DAYS, key=len, reverse=True))})\.?(?![a-z0-9'])|lmmjv?{_END}|{_LETTERS}{{2,}}{_END}",
    ),
    (TokenKind.NOISE, rf"(?:{_NOISE}){_END}|[().:\"'*]"),
    (TokenKind.WORD, r"[^\s;,|]+"),
)
_LEXER = [(kind, re.compile(pattern)) for kind, pattern in _PATTERNS]


def tidy_hours(text: str) -> str:
    """Lower case without accents; all hyphens, spaces and quotes plain."""
    tidied = re.sub(r"à(?! (?:déterminer|confirmer|préciser|venir))", " - ", text.lower())
    tidied = re.sub(r"[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]", "-", tidied)
    tidied = tidied.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2022: ";", 0xB7: ";", 0x2192: "-"})
    decomposed = unicodedata.normalize("NFKD", tidied)
    tidied = "".join(char for char in decomposed if not unicodedata.combining(char))
    tidied = re.sub(r"[^\S\n]+", " ", tidied)
    tidied = re.sub(r"\b([ap]m)\.(?= ?-)", r"\1", tidied)
    # "between 8 and 5" is a span, not two times.
    clock = r"\d{1,2}(?:[:.]\d{2}| ?h(?:eures?)?\b(?: \d{2})?| ?h\d{2})?(?: ?[ap]\.?m\b\.?)?"
    return re.sub(
        rf"\b(?:between|entre) (?:las )?({clock}) (?:and|et|y) (?:las )?({clock})", r"\1 - \2", tidied
    ).strip()


def tokens(text: str) -> list[Token]:
    """The tokens of a tidied text, without noise."""
    result: list[Token] = []
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        token = _token_at(text, at)
        at += len(token.text)
        is_mountain_time = token.text == "mt" and result and result[-1].kind in (TokenKind.TIME, TokenKind.ALL_DAY)
        if token.kind is not TokenKind.NOISE and not is_mountain_time:
            result.append(token)
    return result


def names_days(text: str) -> bool:
    """Whether a text of hours names days of the week or holidays."""
    return any(token.kind in (TokenKind.DAYS, TokenKind.HOLIDAYS) for token in tokens(tidy_hours(text)))


def _token_at(text: str, at: int) -> Token:
    for kind, pattern in _LEXER:
        match = pattern.match(text, at)
        if match and match[0]:
            return Token(kind, match[0])
    return Token(TokenKind.WORD, text[at])


def days_of(text: str) -> tuple[str, ...]:
    """The days of a DAYS token as OSM day selectors: ("Mo-Fr",) or ("Mo", "We")."""
    word = text.rstrip(".")
    if word in INITIALS:
        return tuple(INITIALS[word].split())
    if word in DAYS:
        return (WEEKDAYS[DAYS[word]],)
    for pattern, selector in ((_EVERY, "Mo-Su"), (_WORKDAYS, "Mo-Fr"), (_WEEKEND, "Sa-Su")):
        if re.fullmatch(pattern, text):
            return (selector,)
    # In "MTWTF" the second T is Thursday.
    word = re.sub(r"(?<=w)t(?!h|u)", "th", word)
    return tuple(WEEKDAYS[DAYS[letters]] for letters in re.findall(_LETTERS, word))


def weekday_numbers(selectors: Iterable[str]) -> frozenset[int]:
    """The days of OSM day selectors such as "Th" and "Fr-Mo"; Monday 0. Raises ValueError for other text."""
    days: set[int] = set()
    for selector in selectors:
        first, _, last = selector.partition("-")
        begins, ends = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
        days.update((begins + step) % 7 for step in range((ends - begins) % 7 + 1))
    return frozenset(days)


def holiday_comment(text: str) -> str:
    """Which holidays the words mean, as the comment of a PH rule; empty for those of the state or province."""
    for name, pattern in NAMED_HOLIDAYS.items():
        if re.fullmatch(pattern, text):
            return name
    federal = bool(re.search(r"federa|\bus\b|u\.s\.|national", text))
    state = bool(re.search(r"\bstate\b|provinci|estatal", text))
    if "major" in text:
        return MAJOR
    if federal:
        return BOTH if state else FEDERAL
    return ""


def joined_comments(one: str | None, other: str | None) -> str | None:
    """The comment of two kinds of holidays together; all holidays hold the named ones."""
    if one is None or other is None:
        return other if one is None else one
    return f"{one}, {other}" if one and other else ""


def is_sunrise(text: str) -> bool:
    """Whether a SUN token is the sun's rising; else it is its setting."""
    return re.fullmatch(_SUNRISE, text) is not None
