"""`python -m directory` is `safezones`."""

from directory.cli.main import main

if __name__ == "__main__":  # a process of its own, such as the postman's, imports this too
    main()
