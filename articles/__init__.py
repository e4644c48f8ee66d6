"""The newsroom: staff edit an Article, publishing prints an Edition, readers see Editions."""
