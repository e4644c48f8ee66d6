"""Lists that stay flat: which stories stand on which shelf, and which of them make up a page."""
