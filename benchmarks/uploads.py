"""What uploads cost a worker: its peak memory while three hostile files are sent to it at once.

python -m benchmarks.uploads
"""

import http.client
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from benchmarks import machines
from directory.submissions.photos import MOST_BYTES
from quality import hostile
from quality.site import running_site

GOAL_MB = 150
TOWN = {"department": "Weston Police Department", "region": "CT", "town": "Weston", "email": "clerk@example.org"}
Upload = tuple[str, str, bytes]
"""The form below the draft that takes the file, the field's name, and the file."""


@dataclass(frozen=True, slots=True)
class Peak:
    """What three uploads at once did: the answers' status codes, and the worker's peak memory.

    The peak is counted from what the worker held before the first of all uploads.
    """

    name: str
    statuses: tuple[int, ...]
    megabytes: float


def photo(content: bytes) -> Upload:
    """A file sent as a zone's photo."""
    return "zones/new", "photo_file", content


def sheet(content: bytes) -> Upload:
    """A file sent as a spreadsheet."""
    return "sheet", "file", content


def rounds() -> Iterator[tuple[str, Sequence[Upload]]]:
    """What is sent at once, three files each time: refused ones, and the dearest that are accepted."""
    webp, jpeg, png = hostile.webp(8_000, 5_000), hostile.progressive_jpeg(8_000, 5_000), hostile.deep_png(8_000, 5_000)
    scans = hostile.jpeg_in_separate_scans(8_000, 5_000)
    yield "three WebP of 40 megapixels", [photo(webp)] * 3
    yield "WebP, progressive JPEG and 16-bit PNG of 40 megapixels", [photo(webp), photo(jpeg), photo(png)]
    yield "three JPEG of 40 megapixels in separate scans", [photo(scans)] * 3
    yield "three workbooks of shared strings", [sheet(hostile.shared_strings(300))] * 3
    yield "WebP, progressive JPEG and workbook", [photo(webp), photo(jpeg), sheet(hostile.shared_strings(300))]
    largest = [hostile.webp(2_000, 1_600), hostile.progressive_jpeg(2_260, 2_260), hostile.deep_png(3_000, 3_000)]
    largest = [content.ljust(MOST_BYTES, b"\0") for content in largest]
    yield "the largest WebP, progressive JPEG and PNG that are taken", [photo(content) for content in largest]
    yield "three of the largest PNG that are taken", [photo(largest[2])] * 3


def peaks() -> list[Peak]:
    """Serve the site with one worker, send every round to it, and read the peak that the kernel noted."""
    with tempfile.TemporaryDirectory() as name, running_site(Path(name)) as site:
        (worker,) = machines.workers_of(Path(name))
        visitors = [Visitor(site) for _ in range(3)]
        before = _memory(worker, "VmRSS")
        found = []
        for title, uploads in rounds():
            Path(f"/proc/{worker}/clear_refs").write_text("5")  # the peak counts from here
            with ThreadPoolExecutor(len(uploads)) as threads:
                sent = [
                    threads.submit(visitor.send, *upload) for visitor, upload in zip(visitors, uploads, strict=True)
                ]
                statuses = tuple(one.result() for one in sent)
            if worker not in machines.workers_of(Path(name)):
                raise RuntimeError(f"the worker ended: {title}")
            found.append(Peak(title, statuses, _memory(worker, "VmHWM") - before))
        return found


def _memory(process: int, field: str) -> float:
    """Megabytes of a process by one field of its status."""
    status = Path(f"/proc/{process}/status").read_text()
    (kilobytes,) = re.findall(rf"{field}:\s+(\d+)", status)
    return int(kilobytes) / 1024


class Visitor:
    """A browser without pictures: its cookie, and a draft of its own."""

    def __init__(self, site: str) -> None:
        self._host = urlsplit(site).netloc
        self._cookie = ""
        form = self._token("/submit") | TOWN
        kind = "application/x-www-form-urlencoded"
        _, _, place = self._ask("POST", "/submit", urlencode(form).encode(), kind)
        self._draft = urlsplit(place).path.removesuffix("/zones/new")

    def send(self, page: str, field: str, content: bytes) -> int:
        """Send a file with a form of the draft; returns the status."""
        path = f"{self._draft}/{page}"
        words = self._token(path)
        edge = uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in words.items()
        ]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{field}"; filename="file"\r\n\r\n'.encode()
        body = b"".join([*parts, head, content, f"\r\n--{edge}--\r\n".encode()])
        return self._ask("POST", path, body, f"multipart/form-data; boundary={edge}")[0]

    def _token(self, path: str) -> dict[str, str]:
        """The token of a form, as its page holds it."""
        _, text, _ = self._ask("GET", path)
        (token,) = set(re.findall(r'name="csrf_token" value="([^"]+)"', text))
        return {"csrf_token": token}

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, str, str]:
        connection = http.client.HTTPConnection(self._host, timeout=120)
        headers = {"Cookie": self._cookie} | ({"Content-Type": kind} if kind else {})
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self._cookie = cookie.partition(";")[0]
        connection.close()
        return answer.status, text, answer.headers.get("Location", "")


def main() -> None:
    """Measure and print; exit status 1 when the goal is missed."""
    found = peaks()
    for peak in found:
        print(f"{peak.megabytes:5.0f} MB  {', '.join(map(str, peak.statuses))}  {peak.name}")
    highest = max(peak.megabytes for peak in found)
    print(f"{highest:5.0f} MB at most; the goal is less than {GOAL_MB} MB")
    sys.exit(highest >= GOAL_MB)


if __name__ == "__main__":
    main()
