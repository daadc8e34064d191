"""Checks of what other programs and files do for the site: mail, geocoders, router, streets, counting."""
