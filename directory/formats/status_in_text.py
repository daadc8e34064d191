"""A status that a row tells beside its facts: "Darien PD - CLOSED", hours "coming soon", "no longer offered" in a note.

A row that says so is no zone where one can go, though no column of it is called status.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from directory.clock import today
from directory.formats.column_names import field_for
from directory.text import plain, translatable
from directory.zones.findings import FieldError, Finding, Severity
from directory.zones.parsing.date_parser import MONTH_NUMBERS, partial_date
from directory.zones.parsing.field_reading import read_field
from directory.zones.parsing.parsers import PARSERS
from directory.zones.parsing.placeholders import is_placeholder
from directory.zones.schemas import Status, TriState
from directory.zones.validation.row_validation import STATUS_IS_TOLD, THE_ROW, RawRow, tidy

_STEMS = (
    "clos", "longer", "discont", "decomm", "defunct", "ended", "soon", "suspend", "inacti", "unavail", "remov", "retir",
    "mov", "locat", "withdr", "plan", "propos", "future", "cancel", "termin", "service", "ferm", "cerrad", "not ",
    "until", "publish", "n’est plus", "n'est plus", "ya no", "en construc", "develop",
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
    r"n ?est plus (?:offert|disponible|en service)e?|ya no (?:esta disponible|se ofrece|existe)"
)
_CLOSED_NOW = (
    r"suspended|(?:temporarily|indefinitely) (?:closed|suspended|unavailable)|permanently (?:suspended|unavailable)|"
    r"closed(?: (?:temporarily|indefinitely|down|until further notice))?|"
    r"temporairement fermee?|fermee? temporairement|cerrad[oa] temporalmente"
)
_NOT_OPEN_YET = (
    r"not (?:yet )?(?:open|active|in service|operational) yet|not yet (?:open|active|in service|operational)|"
    r"coming soon|opening soon|do not (?:publish|list)(?: this| yet| online)?"
)
_MONTHS_BY_NAME = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
_WHEN = rf"(?:(?:{_MONTHS_BY_NAME}|\d{{1,2}}) (?:de )?){{0,3}}(?:19|20)\d\d(?: \d{{1,2}}){{0,2}}"
_SEASON_SINCE = rf"since (?:{_MONTHS_BY_NAME}|spring|summer|fall|winter)"
_SINCE = rf"(?:since|as of|effective|depuis|desde) (?P<since>{_WHEN})|{_SEASON_SINCE}"
_BECAUSE = (
    r"(?: (?:due to|because of)(?: (?!(?:on|in|at|during|until|till|every|each|from|to|through|for|all|now|open\w*|"
    r"reopen\w*|resum\w*|restart\w*|week\w*|holidays?|\w+days?)\b)(?:[a-z]+|19)){1,8})?"
)
_AGENT = rf"(?:{_SUBJECT} (?:{_VERB} )?)?(?:now |currently )?"
_ENDS = tuple(
    re.compile(f"{_AGENT}(?:{words})(?: (?:{since}))?{_BECAUSE}")
    for words, since in (
        (_ENDED, rf"{_SINCE}|(?:in|on|from|en) (?P<when>{_WHEN})"),
        (_CLOSED_NOW, rf"{_SINCE}|(?:in|en) (?P<when>(?:19|20)\d\d)"),
        (_NOT_OPEN_YET, rf"(?:in|on|from|effective|en) {_WHEN}"),
    )
)
"""Whole clauses after which nobody is sent to the place: about itself, not about its lobby, a rule or some days.

