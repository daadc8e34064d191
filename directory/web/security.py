"""Headers that keep a page from doing what we did not write."""

from urllib.parse import urlsplit

from flask import Flask, Response, request

from directory.settings import Settings


def content_security_policy(settings: Settings) -> str:
    """Only our own scripts and styles; images also from the configured tile servers."""
    tiles = urlsplit(settings.tile_url.replace("{s}.", "*."))
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data: {tiles.scheme}://{tiles.netloc}",
            "connect-src 'self'",
            "font-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


FORM_BYTES = 64 * 1024
UPLOAD_BYTES = {"proposing.zone": 9_000_000, "uploading.sheet": 2_200_000}
"""How long a request's body may be: forms are short, photos and spreadsheets longer."""


def _bound_body() -> None:
    request.max_content_length = UPLOAD_BYTES.get(request.endpoint or "", FORM_BYTES)


def init_app(app: Flask, settings: Settings) -> None:
    """Set the headers of every answer."""
    policy = content_security_policy(settings)
    # The first to run: the form's token is read from a body that is not longer than the page takes.
    app.before_request(_bound_body)

    def headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        # Tile servers refuse requests without a referrer: tell them the origin, never the searched address.
        response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(), microphone=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-cache"
        return response

    app.after_request(headers)
