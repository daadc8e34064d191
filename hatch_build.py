"""The step of a build that is our own: static files are compressed before they are packed or served."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompressStaticFiles(BuildHookInterface[Any]):
    """Runs for wheels and for installations from a clone."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compress; see scripts/compress_static.py."""
        root = Path(self.root)
        compress = runpy.run_path(str(root / "scripts" / "compress_static.py"))["compress"]
        compress(root / "directory" / "static")
