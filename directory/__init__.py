"""Safe Zone Directory: where people who met online finish a trade, at a police station."""

import zoneinfo

# The time zones of the package tzdata, which is pinned and tested with: a host's own may be years old, or missing.
zoneinfo.reset_tzpath(to=())

__version__ = "1.1.0.dev0"
