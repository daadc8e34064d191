"""`python -m directory` is `safezones`."""

from directory.cli import main

main()