What is closed on a day or in a month is so for that day or month; in a year, or since then, it may still be.
"""
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
_REMARKS = re.compile(
    r"\b(?:notes?|comments?|remarks?|remarques?|commentaires?|notas?|observacion(?:es)?|comentarios?)\b"
)
_CLOSED = re.compile(
    r"(?:is |now |zone |site )?(?:(?:permanently |temporarily )?closed|discontinued|inactive|suspended|decommissioned|"
    r"out of service|fermee?|cerrad[oa]|disused|abandoned|demolished|removed|retired|"
    r"(?:date|year) (?:closed|removed|discontinued|ended)|"
    r"(?:closed|closing|closure|end|ended|removed|removal|discontinued)(?: on)? date|closed on|date of closure)"
    r"(?: y n| yes no)?"
)
"""Columns that say whether, or since when, nobody is to go there."""
_THING = (
    r"(?:(?:a|an|any|the) )?(?:(?:designated|dedicated|official|public|safe|secure|safety|internet|online|e commerce|"
    r"exchange|trade|trading|purchase|transaction|swap|meet up|meetup|meeting) )+"
    r"(?:zone|area|spot|site|location|place|space|station|program(?:me)?|exchange)s?"
)
_OFFERED = re.compile(
    rf"(?:(?:does|do) (?:(?:your|the|this) )?(?:\w+ ){{0,3}})?(?:currently )?(?:offers?|has|have|provides?|hosts?|"
    rf"operates?|participates? in|designates?) {_THING}(?: y n| yes no)?|is there {_THING}|"
    rf"participat(?:es|ing)(?: in program(?:me)?)?(?: y n| yes no)?|"
    rf"{_THING} (?:available|offered|exists?)(?: y n| yes no)?"
)
"""Columns of a survey that ask whether there is a zone at all."""
_NO = re.compile(
    r"(?:non?|none|n)(?:\.?|\s*[,;(–—].*|\s*-\s.*|\s+-.*|"
    r"\s+(?:at (?:this|the) (?:time|moment)|not|we|plans?|but|currently)\b.*|"
    r"\s+(?:such )?(?:(?:safe|exchange|trade|swap|designated|official) )*(?:zone|area|site|spot|location|program)s?)",
    re.IGNORECASE | re.DOTALL,
)
"""An answer that is a no as a whole: "No cost" and "No. 3 Main St" are none."""
_NOT_YET = re.compile(
    r"(?:we are |it is |is )?(?:still |currently |now )?(?:(?:considering|planning|planned|plans|proposed|exploring|"
    r"discussing|looking (?:in)?to|working (?:on|towards?)|in (?:progress|process|planning|discussion|development|"
    r"the (?:works|process))|under (?:consideration|discussion|review|development|construction)|future|coming|"
    r"hop(?:e|ing)|intend|maybe|possibly|pas encore|todavia no|aun no)(?: .*)?|no longer|"
    r"not (?:(?:yet|currently|presently|now|at (?:this|the|present)(?: (?:time|moment))?|any ?more|offered|available|"
    r"participating|planned)(?: |$))+)"
)
"""An answer that there is no zone yet or any more. Any other answer names the place, its hours, or nothing of it."""
_FOR_GOOD = ("permanently", "temporarily", "for good", "indefinitely", "until further notice")
_BEFORE_A_DATE = re.compile(r"(?:since|in|as of|on|effective|depuis|desde|en) ", re.IGNORECASE)
_NUMBERS = re.compile(r"(\d\d?)([/.-])(\d\d?)\2(\d+)")
_MONTHS = 12
_DAYS_OFF = ("12-25", "07-04")
"""Month and day on which nothing closes for good."""
_ZONES = re.compile(r"\b(?:(?:safe|exchange|trade|swap) )*(?:zone|site|location|spot|place|lieu|sitio|lugar)s?\b")
_MARK = re.compile(r"\s+[-–—]+\s+|\s*[()\[\]:*]+\s*")
"""What stands between a name and a mark such as "CLOSED"."""
SHORTEST_NAME = 3
"""Characters: "PD" is no agency's whole name."""
LONGEST_NAME = 200
"""Characters: longer texts take long to look through."""
LONGEST_COLUMN = 60
"""Characters of a column's name: a longer one is none of those that are looked for."""
_NAMES = ("department", "name")
_ON_A_NAME = re.compile(
    r"(?:(?:now|permanently|temporarily) )?(?:closed|discontinued|suspended|inactive|fermee?|cerrad[oa])"
)
"""A mark on a name; other words that may be a status ("Future", "Removed") are also parts of names."""
_SENTENCES = ("spot_note", "hours_note", "opening_hours")


