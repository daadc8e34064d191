"""The website: Flask, which only this package and app.py import. One subpackage an audience."""
