"""Columns of values and the truth of a statement about each row; nobody knows some of them."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from numpy.typing import NDArray

Bits = NDArray[np.bool_]


class Kind(StrEnum):
    """What can be compared with what."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIME = "time"
    GEOMETRY = "geometry"


@dataclass(frozen=True, slots=True)
class Truth:
    """For which rows a statement is true and for which false, each of shape (n,) or (); else it is unknown."""

    yes: Bits
    no: Bits

    def __and__(self, other: "Truth") -> "Truth":
        return Truth(self.yes & other.yes, self.no | other.no)

    def __or__(self, other: "Truth") -> "Truth":
        return Truth(self.yes | other.yes, self.no & other.no)

    def __invert__(self) -> "Truth":
        return Truth(self.no, self.yes)

    @classmethod
    def where(cls, holds: Bits, has_value: Bits) -> "Truth":
        """What `holds` says of the rows where there is a value."""
        return cls(holds & has_value, ~holds & has_value)


@dataclass(frozen=True, slots=True)
class Texts:
    """Each row's number in a list of different texts, -1 where it has none: what is true of a text is found once."""

    categories: tuple[str, ...]
    codes: NDArray[np.intp]
    kind = Kind.TEXT

    @property
    def has_value(self) -> Bits:
        """Where there is a value."""
        return np.asarray(self.codes >= 0)

    def of_categories(self, verdicts: list[bool]) -> Truth:
        """The truth for each row where there is a verdict on each category."""
        return Truth.where(np.array([*verdicts, False])[self.codes], self.has_value)


@dataclass(frozen=True, slots=True)
class Numbers:
    """A number for each row, NaN where there is none; truth values are 1 and 0."""

    data: NDArray[np.float64]
    kind: Kind = Kind.NUMBER

    @property
    def has_value(self) -> Bits:
        """Where there is a value."""
        return ~np.isnan(self.data)


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds since 1970 from and until, both included, NaN where there is none: a moment, a day, or an interval."""

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    kind = Kind.TIME

    @property
    def has_value(self) -> Bits:
        """Where there is a value."""
        return ~(np.isnan(self.start) | np.isnan(self.end))


@dataclass(frozen=True, slots=True)
class Geometries:
    """A geometry for each row, None where there is none."""

    data: NDArray[np.object_]
    kind = Kind.GEOMETRY

    @property
    def has_value(self) -> Bits:
        """Where there is a value."""
        return np.asarray(~shapely.is_missing(self.data))


Values = Texts | Numbers | Times | Geometries


def texts(values: list[str]) -> Texts:
    """A column of texts; an empty one is none."""
    categories = tuple(sorted(set(values) - {""}))
    numbers = {text: number for number, text in enumerate(categories)}
    return Texts(categories, np.array([numbers.get(value, -1) for value in values], dtype=np.intp))


def text(value: str) -> Texts:
    """The same text for every row."""
    return Texts((value,), np.array(0, dtype=np.intp))
