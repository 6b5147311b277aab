"""What DIP pays: points of each stay, months, the clearing of the year, and what is owed after each (ADR 0016)."""
