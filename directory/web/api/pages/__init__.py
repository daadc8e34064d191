"""The resources of the API as pages for people: the page, the form that asks, and the same search on the site."""
