"""Import files of zones: the same as `safezones import`. See --help."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from directory.cli.data.imports import import_command

if __name__ == "__main__":
    import_command()
