"""`make mutants` tries a fault with the tests that call its function: what each test calls is recorded."""

import json
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

MODULE = """
def made():
    return 1

def seen():
    return (lambda: 2)()
"""
TESTS = """
import threading
import pytest
import box

@pytest.fixture(scope="module")
def shared():
    return box.made()

def test_first(shared):
    assert shared

def test_second(shared):
    thread = threading.Thread(target=box.seen)
    thread.start()
    thread.join()

def test_third():
    pass
"""
RECORD = """
import json, sys
from pathlib import Path
from quality.mutants.trial import recorded_calls
calls = recorded_calls([sys.argv[1]], [Path(sys.argv[2])])
names = {name.split("::")[1]: sorted(one[1] for one in each.functions) for name, each in (calls or {}).items()}
print(json.dumps(names))
"""


def recorded(folder: Path, tests: str) -> dict[str, list[str]]:
    (folder / "box.py").write_text(MODULE)
    (folder / "test_box.py").write_text(tests)
    command = [sys.executable, "-c", RECORD, str(folder / "test_box.py"), str(folder / "box.py")]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    calls: dict[str, list[str]] = json.loads(answer.stdout)
    return calls


def test_what_a_shared_fixture_or_a_thread_calls_counts_for_each_test_that_has_it(tmp_path: Path) -> None:
    assert recorded(tmp_path, TESTS) == {
        "test_first": ["made"], "test_second": ["made", "seen", "seen.<locals>.<lambda>"], "test_third": [],
    }  # fmt: skip


def test_nothing_is_recorded_of_tests_that_fail_without_a_fault(tmp_path: Path) -> None:
    assert recorded(tmp_path, TESTS.replace("pass", "assert False")) == {}
