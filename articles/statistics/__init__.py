"""What the publicity department wants to know in numbers: who published what, and who read it.

Sums come from three narrow tables: facts of editions, views by month and, at the ends of a
period, views by day. Nothing here sees a request; every answer is a dataclass.
"""
