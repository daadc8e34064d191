"""Where zones lie: the nearest-zone index, zones between several places, water and borders on the way."""
