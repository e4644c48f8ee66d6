"""Films in a story: taken in (intake), read byte by byte (boxes), shown to readers (showing)."""
