"""The project's own settings for the gunicorn of these tests.

Static files stay as they are written: compressing them all takes longer than the tests.
"""

import os

from newsroom import settings as project

globals().update({name: value for name, value in vars(project).items() if name.isupper()})

STATIC_ROOT = os.environ["TRIAL_STATIC_ROOT"]
STORAGES = {
    **project.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
