"""Films in a story: taken in (intake), read byte by byte (films), shown to readers (showing)."""
