from django.contrib.auth.hashers import Argon2PasswordHasher


class FrugalArgon2Hasher(Argon2PasswordHasher):
    """Argon2id at OWASP's m = 46 MiB, t = 1, p = 1: Django's defaults cost 100 MiB and half a second."""

    time_cost = 1
    memory_cost = 47104
    parallelism = 1
