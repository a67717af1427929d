"""
Fixtures of all tests.  The shared test data is found by ``tests/shared_data.py``.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import tempfile
from typing import Iterator

import hypothesis
import pytest

# How long an example takes says more of the machine than of what is tested.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

pytest.register_assert_rewrite("tests.vectors.runner")

ABSENT = (
    "they read data of others, which is not in ../shared/data (PYWBEM_TEST_DATA names another "
    "folder); small inputs of the project's own are used in other tests of the same code"
)


def pytest_configure(config: pytest.Config) -> None:
    """
    Make the processes that tests start independent of how the tests were started.
    """
    # A shell has what runs in the background ignore SIGINT, and the children would inherit that.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # They find what others have compiled, also where the user wants no such files: in a folder
    # of this run.
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
        folder = tempfile.mkdtemp(prefix="pywbem-compiled-")
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def pytest_collection_finish() -> None:
    """
    Keep the collector away from what lives as long as the tests do: there is much of it, and
    many tests collect to see that nothing of their own is left.
    """
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs absent data here, in one place: the summary has one line for all."""
    for mark in item.iter_markers("needs_data"):
        if not mark.args[0].exists():
            pytest.skip(ABSENT)


# Variables of the user's environment that would change where requests go and whom they trust.
FOREIGN = (
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No proxy, certificate store, cache or ``~/.netrc`` of the user takes part in a test."""
    for name in FOREIGN:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("NETRC", os.devnull)
    monkeypatch.setenv("PYWBEM_MOF_CACHE", "off")
    yield
