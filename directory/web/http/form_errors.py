"""A field of a form that cannot be taken as it stands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FormError:
    """A field that cannot be taken as it stands."""

    field: str
    reason: str
    fix: str
    choices: tuple[str, ...] = ()
