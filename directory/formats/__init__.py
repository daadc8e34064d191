"""File forms: GeoJSON, CSV, XLSX, KML, GPX and JSON Schema, read and written."""
