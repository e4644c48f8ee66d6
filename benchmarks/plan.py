"""What was asked for on the command line."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    articles: int
    views: int
    rounds: int
    seconds: float
    restart: str = ""
