"""Tables of what people and systems send in: submissions, lists, photos, reports, visits, cases."""
