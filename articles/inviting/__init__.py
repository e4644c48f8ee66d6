"""A leader without an account: a link to read one revision and to decide at one stage, once.

Who makes a link could decide there themselves and thereby acts at this stage. What the leader
decides is the same move with the same row in the record as a decision of somebody with an
account; the row names both.

A link is as good as the address of a preview: its token is the signed number of its row, so it
can neither be guessed (256 bits) nor made up. It leads somewhere only while the very text waits
at the very stage it was made for, and while whoever made it could still decide.
"""

from articles.inviting.deciding import Decided, LeadsNowhere, decide, decided_by
from articles.inviting.links import (
    is_open,
    may_still_invite,
    note_opening,
    open_link,
    token_of,
)
from articles.inviting.making import (
    LIFETIMES,
    USUAL_LIFETIME,
    InvitationRefused,
    invite,
    may_invite,
    may_revoke,
    revoke,
)
from articles.inviting.names import LONGEST_PERSON

__all__ = [
    "LIFETIMES",
    "LONGEST_PERSON",
    "USUAL_LIFETIME",
    "Decided",
    "InvitationRefused",
    "LeadsNowhere",
    "decide",
    "decided_by",
    "invite",
    "is_open",
    "may_invite",
    "may_revoke",
    "may_still_invite",
    "note_opening",
    "open_link",
    "revoke",
    "token_of",
]
