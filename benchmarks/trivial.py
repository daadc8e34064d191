"""The least that Flask can do: what every answer of ours is measured against."""

from flask import Flask, Response, jsonify


def create_app() -> Flask:
    """One route, a few bytes of JSON."""
    app = Flask("trivial")

    @app.get("/")
    def hello() -> Response:
        return jsonify(hello="world")

    return app
