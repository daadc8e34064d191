"""The map script, written by folium."""
