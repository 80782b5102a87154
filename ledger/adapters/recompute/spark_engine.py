"""Apache Spark: the same statement on a cluster, or, as here by default, on the cores of this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import warnings
from collections.abc import Collection, Sequence
from typing import Any

from ledger.adapters.recompute.expression import ROLLED_UP, statements
from ledger.adapters.recompute.results import activity
from ledger.ports.segments import SegmentStore
from ledger.segments.activity import Activity
from ledger.segments.errors import SegmentMalformed, SegmentsUnavailable
from ledger.segments.manifest import Manifest
from ledger.segments.rolled_up import RolledUp, of_rows
from ledger.segments.tables import CELLS, HUBS, LEGS, WITHDRAWALS

LOCAL = "local[2]"
JAVA = 17
NEEDED = f"Java {JAVA} or newer"
PARTITIONS = "2"
"""Of what is shuffled on one machine: a few thousand cells."""


class SparkEngine:
    """See ``ports.segments.Engine``. A session that runs already is used; on a cluster, submit the command to it."""

    name = "spark"

    def activity(self, store: SegmentStore, sealed: Sequence[Manifest], gone: Collection[int] = ()) -> Activity:
        """See ``Engine.activity``."""
        return activity(*self._asked(store, sealed, gone, (LEGS, HUBS)))

    def rolled_up(self, store: SegmentStore, sealed: Sequence[Manifest], gone: Collection[int] = ()) -> RolledUp:
        """See ``Engine.rolled_up``."""
        return of_rows(*self._asked(store, sealed, gone, (ROLLED_UP,)))

    def _asked(
        self, store: SegmentStore, sealed: Sequence[Manifest], gone: Collection[int], names: Sequence[str]
    ) -> list[list[Any]]:
        """The rows of some statements."""
        try:
            session = spark_session()
            sql = statements("pyspark", withdrawals=bool(gone) or any(part.files[WITHDRAWALS].rows for part in sealed))
        except ImportError as error:
            raise SegmentsUnavailable(package=error.name or "pyspark", extra="spark") from error
        if not sealed:
            return [[] for _ in names]
        from pyspark.errors import PySparkException

        try:
            for table in (LEGS, HUBS, WITHDRAWALS, CELLS):
                parts = sealed[-1:] if table == CELLS else sealed
                read = session.read.parquet(*(store.location(part, table) for part in parts))
                if table == WITHDRAWALS and gone:
                    read = read.union(session.createDataFrame([(seq, 0) for seq in gone], read.schema))
                read.createOrReplaceTempView(table)
            return [session.sql(sql[name]).collect() for name in names]
        except PySparkException as error:
            raise SegmentMalformed(segment=sealed[-1].name, why=str(error).splitlines()[0]) from error


def has_java() -> bool:
    """Whether there is a Java that Spark starts with: ``JAVA_HOME`` before the path, as Spark looks for it."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin" if home else None)
    if java is None:
        return False
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603
    found = re.search(r'version "(\d+)', said)
    return found is not None and int(found[1]) >= JAVA


def spark_session() -> Any:
    """
    The session of this process, started when first asked for.

    Raises ``ImportError`` without Spark, ``SegmentsUnavailable`` without a Java that it starts with.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of a pandas that is not used here
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession

    found = SparkSession.getActiveSession()
    if found is not None:
        return found
    builder = SparkSession.builder.master(os.environ.get("SPARK_MASTER", LOCAL)).appName("onecode-ledger")
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.ansi.enabled": "true",  # an overflow raises
        "spark.sql.shuffle.partitions": PARTITIONS,
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        if not has_java():
            raise SegmentsUnavailable(package=NEEDED, extra="spark")
        session = builder.getOrCreate()
    except PySparkException as error:
        raise SegmentsUnavailable(package=NEEDED, extra="spark") from error
    session.sparkContext.setLogLevel("ERROR")
    return session
