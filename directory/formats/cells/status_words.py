"""Whether words tell that one cannot go to a place, wherever they stand: "closed since 2021", "coming soon", "no"."""

import re

from directory.clock import today
from directory.text import plain
from directory.zones.duplicates.streets import street_words
from directory.zones.findings import FieldError
from directory.zones.parsing.date_parser import MONTH_NUMBERS, day_alone, partial_date
from directory.zones.parsing.enumeration_parser import yes_or_no
from directory.zones.parsing.parsers import PARSERS
from directory.zones.schemas import Status, TriState

_STEMS = (
    "clos", "longer", "discont", "decomm", "defunct", "ended", "soon", "suspend", "inacti", "unavail", "remov", "retir",
    "mov", "locat", "withdr", "plan", "propos", "future", "cancel", "termin", "service", "ferm", "cerrad", "not ",
    "until", "publish", "n’est plus", "n'est plus", "existe plus", "ya no", "en construc", "develop",
)  # fmt: skip
"""A quick look: no words that tell a status are without one of these."""
_SUBJECT = (
    r"(?:(?:the|this|our|le|la|ce|cette|este|esta|el) )?(?:safe |swap |exchange |trade |trading |e commerce |online )*"
    r"(?:zone|site|spot|location|place|area|program(?:me)?|service|it|zona|sitio|lugar|programa|servicio)s?"
)
_VERB = r"(?:is|are|was|were|has been|have been|has|have|est|a ete|esta|ha sido|fue)"
_ENDED = (
    r"no longer (?:offered|available|in (?:use|service|operation)|active|operational|operating|participating|open|"
    r"exists?|a (?:safe|swap|exchange) (?:zone|location|site|spot)|used)|discontinued|decommissioned|defunct|ended|"
    r"cancell?ed|(?:permanently )?removed|permanently closed|closed (?:permanently|for good)|"
    r"(?:moved|relocated) to (?:\d.{1,80}|a new (?:location|site|building).{0,60})|"
    r"definitivement fermee?|fermee? definitivement|cerrad[oa] (?:permanentemente|definitivamente)|"
    r"(?:does not|doesnt|did not) exist any ?(?:more|longer)|"
    r"n ?est plus (?:offert|disponible|en service)e?|n ?existe plus|ya no (?:esta disponible|se ofrece|existe)"
)
_CLOSED_NOW = (
    r"suspended|(?:temporarily|indefinitely) (?:closed|suspended|unavailable)|permanently (?:suspended|unavailable)|"
    r"(?:temporarily )?closed(?: (?:temporarily|indefinitely|down))?(?: until further notice)?|"
    r"(?:temporarily )?closed for (?:repairs?|renovations?|remodel(?:l?ing)?|(?:re)?construction|maintenance|repaving)|"
    r"not (?:in use|in service|operational|operating|active|available) (?:at (?:this|the present) time|at (?:the|this) "
    r"moment|currently|right now|for now)|hors (?:service|d ?usage)|fuera de servicio|"
    r"temporairement fermee?|fermee? temporairement|cerrad[oa] temporalmente"
)
_NOT_OPEN_YET = (
    r"not (?:yet )?(?:open|active|in service|operational) yet|not yet (?:open|active|in service|operational)|"
    r"coming soon|opening soon|do not (?:publish|list)(?: this| yet| online)?"
)
_MONTHS_BY_NAME = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
_WHEN = rf"(?:(?:{_MONTHS_BY_NAME}|\d{{1,2}}) (?:de )?){{0,3}}(?:19|20)\d\d(?: \d{{1,2}}){{0,2}}"
SEASON_SINCE = rf"since (?:{_MONTHS_BY_NAME}|spring|summer|fall|winter)"
_SINCE = rf"(?:since|as of|effective|depuis|desde) (?P<since>{_WHEN})|{SEASON_SINCE}"
_BECAUSE = (
    r"(?: (?:due to|because of)(?: (?!(?:on|in|at|during|until|till|every|each|from|to|through|for|all|now|open\w*|"
    r"reopen\w*|resum\w*|restart\w*|week\w*|holidays?|\w+days?)\b)(?:[a-z]+|19)){1,8})?"
)
_BY = (
    r"(?: by (?:(?:the|our) )?(?:city|town|township|village|borough|county|state|province|municipality|council|mayor|"
    r"police|department|police department|agency|management|owner))?"
)
_AGENT = rf"(?:{_SUBJECT} (?:{_VERB} )?)?(?:now |currently )?"
_ENDS = tuple(
    re.compile(f"{_AGENT}(?:{words}){_BY}(?: (?:{since}))?{_BECAUSE}")
    for words, since in (
        (_ENDED, rf"{_SINCE}|(?:(?:in|on|from|en) )?(?P<when>{_WHEN})"),
        (_CLOSED_NOW, rf"{_SINCE}|(?:in|en) (?P<when>(?:19|20)\d\d)|(?P<year>20(?!00)\d\d)"),
        (_NOT_OPEN_YET, rf"(?:in|on|from|effective|en) {_WHEN}"),
    )
)
"""Whole clauses after which nobody is sent to the place: about itself, not about its lobby, a rule or some days.

What is closed on a day or in a month is so for that day or month; in a year, or since then, it may still be.
"""
_MOVED_TO = re.compile(rf".*\b(?:moved|relocated) to (\d.*?)(?: (?:(?:in|on|since|as of|effective) )?{_WHEN})?")
_IS_BACK = re.compile(
    r"(?<!\bnot )(?<!\byet )(?<!\blonger )\b(?:(?:re)?opened|open|resumed|restarted|r?ouverte?|(?:re)?abiert[oa])\b"
)
_DAYS = (
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?|weekends?|weekdays?|holidays?|nights?|christmas|"
    r"thanksgiving|easter|new years?"
)
_DAYS_FIRST = re.compile(rf"(?:on |all |every |only )*(?:{_DAYS})\b")
_DAYS_LAST = re.compile(rf"(?:^|.* )(?:{_DAYS})")
_CLAUSE_END = re.compile(r"[.;!\n]+(?:\s|$)")
NO = re.compile(
    r"(?:non?|none|n)(?:\.?|\s*[,;(–—].*|\s*-\s.*|\s+-.*|"
    r"\s+(?:at (?:this|the) (?:time|moment)|not|we|plans?|but|currently)\b.*|"
    r"\s+(?:such )?(?:(?:safe|exchange|trade|swap|designated|official) )*(?:zone|area|site|spot|location|program)s?)",
    re.IGNORECASE | re.DOTALL,
)
"""An answer that is a no as a whole: "No cost" and "No. 3 Main St" are none."""
NOT_YET = re.compile(
    r"(?:we are |it is |is )?(?:still |currently |now )?(?:(?:considering|planning|planned|plans|proposed|exploring|"
    r"discussing|looking (?:in)?to|working (?:on|towards?)|in (?:progress|process|planning|discussion|development|"
    r"the (?:works|process))|under (?:consideration|discussion|review|development|construction)|future|coming|"
    r"hop(?:e|ing)|intend|maybe|possibly|pas encore|todavia no|aun no)(?: .*)?|no longer|"
    r"not (?:(?:yet|currently|presently|now|at (?:this|the|present)(?: (?:time|moment))?|any ?more|offered|available|"
    r"participating|planned)(?: |$))+)"
)
"""An answer that there is no zone yet or any more. Any other answer names the place, its hours, or nothing of it."""
_NUMBERS = re.compile(r"(\d\d?)([/.-])(\d\d?)\2(\d+)")
_MONTHS = 12
_DAYS_OFF = ("12-25", "07-04")
"""Month and day on which nothing closes for good."""


