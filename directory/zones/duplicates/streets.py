"""Street addresses as they are compared: number, name, type and directions, however each is written."""

import re
from functools import lru_cache
from typing import NamedTuple

from directory.regions import REGIONS
from directory.text import plain

TYPES = {
    "al": "alley", "aly": "alley", "av": "avenue", "ave": "avenue", "aven": "avenue", "bd": "boulevard",
    "blv": "boulevard", "blvd": "boulevard", "boul": "boulevard", "byp": "bypass", "ch": "chemin", "cir": "circle",
    "circ": "circle", "ct": "court", "crt": "court", "cres": "crescent", "cr": "crescent", "xing": "crossing",
    "dr": "drive", "drv": "drive", "expy": "expressway", "expwy": "expressway", "ext": "extension", "fwy": "freeway",
    "frwy": "freeway", "hwy": "highway", "hiway": "highway", "jct": "junction", "ln": "lane", "lp": "loop",
    "mtee": "montee", "pkwy": "parkway", "pky": "parkway", "pkway": "parkway", "pk": "park", "pl": "place",
    "plz": "plaza", "plza": "plaza", "rd": "road", "rte": "route", "rt": "route", "sq": "square", "str": "street",
    "ter": "terrace", "terr": "terrace", "tpke": "turnpike", "tpk": "turnpike", "trl": "trail", "tr": "trail",
    "wy": "way", "rue": "street",
}  # fmt: skip
"""Types of streets as they are abbreviated; "st" is none of them, because it is "Saint" as well."""
_ALL_TYPES = frozenset({*TYPES.values(), "street", "way", "run", "row", "pike", "path", "rang", "cote", "walk", "mall"})
_DIRECTIONS = {
    "n": "north", "s": "south", "e": "east", "w": "west", "ne": "northeast", "nw": "northwest", "se": "southeast",
    "sw": "southwest", "nord": "north", "sud": "south", "est": "east", "ouest": "west",
}  # fmt: skip
_ALL_DIRECTIONS = frozenset(_DIRECTIONS.values())
_COMPASS_POINT = re.compile(r"\b(n|s|north|south) ?(e|w|east|west)\b")
_WORDS = {
    "ft": "fort", "mt": "mount", "mlk": "martin luther king", "jr": "", "junior": "", "the": "",
    "centre": "center", "ctr": "center",
}  # fmt: skip
_ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMERALS = {word: str(number) for number, word in enumerate(_ONES)}
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
)  # fmt: skip
_ORDINAL_NUMBERS = {word: str(number) for number, word in enumerate(_ORDINALS, start=1)} | {
    "twentieth": "20", "thirtieth": "30", "fortieth": "40", "fiftieth": "50", "sixtieth": "60", "seventieth": "70",
    "eightieth": "80", "ninetieth": "90",
}  # fmt: skip
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_ORDINAL = re.compile(r"\b(\d+)(?:st|nd|rd|th|e|er|eme)\b")
_UNITS = frozenset({
    "suite", "ste", "unit", "apt", "apartment", "room", "rm", "floor", "fl", "bldg", "building", "bureau", "local",
})  # fmt: skip
_PARTS = frozenset({
    "rear", "front", "back", "lobby", "lot", "parking", "entrance", "basement", "level", "garage", "headquarters", "hq",
})  # fmt: skip
"""Words for a part of a building or a plot, which stand behind its address."""

_STATE_CODES = "|".join(code.lower() for code in REGIONS)
_COUNTY_ROAD = re.compile(r"\b(?:county (?:road|rd|highway|hwy)|co (?:rd|road)|cr|c r|cth) (?=\d|[a-z]{1,2}\b)")
_FARM_ROAD = re.compile(r"\b(?:farm to market(?: road| rd)?|fm(?: road| rd)?|f m) (?=\d)")
_INTERSTATE = re.compile(r"\b(?:interstate(?: highway)?|i) (?=\d)")
_HIGHWAY = re.compile(
    rf"\b(?:(?:us|u s|state|st|old|{_STATE_CODES}) )?(?:highway|hwy|route|rte|rt|state road|state rd|sr|s r) (?=\d)"
    rf"|\b(?:us|u s|(?:{_STATE_CODES})(?= \d{{1,3}}$)) (?=\d)"
)
_NUMBER = r"(?:[nsew]\d+[nsew]?\d*|\d+[a-z]?(?:[-–]\d+[a-z]?)?)(?: ?1/2)?"
_NUMBERED = re.compile(rf"(?P<number>{_NUMBER}|one|two|three|four|five|six|seven|eight|nine|ten) (?P<rest>.+)")
_LEADING_DIGITS = re.compile(r"\d+")
_LEADING = re.compile(r"^(?:at|near|behind|corner of|in front of|across from|\d+ block of)\s+")
_CROSSING = re.compile(r"\s*(?:&|\band\b|\bat\b|@|/)\s*")
_BETWEEN = re.compile(r"[,;\n]| - ")
_BRACKETS = re.compile(r"\([^)]*\)")


class StreetAddress(NamedTuple):
    """An address in parts; what it does not say is empty.

    `name` holds the words of the street without spaces; of a crossing both streets in alphabetical order.
    """

    number: str
    name: str
    type: str
    directions: frozenset[str]


def street_key(text: str) -> str:
    """The address in one spelling: "174 South Ave., Suite 2" and "174 South Avenue" share one; empty for none."""
    address = read_street(text)
    return " ".join(filter(None, (address.number, *sorted(address.directions), address.name, address.type)))


