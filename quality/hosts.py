"""A site of somebody else's on loopback, at an origin of its own, that embeds ours."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Frame, Page


@dataclass
class Host:
    """A web server that serves the pages one puts into it."""

    pages: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    address: str = ""

    def put(self, path: str, body: str, lang: str = "en", style: str = "", **headers: str) -> str:
        """A page around `body`, with a link before and after it; gives its address."""
        css = f'<link rel="stylesheet" href="/{path}.css">'
        self.pages[f"/{path}.css"] = (f"body {{ font: 18px/1.5 Georgia, serif; margin: 24px; }} {style}", {})
        page = (
            f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>The town</title>'
            f'<meta name="viewport" content="width=device-width">{css}</head>'
            f'<body><header><a id="before" href="#main">A link before</a></header><main id="main"><h1>The town</h1>'
            f'<p>Words of the town.</p>{body}<p><a id="after" href="#main">A link after</a></p></main></body></html>'
        )
        self.pages[f"/{path}"] = (page, {name.replace("_", "-"): value for name, value in headers.items()})
        return f"{self.address}/{path}"


@contextmanager
def running_host() -> Iterator[Host]:
    """Serve a host until the end of the block."""
    host = Host()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Serve what was put there."""
            body, headers = host.pages.get(self.path.partition("?")[0], ("", {}))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/css" if self.path.endswith(".css") else "text/html; charset=utf-8")
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    host.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()


def inside(page: Page) -> Frame:
    """The embed's own document, once its heading stands and its style sheets are in."""
    page.locator("iframe").scroll_into_view_if_needed()
    handle = page.locator("iframe").element_handle()
    frame = handle.content_frame() if handle else None
    if frame is None:
        raise RuntimeError("the page has no frame")
    frame.locator("h2").first.wait_for(timeout=60_000)
    frame.wait_for_load_state("load")
    return frame


def keyboard_passes(page: Page, most: int = 60) -> bool:
    """Whether Tab leads from before the frame through it to the link behind, and Shift+Tab the way back."""
    page.locator("#before").focus()
    entered = _walk(page, "Tab", "after", most)
    return entered and _walk(page, "Shift+Tab", "before", most)


def _walk(page: Page, key: str, target: str, most: int) -> bool:
    entered = False
    for _ in range(most):
        page.keyboard.press(key)
        entered = entered or page.evaluate("document.activeElement.tagName") == "IFRAME"
        if page.evaluate("document.activeElement.id") == target:
            return entered
    return False
