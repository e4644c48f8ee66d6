"""What can be measured: one module each, with `measure(plan)` returning a report."""

NAMES = (
    "pages",
    "counting",
    "first_readers",
    "views",
    "hot_article",
    "fill",
    "desk",
    "uploads",
    "search",
    "lists",
    "statistics",
    "nginx",
    "drills",
)
