"""What must not stand in a log."""

from __future__ import annotations

import logging
import re

# The token is the key to a draft, or to a decision: whoever reads the log could use it.
TOKEN = re.compile(r"(/(?:preview|review)/)[^/\s\"']+")


class HidePreviewTokens(logging.Filter):
    """Keeps every record, without the token of a link for guests or leaders."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        masked = TOKEN.sub(r"\1***", said)
        if masked != said:
            record.msg, record.args = masked, None
        return True
