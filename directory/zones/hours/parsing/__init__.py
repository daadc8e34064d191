"""From what people write of hours to OSM syntax: tokens, blocks, clauses, and the text composed of them."""
