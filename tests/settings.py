"""The product's settings, with a data folder and a database for this test run."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

data_dir = tempfile.mkdtemp(prefix="chatsite-tests-")
atexit.register(shutil.rmtree, data_dir, ignore_errors=True)
os.environ["DATA_DIR"] = data_dir
for name in ("PUBLIC_URL", "SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "UPSTREAM_API_KEY"):
    os.environ.pop(name, None)

from chatsite.settings import *  # noqa: E402, F403

ROOT_URLCONF = "tests.urls"
# A file, not memory: the engine's threads and a browser's server open connections of their own.
# On PostgreSQL a name of this run's own: two runs may share a server.
DATABASES["default"].setdefault("TEST", {})["NAME"] = (  # noqa: F405
    f"{data_dir}/test.sqlite3"
    if DATABASES["default"]["ENGINE"].endswith("sqlite")  # noqa: F405
    else f"test_chatsite_{os.getpid()}"
)
# The default hasher takes a quarter of a second a sign-in, and no test is about its strength.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405

# Playwright runs an event loop in the main thread, where tests use the database as well.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
