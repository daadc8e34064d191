"""pip as it is with the oldest Python that the site runs on: `python .ci/oldest_python.py install --dry-run …`.

pip's own --python-version chooses files for another Python, but a condition such as `python_full_version < "3.11.3"` is
asked of the Python that runs pip.
"""

import sys

from pip._internal.cli.main import main
from pip._vendor.packaging import markers

OLDEST = "3.11.0"
HERE = markers.default_environment()

markers.default_environment = lambda: {  # type: ignore[assignment]
    **HERE, "python_version": "3.11", "python_full_version": OLDEST, "implementation_version": OLDEST,
}  # fmt: skip
sys.exit(main([*sys.argv[1:], "--python-version", OLDEST, "--only-binary", ":all:"]))