def with_told_status(row: RawRow, remarks: str = "", folders: Iterable[str] = ()) -> RawRow:
    """The row with the status that its hours, names, remarks or folders (outermost first) tell, if it has no own.

    What our own files say of a status stands in its column: rows with a `zone_id` are left alone.
    """
    values = row.values
    if "zone_id" in values or "status" in values:
        return row
    offered, closed, noted = _telling_columns(tuple(name for name in row.cells if len(str(name)) <= LONGEST_COLUMN))
    sentences = [
        ("description", remarks),
        *((field, _text(values.get(field))) for field in _SENTENCES),
        *((name, _text(row.cells[name])) for name in noted),
    ]
    if (refused := _not_offered(row, offered)) is not None:
        row.problems.append(refused)
        return row
    statement = _of_offers(row, offered) or _of_columns(row, closed) or _of_folders(folders)
    if _may_tell("\n".join([*(text for _, text in sentences), *(_text(values.get(field)) for field in _NAMES)])):
        street = plain(_text(values.get("street_address")))
        ending = (_Statement(text, where, text) for where, text in sentences if _ends(text, street))
        fallbacks = (_of_hours(row), _of_names(row), next(ending, None))
        statement = statement or next(filter(None, fallbacks), None)
    if statement:
        values["status"] = statement.status
        row.problems.append(_finding(row, statement))
        if row.columns is not None:
            row.columns |= {"status"}
    return row


class _Statement(NamedTuple):
    """A status, and the whole text in which it stands: of a field, or of a column that is none."""

    status: str
    where: str
    text: str


def _finding(row: RawRow, statement: _Statement) -> Finding:
    """What the words were read as, under the field that they became: it names their own column, and quotes them."""
    column = next((name for name in row.cells if _is_of(name, statement, row)), statement.where)
    read = read_field("status", statement.status, can_ask=False, strict=False).finding
    if read is not None and read.severity is Severity.WARNING:
        reason = translatable("stands under “%(column)s” and says that nobody is to go there", column=column)
        return replace(read, rule=STATUS_IS_TOLD, row=row.number, value=statement.text, reason=reason)
    meaning = PARSERS["status"](statement.status).value
    reason = translatable("stands under “%(column)s”: read as “%(converted)s”", column=column, converted=meaning)
    fix = translatable("Nothing to do if that is right.")
    return Finding(STATUS_IS_TOLD, Severity.NOTE, row.number, "status", statement.text, reason, fix)


def _is_of(name: str, statement: _Statement, row: RawRow) -> bool:
    """Whether a column is the one in which the words stand."""
    return name == statement.where or (field_for(name) == statement.where and _text(row.cells[name]) == statement.text)


@lru_cache(maxsize=8)  # a file has one set of names in all of its rows; others' names are not kept for long
def _telling_columns(names: tuple[str, ...]) -> tuple[list[str], list[str], list[str]]:
    """Of the names of a file's columns those that ask for a zone, those that mean "closed", and those of remarks."""
    offered = [name for name in names if _OFFERED.fullmatch(plain(str(name)))]
    closed = [name for name in names if _CLOSED.fullmatch(plain(str(name)))]
    return offered, closed, [name for name in names if _REMARKS.search(plain(str(name)))]


def _not_offered(row: RawRow, offered: Iterable[str]) -> Finding | None:
    """An error where a row answers that there is no zone, whatever else it says."""
    for name in offered:
        text = tidy(row.cells[name])
        if _answer(text) is TriState.NO or _NO.fullmatch(text):
            reason = translatable("answers “%(column)s”: there is no zone", column=name)
            fix = translatable("It was left out. Take it if it is a zone.")
            return Finding("row_is_a_zone", Severity.ERROR, row.number, THE_ROW, text, reason, fix)
    return None


def _of_offers(row: RawRow, offered: Iterable[str]) -> _Statement | None:
    """What a row answers that means not yet or no more: "planned", "considering it"."""
    for name in offered:
        text = tidy(row.cells[name])
        if is_placeholder(text):
            continue
        if _is_status(text) or _NOT_YET.fullmatch(plain(text)) or _is_end(plain(text)):
            return _Statement(text, name, text)
    return None


def _answer(text: str) -> TriState:
    """Yes, no, or neither."""
    try:
        value = PARSERS["cameras_recorded"](text).value
    except FieldError:
        return TriState.UNKNOWN
    return value if isinstance(value, TriState) else TriState.UNKNOWN


def _of_columns(row: RawRow, closed: Iterable[str]) -> _Statement | None:
    """What a column that is called "Closed" says: yes, a status, or since when. "No", and days, are no status."""
    for name in closed:
        text = tidy(row.cells[name])
        if _is_status(text) or plain(text) in _FOR_GOOD:
            return _Statement(text, name, text)
        answer = _answer(text)
        if answer is TriState.YES:
            return _Statement(str(name).strip(" ?:"), name, text)
        is_since = _has_come(_BEFORE_A_DATE.sub("", text, 1)) or re.fullmatch(_SEASON_SINCE, plain(text))
        if answer is TriState.UNKNOWN and is_since:
            return _Statement(f"{name}: {text}", name, text)
    return None


