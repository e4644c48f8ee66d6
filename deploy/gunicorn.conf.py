"""How gunicorn runs on a server: `gunicorn newsroom.wsgi --config deploy/gunicorn.conf.py`.

Where it listens is said by systemd's socket or by `--bind`.
"""

import os

# A worker takes about 80 MB. WEB_CONCURRENCY wins.
workers = int(os.environ.get("WEB_CONCURRENCY") or os.cpu_count() or 2)
worker_class = "gthread"
# Most of a request's time is waiting for the database.
threads = 4
# A worker whose threads all hang is started again after so many seconds; a request may take longer.
timeout = 60
# A reload waits so long for answers that are under way; checking a film of 500 MB takes a while.
graceful_timeout = 300
# nginx buffers both ways and opens a connection for each request.
keepalive = 0
# It would lie in a home folder, which the service has none of.
control_socket_disable = True
