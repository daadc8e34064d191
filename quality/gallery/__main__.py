"""The gallery of pieces: look at it, compare it with its pictures, or take the pictures again.

python -m quality.gallery serve [--port 8000] [--reload]
python -m quality.gallery compare
python -m quality.gallery update
"""

import argparse
import sys
import tempfile
from pathlib import Path

from werkzeug.serving import run_simple

from directory.settings import PACKAGE
from quality.gallery import references, sheets
from quality.gallery.site import gallery_app
from quality.site import ROOT

WATCHED = (ROOT / "templates", PACKAGE / "static", PACKAGE / "translations", Path(__file__).parent)


def serve(port: int, folder: Path, reload: bool) -> None:
    """Serve the gallery on loopback until it is stopped."""
    files = [
        str(path) for root in WATCHED for path in root.rglob("*") if path.suffix in (".html", ".css", ".js", ".mo")
    ]
    run_simple("127.0.0.1", port, gallery_app(folder), use_reloader=reload, extra_files=files, threaded=True)


def compare() -> int:
    """Print every piece that changed; 1 where one did."""
    with sheets.running_gallery() as address, sheets.browser_with_one_font() as browser:
        found = {(sheet.name, *change) for sheet in sheets.sheets()
                 for change in references.changes(browser, address, sheet).items()}  # fmt: skip
    for sheet, piece, words in sorted(found):
        print(f"{piece} ({sheet}): {words}")
    print(f"Pictures of what changed: {references.FOUND}" if found else "Every piece looks as it did.")
    return int(bool(found))


def update() -> int:
    """Take the pictures again."""
    with sheets.running_gallery() as address, sheets.browser_with_one_font() as browser:
        size = references.write_all(browser, address)
    print(f"{size / 1000:.0f} kB of pictures in {references.REFERENCES}")
    return 0


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m quality.gallery", description=__doc__)
    parser.add_argument("command", choices=("serve", "compare", "update"))
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--folder", type=Path, help="where the database is made; a temporary folder unless it is said")
    parser.add_argument("--reload", action="store_true", help="serve anew when a template, style or script changes")
    given = parser.parse_args()
    if given.command == "serve":
        with tempfile.TemporaryDirectory(prefix="gallery-") as folder:
            serve(given.port, given.folder or Path(folder), given.reload)
        return 0
    return compare() if given.command == "compare" else update()


if __name__ == "__main__":
    sys.exit(main())
