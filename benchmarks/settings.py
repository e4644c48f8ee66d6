"""The project's own settings, with one more address and a folder of its own for static files."""

import os

from newsroom import settings as project

globals().update({name: value for name, value in vars(project).items() if name.isupper()})

ROOT_URLCONF = "benchmarks.urls"
STATIC_ROOT = os.environ["BENCH_STATIC_ROOT"]
