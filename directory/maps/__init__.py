"""The map script, written by folium; saved maps; the file of streets, names of towns, pictures of where zones are."""
