"""Online geocoders: Census Bureau, Nominatim, Photon, and any class of geopy."""
