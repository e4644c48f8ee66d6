"""Finding stories by their words: every one that contains a phrase, and no other.

`normal` says when two spellings are the same, `query` what a reader asked for, `grams` what is
kept in an index, `entries` what of a story is searched, `indexing` when, `finding` answers,
`excerpts` shows where. What keeps the index is a back end: `backends`.
"""