def _has_come(text: str) -> bool:
    """Whether it is a date, month or year that has begun, whichever of two numbers is the day, and no day off."""
    readings = [text]
    if (numbers := _NUMBERS.fullmatch(text)) and max(int(numbers[1]), int(numbers[3])) <= _MONTHS:
        readings.append(numbers.expand(r"\3\2\1\2\4"))
    try:
        dates = [str(partial_date(reading).value) for reading in readings]
    except FieldError:
        return False
    return all(one <= today().isoformat()[: len(one)] and one[5:] not in _DAYS_OFF for one in dates)


def _of_folders(names: Iterable[str]) -> _Statement | None:
    """What the innermost folder with a status is called in which the row lies: "Closed zones", "Planned", "Open"."""
    for name in reversed([*names]):
        mark = _ZONES.sub("", plain(name[:LONGEST_NAME])).strip()
        if _is_status(mark):
            return _Statement(mark, "folder", name)
        if _is_active(mark):
            return None
    return None


def _of_hours(row: RawRow) -> _Statement | None:
    """Hours that are a status and no hours, which are taken away."""
    hours = _text(row.values.get("opening_hours"))
    if not _is_status(hours):
        return None
    del row.values["opening_hours"]
    if row.columns is not None:
        row.columns -= {"opening_hours"}  # the hours of an earlier file are not taken back by these words
    return _Statement(hours, "opening_hours", hours)


def _of_names(row: RawRow) -> _Statement | None:
    """The mark before or behind a name, which is taken from it."""
    statement = None
    for field in _NAMES:
        text = _text(row.values.get(field))
        parts = [part for part in _MARK.split(text) if part] if len(text) <= LONGEST_NAME else []
        for mark in parts[-1:] + parts[:1] if len(parts) > 1 else ():
            name = text.replace(mark, "", 1).strip(" -–—:()[]*")
            if _ON_A_NAME.fullmatch(plain(mark)) and len(plain(name)) > SHORTEST_NAME:
                statement = statement or _Statement(mark, field, text)
                row.values[field] = name
                break
    return statement


def _ends(text: str, street: str) -> bool:
    """Whether a clause of it says that nobody is to go there; where it moved is no news behind its own `street`.

    Nothing is told where other clauses say that it is open, or on which days it is not.
    """
    clauses = [plain(clause) for clause in _CLAUSE_END.split(text)]
    others = [clause for clause in clauses if not street or street not in clause]
    for clause, before, behind in zip(others, ["", *others], [*others[1:], ""], strict=False):
        if _is_end(clause):
            is_of_days = _DAYS_LAST.fullmatch(before) or _DAYS_FIRST.match(behind)
            return not is_of_days and not any(_IS_BACK.search(one) for one in clauses if not _is_end(one))
    return _is_status(text)


def _is_end(clause: str) -> bool:
    """Whether a clause in plain words says that nobody is to go there, since a time that has come if it names one."""
    if not (match := next(filter(None, (form.fullmatch(clause) for form in _ENDS)), None)):
        return False
    times = [time for time in match.groupdict().values() if time]
    return all(_has_come(_as_written(time)) for time in times)


def _as_written(words: str) -> str:
    """A date of plain words as dates are written: "3 2021" as 3/2021, "2021 03" as 2021-03."""
    if not words.replace(" ", "").isdigit():
        return words
    return words.replace(" ", "-" if len(words.split()[0]) > len("31") else "/")


def _text(value: Any) -> str:
    return tidy(value) if isinstance(value, str) else ""


def _may_tell(text: str) -> bool:
    text = text.lower()
    return any(stem in text for stem in _STEMS)


def _is_active(text: str) -> bool:
    """Whether the words alone mean that one can go there; yes means nothing without its column."""
    try:
        return _answer(text) is TriState.UNKNOWN and PARSERS["status"](text).value is Status.ACTIVE
    except FieldError:
        return False


def _is_status(text: str) -> bool:
    """Whether the words alone mean that one cannot go there; yes and no mean nothing without their column."""
    if len(plain(text)) < 5:
        return False
    try:
        return PARSERS["status"](text).value is not Status.ACTIVE
    except FieldError:
        return False
