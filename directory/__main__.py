"""`python -m directory` is `safezones`."""

from directory.cli import main

if __name__ == "__main__":  # a process of its own, such as the worker's, imports this too
    main()
