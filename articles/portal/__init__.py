"""Readers ask: public pages, the view endpoint, public files. Nothing here imports Article."""
