"""The map script, written by folium; the file of streets, names of towns, pictures of where zones are."""
