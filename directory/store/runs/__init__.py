"""When the site's own work was last done: daily commands, releases of datasets, mail, looks at sources."""
