"""What an import is asked to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import: withdraw what the dataset no longer has, try without changing, who asks."""

    prune: bool = False
    dry_run: bool = False
    yes: bool = False
    actor: str = "import"
    dataset: str = ""
    """The dataset of the file, where it does not say so itself."""
