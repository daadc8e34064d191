"""What every request shares: errors, headers, limits, languages, URLs."""
