"""What a zone is: schemas, parsers, rules, validation, closures, freshness."""
