"""What must not stand in a log."""

from __future__ import annotations

import logging
import re

# The token is the key to a draft: whoever reads the log could open the story with it.
TOKEN = re.compile(r"(/preview/)[^/\s\"']+")


class HidePreviewTokens(logging.Filter):
    """Keeps every record, without the token of a guest's preview link."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        masked = TOKEN.sub(r"\1***", said)
        if masked != said:
            record.msg, record.args = masked, None
        return True
