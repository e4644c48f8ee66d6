"""Password hashing that two cores can afford."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class ModestArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, 2 passes and 1 lane (OWASP password storage cheat sheet).

    Django's default of 100 MiB and 8 lanes lets a handful of log-ins exhaust a small server.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
