"""What can be measured: one module each, with `measure(plan)` returning a report."""

NAMES = ("pages", "views", "fill", "desk", "uploads", "search", "lists")
