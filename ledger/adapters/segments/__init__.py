"""Sealed segments as folders of Parquet files, and the recompute over them."""
