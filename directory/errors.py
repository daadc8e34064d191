"""The base classes of every error that this package raises, by what a caller can do about it."""


class DirectoryError(Exception):
    """Something went wrong that the package names: every error of ours is one."""


class BadInputError(DirectoryError):
    """What was given cannot be taken as it stands; the message says what and why."""


class UnavailableError(DirectoryError):
    """A part that is needed does not work now: trying again later may help."""


class ConflictError(DirectoryError):
    """Somebody else changed the same thing first: look again, then decide again."""


class StaleVersionError(ConflictError):
    """Somebody else changed or decided the same thing meanwhile; nothing was overwritten."""


class NotAllowedError(DirectoryError):
    """The rules forbid this to whoever asks, or in the state that things are in."""
