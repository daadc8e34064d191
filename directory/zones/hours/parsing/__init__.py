"""From what people write of hours, as tokens of the lexicon, to OSM syntax: blocks, clauses, and the composed text."""
