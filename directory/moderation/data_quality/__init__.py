"""Whether what the directory says is true: cases of the data, visits, watched sources."""
