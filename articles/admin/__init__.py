"""Staff ask: one file per desk. `ArticlesConfig.ready` imports the ones that register models.

Not this package itself: the admin site lives here too and is made before any registration.
"""
