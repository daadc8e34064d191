"""The offline gazetteer against packages that know ZIP codes too."""

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas
import zipcodes

from benchmarks.rows import Row, at_least, micro
from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.matching.matcher import Matcher
from directory.geocoding.matching.place_names import NO_NAMES

LOOKUPS = 10_000


def gazetteer() -> Iterator[Row]:
    """Opening it until the first answer, and many look-ups."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        known = Gazetteer.open_packaged(folder)
        codes = [row["zip_code"] for row in zipcodes.list_all()]
        codes = random.Random(3).sample(codes, LOOKUPS)
        matcher = Matcher(known, NO_NAMES)
        ours = each(lambda code: matcher.match(code), codes)
        theirs = each(lambda code: zipcodes.matching(code), codes[:200])
        yield at_least("gazetteer: a ZIP code, against zipcodes", f"{LOOKUPS:,} look-ups", micro(ours), micro(theirs),
                       theirs / ours, 100, "the peer asked 200 times")  # fmt: skip
        frame = pandas.DataFrame(known.rows("SELECT code, latitude, longitude FROM postal"))
        linear = each(lambda code: frame[frame[0] == code], codes[:500])
        yield at_least("gazetteer: a ZIP code, against a table searched as pgeocode does", f"{LOOKUPS:,} look-ups",
                       micro(ours), micro(linear), linear / ours, 100, "the peer asked 500 times")  # fmt: skip
        opened = first_answer(
            "from directory.geocoding.gazetteer import Gazetteer; "
            "from directory.geocoding.matching.matcher import Matcher; "
            "from directory.geocoding.matching.place_names import NO_NAMES; from pathlib import Path; "
            f"begun = time.perf_counter(); "
            f"Matcher(Gazetteer.open_packaged(Path({str(folder)!r})), NO_NAMES).match('06840')"
        )
        peer = first_answer("begun = time.perf_counter(); import zipcodes; zipcodes.matching('06840')")
        yield at_least("gazetteer: opened until the first answer, against zipcodes", "41,681 ZIP codes", micro(opened),
                       micro(peer), peer / opened, 100,
                       "ours was unpacked before, as on every start but the first")  # fmt: skip


def each(ask: Callable[[str], object], codes: list[str]) -> float:
    """Seconds for one look-up."""
    begun = time.perf_counter()
    for code in codes:
        ask(code)
    return (time.perf_counter() - begun) / len(codes)


def first_answer(script: str) -> float:
    """Seconds in a process of its own from opening to the answer; the best of three."""
    whole = f"import time\n{script}\nprint(time.perf_counter() - begun)"
    return min(
        float(subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    )
