"""Vendor what the map needs from npm: directory/static/vendor/ with a manifest.json.

The manifest has package, version, licence and SHA-256 of each file. All of it is committed: nobody needs npm to run the
directory.
"""

import argparse
import hashlib
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from compress_static import STATIC, compress

VENDOR = STATIC / "vendor"
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
    "us-atlas": ("3.0.1", "ISC (data: US Census Bureau, public domain)", {}),
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


def outlines(topology: dict[str, Any], layer: str) -> dict[str, Any]:
    """A TopoJSON layer's borders as one GeoJSON MultiLineString, two decimals (1 km): enough behind pins."""
    scale, translate = topology["transform"]["scale"], topology["transform"]["translate"]
    used = {
        index if index >= 0 else ~index for index in flat([g["arcs"] for g in topology["objects"][layer]["geometries"]])
    }
    lines = []
    for index in sorted(used):
        x = y = 0
        line: list[list[float]] = []
        for dx, dy in topology["arcs"][index]:
            x, y = x + dx, y + dy
            point = [round(x * scale[0] + translate[0], 2), round(y * scale[1] + translate[1], 2)]
            if not line or point != line[-1]:
                line.append(point)
        if len(line) > 1:
            lines.append(line)
    return {"type": "MultiLineString", "coordinates": lines}


def flat(nested: Any) -> list[int]:
    """All numbers in nested lists."""
    return [number for item in nested for number in flat(item)] if isinstance(nested, list) else [nested]


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
            if name == "us-atlas":
                for layer in ("states", "counties"):
                    topology = json.loads(read(package, f"{layer}-10m.json"))
                    text = json.dumps(outlines(topology, layer), separators=(",", ":"))
                    written[f"{layer}.geojson"] = text.encode()
            for target, content in written.items():
                # Browsers would ask for a source map that we do not ship.
                content = content.replace(b"//# sourceMappingURL=leaflet.js.map", b"")
                (VENDOR / target).write_bytes(content)
                digest = hashlib.sha256(content).hexdigest()
                manifest.append(
                    {"file": target, "package": name, "version": version, "licence": licence, "sha256": digest}
                )
    (VENDOR / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def main() -> None:
    """Fetch, and compress what was fetched."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    vendor()
    compress(STATIC)


if __name__ == "__main__":
    main()
