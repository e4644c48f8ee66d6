"""What the application server loads."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from newsroom import memory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

memory.return_large_blocks()

try:
    application = get_wsgi_application()
except ImproperlyConfigured as error:
    raise SystemExit(str(error)) from None
