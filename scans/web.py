"""wapiti and sqlmap against a site of its own on loopback; bandit on the code; pip-audit on what is installed."""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quality.rows import Row
from quality.site import ROOT, running_site

TOOLS = ROOT / ".venv" / "scans" / "bin"
"""An environment of their own (make scan makes it)."""
MODULES = ",".join(
    ("backup", "buster", "cookieflags", "crlf", "csp", "exec", "file", "htaccess", "http_headers", "ldap", "methods",
     "permanentxss", "redirect", "sql", "timesql", "upload", "xss", "xxe")
)  # fmt: skip
CRAWL_SECONDS, ATTACK_SECONDS = 120, 40
"""The crawl's time, and that of each kind of attack."""
HIGH: dict[str, Any] = {"api_per_minute": "10000000", "submissions_per_hour": "1000000", "reports_per_hour": "1000000",
                       "visits_per_day": "1000000"}  # fmt: skip
EXPLAINED = (
    ("Backup file", "/embed/", "an embed finds its town however the name is written: it is the town's page"),
    ("LDAP Injection", "/", "no directory server is asked by anything here; a form's token is another one each second"),
    (
        "Secure Flag cookie",
        "/",
        "the scanned site is on plain http; on https the flag is set (test_security_headers.py)",
    ),
)
"""Kind of finding, where, and why it is none."""
INJECTED = (
    "/search?q=06840&limit=5&within=10&setting=lobby",
    "/suggest?q=new",
    "/api/v1/nearest?lat=41.1&lon=-73.4&limit=3&within_m=50000",
    "/api/v1/geocode?address=06840",
    "/api/v1/collections/zones/items?bbox=-74,41,-73,42&limit=3&town=ct/new-canaan&status=active",
    "/api/v1/towns?state=CT&limit=3",
)


def wapiti() -> Iterator[Row]:
    """A crawl from the home page with every attack that needs no server elsewhere."""
    with tempfile.TemporaryDirectory() as name, running_site(Path(name), **HIGH) as site:
        report = Path(name) / "wapiti.json"
        command = [
            str(TOOLS / "wapiti"), "--url", f"{site}/", "--scope", "folder", "--module", MODULES, "--format", "json",
            "--output", str(report), "--max-scan-time", str(CRAWL_SECONDS), "--max-attack-time",
            str(ATTACK_SECONDS), "--depth", "4",
            "--max-links-per-page", "12", "--max-files-per-dir", "8", "--store-session", name, "--flush-session",
            "--no-bugreport", "--verify-ssl", "0", "--start", f"{site}/submit", "--start", f"{site}/search?q=06840",
            "--start", f"{site}/towns/ct/new-canaan", "--start", f"{site}/zones/ct-darien-parking-lot/report",
            "--start", f"{site}/docs", "--start", f"{site}/sign-in", "--tasks", "8",
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False,
                              timeout=CRAWL_SECONDS + 30 * ATTACK_SECONDS,
                              env={"HOME": name, "PATH": "/usr/bin:/bin"})  # fmt: skip
        if not report.exists():
            yield Row("wapiti", "no report", "0 findings", False, done.stderr[-300:])
            return
        found = json.loads(report.read_text())
        problems = {
            kind: items for part in ("vulnerabilities", "anomalies") for kind, items in found[part].items() if items
        }
        crawled = found["infos"].get("crawled_pages_nbr", "?")
        told = f"each kind of attack for {ATTACK_SECONDS} s at most"
        for kind, where, why in EXPLAINED:
            known = [item for item in problems.get(kind, []) if item["path"].startswith(where)]
            problems[kind] = [item for item in problems.get(kind, []) if item not in known]
            told += f"; {len(known)} times “{kind}”: {why}" if known else ""
        count = sum(map(len, problems.values()))
        told += "".join(f"; {kind}: {item['method']} {item['path']} {item.get('parameter') or ''}".rstrip()
                        for kind, items in problems.items() for item in items[:4])  # fmt: skip
        yield Row(
            "wapiti, 18 kinds of attack", f"{count} findings on {crawled} pages", "0 findings", count == 0, told[:900]
        )


def sqlmap() -> Iterator[Row]:
    """Every parameter of these addresses, with all techniques."""
    with tempfile.TemporaryDirectory() as name, running_site(Path(name), **HIGH) as site:
        injectable, tested = [], 0
        for path in INJECTED:
            command = ["sqlmap", "--url", site + path, "--batch", "--level", "2", "--risk", "2", "--threads", "4",
                       "--flush-session", "--disable-coloring", "--output-dir", name, "--time-sec", "2",
                       "--ignore-code", "400,404,409,503", "--timeout", "10"]  # fmt: skip
            told = _output(command, Path(name))
            tested += len(re.findall(r"testing if \w+ parameter '.*' is dynamic", told))
            if "sqlmap identified the following injection point" in told:
                injectable.append(path)
            elif "do not appear to be injectable" not in told:
                injectable.append(f"{path}: {told[-200:]}")
        well = not injectable and tested > 10
        yield Row("sqlmap, all techniques", f"{len(injectable)} injectable of {tested} parameters", "0", well,
                  "; ".join(injectable)[:600])  # fmt: skip


def _output(command: list[str], home: Path) -> str:
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900, env=environment)
    return done.stdout


def bandit() -> Iterator[Row]:
    """Patterns of insecure Python, of any severity."""
    # Released migrations name their tables in their statements, and are not changed any more.
    command = [str(TOOLS / "bandit"), "--recursive", "--quiet", "--format", "json", "--exclude",
               "./directory/db/migrations", "./directory", "./scripts"]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)["results"]
    weighty = [item for item in found if item["issue_severity"] != "LOW"]
    told = "; ".join(f"{item['test_id']} {Path(item['filename']).name}:{item['line_number']}" for item in weighty)
    yield Row("bandit, medium and high", f"{len(weighty)} findings", "0", not weighty, told[:600])


def audit() -> Iterator[Row]:
    """Known vulnerabilities in the pinned libraries, where the service can be asked."""
    command = [sys.executable, "-m", "pip_audit", "--progress-spinner", "off", "--disable-pip", "--require-hashes"]
    command += ["--requirement", "requirements.hashes.txt"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    text = f"{done.stdout}\n{done.stderr}".strip()
    skipped = text.count("could not be audited")
    if "Found" in text:
        yield Row(
            "pip-audit, pinned libraries", text[text.index("Found") :].splitlines()[0], "none", False, text[-600:]
        )
    elif skipped:
        yield Row("pip-audit, pinned libraries", f"{skipped} could not be asked about from here", "none", None)
    elif "No known vulnerabilities found" in text:
        yield Row("pip-audit, pinned libraries", "no known vulnerabilities", "none", True)
    else:
        yield Row("pip-audit, pinned libraries", "its service could not be asked from here", "none", None)


def schemathesis() -> Iterator[Row]:
    """The contract, all checks, as in `make clients`."""
    command = [sys.executable, "-m", "pytest", "-q", "-m", "clients", "-k", "schemathesis", "tests/integration/clients"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    last = done.stdout.strip().splitlines()[-1]
    yield Row(
        "schemathesis, all checks (tests)", last.partition(" in ")[0].strip("= "), "all pass", done.returncode == 0
    )
