"""Updates of a site that is being used: to the next release and back, behind real proxies, counting what is lost."""
