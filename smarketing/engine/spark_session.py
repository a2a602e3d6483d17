"""Sessions of Spark: one started on this machine, or one that Spark Connect leads to."""

from __future__ import annotations

import logging
import os
import re
import warnings
import weakref
from contextlib import suppress
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs, unquote, urlsplit

from pyspark.sql import SparkSession

from smarketing.errors import UsageError

#: Without the first three it takes instants for local ones, and days come out wrong silently.
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
    # What is pulled at a time is a file.
    "spark.sql.files.maxRecordsPerFile": "250000",
}
_NAME = "smarketing"
#: Spark on this machine: quiet, reached by nobody else, its answers as large as they are.
_HERE = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "localhost",
    "spark.driver.maxResultSize": "0",
    "spark.driver.extraJavaOptions": "-XX:+UseParallelGC -Dderby.stream.error.file=/dev/null",
    "spark.log.level": "FATAL",
    # A table is taken for so many times the size of its files: by that of the files alone, millions
    # of rows of small numbers pass for few, and are held in memory whole to be joined.
    "spark.sql.sources.fileCompressionFactor": "10",
    "spark.sql.shuffle.partitions": "4",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
#: Spark would look for tables by patterns of such signs, and find those of other folders too; its
#: catalogue takes what follows a semicolon for a setting.
_WRONG = re.compile(r"[\\?*\[{;]")
#: So often a cluster that does not answer is asked again, within some 20 seconds in all.
_TRIED_AGAIN = 5
#: Writes each refused statement to standard error, where it is said in a sentence anyway.
_TALKS = "SQLQueryContextLogger"


def begun(address: str) -> SparkSession:
    """Start or reach Spark by its address, and settle how it reads instants.

    Raises UsageError for an address that is none, and whatever Spark raises where nobody answers.
    """
    logging.getLogger(_TALKS).setLevel(logging.CRITICAL)
    # It warns of pandas, which is not used here (all goes by Arrow), and of what it raises anyway.
    warnings.filterwarnings("ignore", module="pyspark")
    session = _local(address) if is_here(address) else _remote(address)
    for name, value in _SETTINGS.items():
        session.conf.set(name, value)
    return session


def is_here(address: str) -> bool:
    """Answer whether Spark is started on this machine, its tables in a folder."""
    return urlsplit(address).scheme == "spark"


def ended(session: SparkSession) -> None:
    """Let go of a session, also of one that broke.

    Spark on this machine ends with it, lets others at its folder, and can be started anew.
    """
    from pyspark import SparkContext

    with suppress(Exception):
        session.stop()
    gateway = getattr(SparkContext, "_gateway", None)
    if gateway is not None:
        SparkContext._active_spark_context = SparkContext._gateway = SparkContext._jvm = None
        with suppress(Exception):
            gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait()


def quoted(name: str) -> str:
    """Return a name as Spark's SQL writes it."""
    return "`" + name.replace("`", "``") + "`"


def _local(address: str) -> SparkSession:
    """Start Spark here; the address may give it cores, memory and settings of Spark's own."""
    parts = urlsplit(address)
    if parts.netloc or len(parts.path) < 2:
        raise UsageError(
            "Spark on this machine is spark:///FOLDER (the folder of its tables); a cluster is "
            "reached by Spark Connect, as sc://HOST:PORT."
        )
    folder = Path(unquote(parts.path))
    if wrong := _WRONG.search(str(folder)):
        raise UsageError(
            f"Spark cannot keep tables in {folder}: it takes {wrong[0]} for something else than a "
            "sign of a name. Choose a folder whose whole path has none of " + r"\ ? * [ { ;"
        )
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise PermissionError(f"{folder} cannot be written to")
    given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    builder = SparkSession.builder.master(f"local[{given.pop('cores', '*')}]").appName(_NAME)
    for name, value in {
        **_HERE,
        "spark.driver.memory": given.pop("memory", "2g"),
        "spark.sql.warehouse.dir": str(folder / "tables"),
        "spark.hadoop.javax.jdo.option.ConnectionURL":
            f"jdbc:derby:;databaseName={folder / 'catalogue'};create=true",
        **{name: value for name, value in given.items() if name.startswith("spark.")},
    }.items():  # fmt: skip
        builder = builder.config(name, value)
    return builder.enableHiveSupport().getOrCreate()


def _remote(address: str) -> SparkSession:
    """Reach a cluster by a session of its own: a build that ends leaves others their answers."""
    # Read when gRPC is loaded, which else writes of its own to standard error.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    from pyspark.sql.connect.client.retries import DefaultPolicy
    from pyspark.sql.connect.session import SparkSession as Remote

    session = Remote(address)
    session.client.set_retry_policies([DefaultPolicy(max_retries=_TRIED_AGAIN)])
    # Where it is left to the very end of a program, closing waits without end for threads gone.
    weakref.finalize(session, session.client.close)
    return cast(SparkSession, session)