@lru_cache(maxsize=8192)
def read_street(text: str) -> StreetAddress:
    """The parts of a street address as somebody wrote it, without town, unit and part of the building."""
    line = _street_line(text)
    numbered = _NUMBERED.fullmatch(line)
    if numbered is None and len(streets := _CROSSING.split(line)) == 2 and all(streets):
        return StreetAddress("", "&".join(sorted(street_key(street) for street in streets)), "", frozenset())
    number, street_part = (numbered["number"], numbered["rest"]) if numbered else ("", line)
    number = _NUMERALS.get(number, number).replace("–", "-").replace(" ", "")
    return StreetAddress(number, *_street(_without_unit(street_words(street_part))))


def street_words(text: str) -> list[str]:
    """The words of a street or an address in one spelling each."""
    line = _COMPASS_POINT.sub(r"\1\2", plain(text.replace("#", " unit ")))
    line = _COUNTY_ROAD.sub("countyroad ", line)
    line = _FARM_ROAD.sub("farmroad ", line)
    line = _HIGHWAY.sub("highway ", _INTERSTATE.sub("interstate ", line))
    words = _ORDINAL.sub(r"\1", line).split()
    last = len(words) - 1
    spelled = [_spelling(word, number, words[number + 1 : number + 2], last) for number, word in enumerate(words)]
    return " ".join(filter(None, _joined_ordinals(spelled))).split()


def same_address(one: StreetAddress, other: StreetAddress) -> bool:
    """Whether two addresses name one building: parts that both say are equal.

    "100 Main" is "100 N. Main St."; "100 Main St." is neither "100 Main Ave." nor "South Avenue" "North Avenue".
    """
    if not one.name or one.name != other.name or not _same_number(one.number, other.number):
        return False
    if one.type and other.type and one.type != other.type:
        return False
    return not one.directions or not other.directions or one.directions == other.directions


def may_be_same_number(one: str, other: str) -> bool:
    """Whether two texts begin with equal house numbers, or one with none: a quick look before `same_address`."""
    numbers = _LEADING_DIGITS.match(one), _LEADING_DIGITS.match(other)
    return numbers[0] is None or numbers[1] is None or numbers[0][0] == numbers[1][0]


def _same_number(one: str, other: str) -> bool:
    """Whether house numbers are equal; a range ("100-110") begins with that of its building."""
    if one == other or not one or not other:
        return True
    if ("-" in one) == ("-" in other):
        return False
    return one.partition("-")[0] == other.partition("-")[0]


def _street_line(text: str) -> str:
    """The one part of an address that names number and street, in lower case."""
    line = _BRACKETS.sub(" ", text).lower()
    parts = [_LEADING.sub("", " ".join(part.split()), count=1) for part in _BETWEEN.split(line)]
    if len(parts) > 1 and re.fullmatch(_NUMBER, parts[0]):
        parts[:2] = [f"{parts[0]} {parts[1]}"]  # "1000, rue Principale"
    return next((part for part in parts if _NUMBERED.fullmatch(part)), next(filter(None, parts), ""))


def _spelling(word: str, number: int, following: list[str], last: int) -> str:
    """One word; "st" and "dr" are "Saint" and "Doctor" before a name, else a type of street."""
    before_name = bool(following) and not _ends_street(following[0])
    if word == "st":
        return "saint" if before_name else "street"
    if word == "dr" and number == 0 and before_name:
        return "doctor"
    if word == "ste" and following and not re.fullmatch(r"\d\w*|[a-z]", following[0]):
        return "sainte"
    if number == last and word == "cr":
        return "crescent"
    if word == "o" and number and not before_name:
        return "west"  # ouest
    return _WORDS.get(word, TYPES.get(word, _DIRECTIONS.get(word, _ORDINAL_NUMBERS.get(word, word))))


def _ends_street(word: str) -> bool:
    """Whether a word stands behind the name and type of a street, not inside the name."""
    return word in _UNITS or word in _PARTS or word in _DIRECTIONS or word in _ALL_DIRECTIONS or word in ("ext",)


def _joined_ordinals(words: list[str]) -> list[str]:
    """ "twenty" before "3" becomes "23"."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in _TENS and word.isdigit() and len(word) == 1:
            joined[-1] = str(_TENS[joined[-1]] + int(word))
        else:
            joined.append(word)
    return joined


def _without_unit(words: list[str]) -> list[str]:
    """The words before a unit ("suite 2", "2 floor") and before parts of the building ("rear")."""
    for position in range(1, len(words)):
        if words[position] in _UNITS:
            numbered_floor = words[position] in ("floor", "fl") and words[position - 1].isdigit() and position > 1
            words = words[: position - 1 if numbered_floor else position]
            break
    while len(words) > 1 and words[-1] in _PARTS:
        words = words[:-1]
    return words


def _street(words: list[str]) -> tuple[str, str, frozenset[str]]:
    """Name, type and directions; "South Avenue" and "Avenue N" keep as a name what else would be a direction."""
    directions = set()
    if len(words) > 1 and words[0] in _ALL_DIRECTIONS and not (len(words) == 2 and words[1] in _ALL_TYPES):
        directions.add(words[0])
        words = words[1:]
    if len(words) > 1 and words[-1] in _ALL_DIRECTIONS and words[:-1] != ["avenue"]:
        directions.add(words[-1])
        words = words[:-1]
    street_type = ""
    if len(words) > 1 and words[-1] in _ALL_TYPES:
        *words, street_type = words
    elif len(words) > 1 and words[0] in _ALL_TYPES:
        street_type, *words = words
    return "".join(words), street_type, frozenset(directions)
