"""Scores of pairs by Splink: on DuckDB in this process, or on Spark; the same model, the same conditions."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import duckdb

from motcua.kernel.messages import N_
from motcua.linkage.adapters.tables import PEOPLE
from motcua.linkage.rules.cleaning import literal
from motcua.linkage.rules.comparing import COMPARISONS
from motcua.linkage.rules.modelling import Model, level_case
from motcua.linkage.types import LinkRefused

PAIRS, SCORED = "pairs", "scored"
_SIDES = re.compile(r"\b([a-z0-9_]+)_[lr]\b")


class Engine(Protocol):
    """Scores the pairs of the table of keys into the table of pairs, both in the given database."""

    name: str

    def score(self, connection: duckdb.DuckDBPyConnection, model: Model, *, records: int, folder: Path) -> None: ...


class DuckdbEngine:
    """The default: in this process, as many threads as the database was opened with."""

    name = "duckdb"

    def score(self, connection: duckdb.DuckDBPyConnection, model: Model, *, records: int, folder: Path) -> None:
        from splink import DuckDBAPI, Linker

        api = DuckDBAPI(connection)
        with _quiet():
            linker = Linker(api.register(PEOPLE), model.settings(records=records), log_level=None)
            found = linker.inference.predict(threshold_match_weight=model.review_weight, warning_mode="never")
        connection.execute(f"CREATE TABLE {SCORED} AS {_select(found.physical_name)}")
        found.drop_table_from_database_and_remove_from_cache()


class SparkEngine:
    """The cluster: keys go there as Parquet, scored pairs come back as Parquet."""

    name = "spark"

    def __init__(self, *, master: str = "local[2]", options: dict[str, str] | None = None) -> None:
        self._master, self._options = master, options or {}

    def score(self, connection: duckdb.DuckDBPyConnection, model: Model, *, records: int, folder: Path) -> None:
        keys, scored = folder / "keys.parquet", folder / "pairs.parquet"
        connection.execute(f"COPY {PEOPLE} TO {literal(str(keys))} (FORMAT parquet)")
        session = self._open()
        try:
            from splink import Linker, SparkAPI

            api = SparkAPI(  # type: ignore[no-untyped-call]  # splink leaves it without types
                spark_session=session,
                break_lineage_method="persist",
                num_partitions_on_repartition=8,
                register_udfs_automatically=False,
            )
            with _quiet():
                frame = session.read.parquet(str(keys))
                linker = Linker(api.register(frame), model.settings(records=records), log_level=None)
                found = linker.inference.predict(threshold_match_weight=model.review_weight, warning_mode="never")
                session.sql(_select(found.physical_name)).write.mode("overwrite").parquet(str(scored))
        finally:
            session.stop()
        connection.execute(f"CREATE TABLE {SCORED} AS SELECT * FROM read_parquet({literal(f'{scored}/*.parquet')})")

    def _open(self) -> Any:
        try:
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise LinkRefused(N_("máy này chưa cài pyspark; cài nhóm cluster hoặc dùng --engine duckdb")) from error
        builder = SparkSession.builder.master(self._master).appName("motcua-linkage")
        settings = {
            "spark.ui.enabled": "false",
            "spark.driver.memory": "2g",
            "spark.sql.shuffle.partitions": "8",
            "spark.default.parallelism": "8",
            "spark.sql.ansi.enabled": "false",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
        } | self._options
        for key, value in settings.items():
            builder = builder.config(key, value)
        return builder.getOrCreate()


def add_levels(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Say of each scored pair which level it met in each comparison: what explains it, and what may link it."""
    levels = COMPARISONS[model.kind]
    columns = sorted({name for each in levels.values() for _code, sql in each for name in _SIDES.findall(sql)})
    sides = ", ".join(f"a.{name} AS {name}_l, b.{name} AS {name}_r" for name in columns)
    cases = ", ".join(f"CAST({level_case(each)} AS TINYINT) AS {name}" for name, each in levels.items())
    connection.execute(
        f"""CREATE OR REPLACE TABLE {PAIRS} AS SELECT l, r, weight, {cases} FROM (SELECT l, r, weight, {sides}
        FROM {SCORED} s JOIN {PEOPLE} a ON a.unique_id = s.l JOIN {PEOPLE} b ON b.unique_id = s.r)"""
    )


def _select(table: str) -> str:
    return f"SELECT unique_id_l AS l, unique_id_r AS r, match_weight AS weight FROM {table}"


@contextmanager
def _quiet() -> Iterator[None]:
    """Splink and its helpers speak English to nobody; what they warn of is not ours to fix."""
    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)
