"""From text to the values of fields, the same for files and forms; of hours, `zones/hours/parsing`."""
