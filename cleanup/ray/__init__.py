"""The same cleaning on Ray, for what outgrows one machine: a Dataset in, tables of articles, journals and failures out.

luggage   what travels to the workers, and how they check that it arrived
tables    the rows of a cleaned source as Arrow, and the three tables they fall into
actor     one worker: a pipeline in a process of its own, so that no row can take the worker with it
dataset   a Dataset of texts into a Dataset of cleaned sources
reading   files of any Arrow file system into rows
writing   tables into shards that appear whole or not at all, and what is there already
run       the whole job of `cleanup run --engine ray`

Nothing here cleans or decides about a text: the rows come from the functions that the local engine calls. Ray is loaded
when something is asked of it, not when this package is imported.
"""

from __future__ import annotations

from cleanup.ray.dataset import articles, clean_dataset, failures, journal

__all__ = ["articles", "clean_dataset", "failures", "journal"]