def may_tell(text: str) -> bool:
    text = text.lower()
    return any(stem in text for stem in _STEMS)


def is_active(text: str) -> bool:
    """Whether the words alone mean that one can go there; yes means nothing without its column."""
    try:
        return answer_of(text) is TriState.UNKNOWN and PARSERS["status"](text).value is Status.ACTIVE
    except FieldError:
        return False


def is_status(text: str) -> bool:
    """Whether the words alone mean that one cannot go there; yes and no mean nothing without their column."""
    if len(plain(text)) < 5:
        return False
    try:
        return PARSERS["status"](text).value is not Status.ACTIVE
    except FieldError:
        return False


def tells_of_an_end(text: str, street: str) -> bool:
    """Whether a clause of it says that nobody is to go there; where it moved is no news behind its own `street`.

    Nothing is told where other clauses say that it is open, or on which days it is not.
    """
    clauses = [plain(clause) for clause in _CLAUSE_END.split(text)]
    others = [clause for clause in clauses if not _names_street(clause, street)]
    for clause, before, behind in zip(others, ["", *others], [*others[1:], ""], strict=False):
        if is_end(clause):
            is_of_days = _DAYS_LAST.fullmatch(before) or _DAYS_FIRST.match(behind)
            return not is_of_days and not any(_IS_BACK.search(one) for one in clauses if not is_end(one))
    return is_status(text)


def _names_street(clause: str, street: str) -> bool:
    """Whether a clause in plain words names a street, or says that somebody moved there."""
    if not street:
        return False
    moved_to, words = _MOVED_TO.fullmatch(clause), street_words(street)
    return plain(street) in clause or (moved_to is not None and street_words(moved_to[1])[: len(words)] == words)


def is_end(clause: str) -> bool:
    """Whether a clause in plain words says that nobody is to go there, since a time that has come if it names one."""
    if not (match := next(filter(None, (form.fullmatch(clause) for form in _ENDS)), None)):
        return False
    times = [time for time in match.groupdict().values() if time]
    return all(has_come(_as_written(time)) for time in times)


def _as_written(words: str) -> str:
    """A date of plain words as dates are written: "3 2021" as 3/2021, "2021 03" as 2021-03."""
    if not words.replace(" ", "").isdigit():
        return words
    return words.replace(" ", "-" if len(words.split()[0]) > len("31") else "/")


def answer_of(text: str) -> TriState:
    """Yes, no, or neither."""
    try:
        value = yes_or_no(text).value
    except FieldError:
        return TriState.UNKNOWN
    return value if isinstance(value, TriState) else TriState.UNKNOWN


def has_come(text: str) -> bool:
    """Whether it is a date, month or year that has begun, whichever of two numbers is the day, and no day off."""
    text = day_alone(text)
    readings = [text]
    if (numbers := _NUMBERS.fullmatch(text)) and max(int(numbers[1]), int(numbers[3])) <= _MONTHS:
        readings.append(numbers.expand(r"\3\2\1\2\4"))
    try:
        dates = [str(partial_date(reading).value) for reading in readings]
    except FieldError:
        return False
    return all(one <= today().isoformat()[: len(one)] and one[5:] not in _DAYS_OFF for one in dates)
