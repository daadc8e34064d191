"""Reading opening hours: OSM syntax, or the everyday words of US and Canadian notices in three languages."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from directory.text import translatable
from directory.zones.hours.am_pm import DAY, Span, doubtful_in
from directory.zones.hours.errors import AmbiguousHoursError, BadHoursError, NoHoursError
from directory.zones.hours.expression import NotOsmError, Openness, Rule, rules_of, without_spaced_lists
from directory.zones.hours.lexicon import TokenKind, tidy_hours, tokens
from directory.zones.hours.parsing.blocks import Days
from directory.zones.hours.parsing.clauses import Clause, Understood, understand
from directory.zones.hours.parsing.composer import compose
from directory.zones.hours.parsing.spots import by_spot
from directory.zones.hours.weekly_hours import plain_week

MAX_LENGTH = 300

_PLACEHOLDER = re.compile(
    r"[-?.*#/ ]*|#? ?n ?[./]? ?[ad]\b\.?(?:pplicable|vailable)?|t\.?b\.?[acd]\.?|unk(?:nown|own|n)?\.?|nil|null"
    r"|none(?: (?:given|listed|posted|stated))?"
    r"|nan|undefined|missing|blank|empty|pending|x+|to be (?:determined|announced|confirmed|decided)"
    r"|no (?:data|info|information|hours(?: (?:given|listed|posted|stated))?)"
    r"|(?:hours? )?(?:are )?(?:not|un) ?(?:stated|known|posted|listed|available|applicable|specified|given|provided"
    r"|published|sure|determined)|don'?t know|inconnue?s?|non (?:disponible|precise|specifie)e?s?|s/o|aucune?"
    r"|a (?:determiner|confirmer|preciser|venir)|desconocid[oa]s?|sin datos|ningun[oa]?|no disponible"
    r"|por (?:determinar|confirmar|definir)|no aplica"
)
_NO_TIMES = re.compile(
    r"(?:(?:open|during|only) )*(?:normal|regular|standard|usual)? ?(?:office|business|lobby|working|daytime)? ?hours?"
    r"(?: only)?|(?:pendant )?(?:les )?heures (?:de bureau|d'ouverture|normales|d'affaires)"
    r"|(?:en )?horario (?:de oficina|normal|habitual)"
)
_OTHER_HOURS = re.compile(
    r"\b(?:during|within|pendant|durant|durante|en|in) (?:the |les |el )?(?:(?:normal|regular|standard|usual"
    r"|posted|office|business|lobby|working|operating|station|department|building|facility|town|city|hall) )*hours?\b"
    r"|\b(?:pendant|durant) les heures\b|\b(?:durante|en) (?:el )?horario\b"
    r"|\b(?:while|when(?:ever)?|any ?time) (?:the )?(?:[a-z]+ ){1,3}(?:is |are )?open\b"
)
"""The hours of something else, of which nothing is said."""
_ISO_DATE = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[t ](?:0?0:00(?::00(?:\.0+)?)?z?))?")
_SLASHED_DATE = re.compile(r"(\d\d?)[/.](\d\d?)[/.](?:\d\d)?\d\d(?: 0?0:00(?::00)?)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED_DATE = re.compile(rf"(?:(\d\d?)[- ])?({'|'.join(_MONTHS)})[a-z]*\.?(?:[- ](\d\d?))?(?:[-, ]+\d{{2,4}})?")
_SERIAL_DATE = re.compile(r"[34]\d{4}|5[0-4]\d{3}")


@dataclass(frozen=True, slots=True)
class ParsedHours:
    """Hours in OSM syntax; `converted` when the words were not OSM syntax already."""

    osm: str
    converted: bool


def parse_hours(text: str) -> ParsedHours:
    """Read OSM syntax or everyday words ("M-F 8-5", "24 hrs", "lundi au vendredi de 8 h à 16 h").

    Raises NoHoursError for a placeholder, AmbiguousHoursError where only the author knows, BadHoursError for everything
    else that cannot be read.
    """
    tidied = " ".join(text.split())
    if len(tidied) > MAX_LENGTH:
        raise BadHoursError(translatable("longer than %(MAX_LENGTH)s characters", MAX_LENGTH=MAX_LENGTH))
    if is_standard(tidied):
        return ParsedHours(tidied, converted=False)
    plain_text = tidy_hours(text.strip())
    if not plain_text:
        raise BadHoursError(translatable("no times found"))
    if _PLACEHOLDER.fullmatch(plain_text.strip("()[]<>* ")):
        raise NoHoursError
    _refuse_dates(plain_text)
    try:
        osm = _everyday(plain_text)
    except AmbiguousHoursError:
        raise
    except BadHoursError:
        if not _is_osm(tidied):
            raise
        osm = tidied
        _ask_what_is_doubtful(osm)
    return ParsedHours(osm, converted=osm != tidied)


def is_standard(osm: str) -> bool:
    """Whether a text is OSM hours that nobody can have meant otherwise: times with two digits, each with its days."""
    if not _is_osm(osm) or re.search(
        r"(?<![\d:])\d:\d\d|23:59|24/7.|^Mo-Su 00:00-24:00$", osm.replace("24/7; PH", "").replace("24/7 ||", "")
    ):
        return False
    if osm == "24/7":
        return True
    rules = rules_of(osm)
    doubtful = doubtful_in(osm) or _says_too_much_by_the_book(osm, rules) or _may_cut_a_night(rules)
    return not doubtful and _opens(osm, rules) and _names_days(rules)


def _ask_what_is_doubtful(osm: str) -> None:
    """Raises AmbiguousHoursError where OSM syntax is taken at its word only by programs, BadHoursError where nothing
    opens."""
    rules = rules_of(osm)
    if not _opens(osm, rules):
        raise BadHoursError(translatable("it is only said what is closed"))
    if doubt := doubtful_in(osm):
        raise AmbiguousHoursError(translatable("can be read in two ways"), doubt)
    if _says_too_much_by_the_book(osm, rules):
        reading = re.sub(r"[,;]\s+(?=\d\d?:)", ",", without_spaced_lists(osm))
        usable = reading != osm and _is_taken(reading)
        raise AmbiguousHoursError(translatable("can be read in two ways"), (reading,) if usable else ())


def _is_taken(osm: str) -> bool:
    try:
        return parse_hours(osm).osm == osm
    except BadHoursError:
        return False


def _opens(osm: str, rules: tuple[Rule, ...]) -> bool:
    """Whether there is a time at which it may be open."""
    week = plain_week(osm)
    if week is None:
        return any(rule.state is not Openness.CLOSED for rule in rules)
    days = [*week.days, *([week.holidays] if week.holidays else [])]
    return bool(week.beside) or any(day.spans or day.note for day in days)


def _says_too_much_by_the_book(osm: str, rules: tuple[Rule, ...]) -> bool:
    later_rules = any(_is_doubtful(rule) or _has_bare_times(rule) for rule in rules[1:])
    return without_spaced_lists(osm) != osm or later_rules or _is_doubtful(rules[0]) or _months_may_go_on(rules)


def _months_may_go_on(rules: tuple[Rule, ...]) -> bool:
    """ "Apr-Oct Mo-Fr 08:00-20:00, Sa 08:00-12:00": by the book Saturdays of the whole year."""
    return any(
        before.weekdays is None
        and rule.weekdays is not None
        and rule.joined == ","
        and rule.state is not Openness.CLOSED
        for before, rule in pairwise(rules)
    )


def _may_cut_a_night(rules: tuple[Rule, ...]) -> bool:
    """Rules joined by ";" of which one runs past midnight: many programs end it there when another rule begins."""
    nights = any(end > DAY for rule in rules for _, end in rule.clock_spans or ())
    weekly = [rule for rule in rules if rule.weekdays and rule.joined == ";"]
    return nights and len(weekly) > 1


def _is_doubtful(rule: Rule) -> bool:
    """A rule of bare times behind a comma, or of days without times, is rarely meant as the syntax has it."""
    if rule.joined == "||":
        return False
    return (rule.joined == "," and not rule.selector) or (rule.state is Openness.OPEN and not rule.times)


def _has_bare_times(rule: Rule) -> bool:
    """Times of all days, which put an end to those before them."""
    return rule.joined == ";" and not rule.selector and rule.state is Openness.OPEN


def _names_days(rules: tuple[Rule, ...]) -> bool:
    return any(rule.selector and not rule.holidays for rule in rules) or all(
        rule.times in ("24/7", "sunrise-sunset") or rule.selector or rule.joined == "||" for rule in rules
    )


def _is_osm(text: str) -> bool:
    """Whether the OSM grammar takes a text that states hours."""
    bare = re.sub(r'"[^"]*"', "", text)
    if re.search(r"\d{5}|[a-z]{12}", bare) or not re.search(r"\d:\d\d|24/7|sun|dawn|dusk|off", bare):
        return False  # OSM syntax also takes "unknown" or a bare year: those state no hours
    try:
        return bool(rules_of(text))
    except NotOsmError:
        return False


def _everyday(text: str) -> str:
    says_none = _OTHER_HOURS.search(text) and not any(token.kind is TokenKind.TIME for token in tokens(text))
    if says_none or _NO_TIMES.fullmatch(text):
        raise AmbiguousHoursError(
            translatable("does not say which hours these are"),
            ("Mo-Fr 08:00-17:00", "Mo-Fr 09:00-17:00", "Mo-Fr 08:00-16:30"),
        )
    parts = by_spot(text)
    if len(parts) == 1:
        return _one_spot(parts[0])
    readings: dict[str, None] = {}
    all_read = True
    for part in parts:
        try:
            readings[_one_spot(part)] = None
        except BadHoursError as error:
            all_read = False
            readings |= dict.fromkeys(error.readings if isinstance(error, AmbiguousHoursError) else ())
    if len(readings) == 1 and all_read:
        return next(iter(readings))
    raise AmbiguousHoursError(
        translatable("names several spots with hours of their own; each spot is a zone of its own"), tuple(readings)
    )


def _one_spot(text: str) -> str:
    """The hours of one spot. Where a span has two readings, or no days are named, all readings are offered."""
    pieces = tokens(text)
    doubts: set[tuple[Span, ...]] = set()

    def likeliest(spans: tuple[Span, ...]) -> Span:
        if len(spans) > 1:
            doubts.add(spans)
        return spans[0]

    first = understand(pieces, likeliest)
    understood = [first, understand(pieces, lambda spans: spans[-1])] if doubts else [first]
    dayless = any(_lacks_days(clause) for clause in first.clauses)
    if dayless and len([clause for clause in first.clauses if clause.times and not clause.note]) > 1:
        raise BadHoursError(translatable("the days are not named"))
    written = [_composed(each, days) for each in understood for days in (("Mo-Fr", "Mo-Su") if dayless else ("",))]
    if len(written) == 1:
        return written[0]
    reason = translatable("does not name the days") if dayless else translatable("can be read in two ways")
    raise AmbiguousHoursError(reason, tuple(dict.fromkeys(written)))


def _lacks_days(clause: Clause) -> bool:
    if clause.times is None or clause.days.selectors or clause.days.holidays is not None:
        return False
    return bool(clause.times.spans) and clause.times.spans != [(0, DAY)]


def _composed(understood: Understood, days: str) -> str:
    if not days:
        return compose(understood)
    clauses = [replace(clause, days=Days([days])) if _lacks_days(clause) else clause for clause in understood.clauses]
    return compose(Understood(clauses, understood.beside))


def _refuse_dates(text: str) -> None:
    """A spreadsheet makes a date of "8-5". Raises AmbiguousHoursError with what was probably typed."""
    month_day = _month_and_day(text)
    if month_day is None:
        return
    month, day = month_day
    span_text = f"{month}-{day}"
    readings: tuple[str, ...] = ()
    try:
        _one_spot(span_text)
    except AmbiguousHoursError as doubt:
        readings = doubt.readings
    except BadHoursError:
        pass
    raise AmbiguousHoursError(
        translatable("is a date, which a spreadsheet made of “%(typed)s”", typed=span_text), readings
    )


def _month_and_day(text: str) -> tuple[int, int] | None:
    if match := _ISO_DATE.fullmatch(text):
        return int(match[2]), int(match[3])
    if match := _SLASHED_DATE.fullmatch(text):
        return int(match[1]), int(match[2])
    if match := re.fullmatch(r"(\d\d?)/(\d\d?)", text):
        return int(match[1]), int(match[2])
    if _SERIAL_DATE.fullmatch(text):
        day = date(1899, 12, 30) + timedelta(days=int(text))
        return day.month, day.day
    if (match := _NAMED_DATE.fullmatch(text)) and (match[1] or match[3]):
        return _MONTHS.index(match[2]) + 1, int(match[1] or match[3])
    return None
