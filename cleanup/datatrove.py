"""A step for datatrove: a mapper whose Documents carry the clean text, and in their metadata the way back.

It never reads or writes a file; where the executor, readers and writers of datatrove run it is theirs.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import cleanup
from cleanup.batch.reading import MEGABYTE, checked
from cleanup.batch.tally import confidence
from cleanup.batch.work import clean_source
from cleanup.document import CleanupError
from cleanup.options import Options
from cleanup.pipeline import Pipeline
from cleanup.settings import load_options
from cleanup.wording import cause_of, fault

try:
    from datatrove.pipeline.base import PipelineStep
    from datatrove.utils.typeshelper import StatHints
except ImportError:
    raise ImportError('datatrove needs the datatrove extra: pip install "hanzi-cleanup[datatrove]"') from None

METADATA = "cleanup"  # the key of the metadata under which provenance stands


class Cleaning(PipelineStep):  # type: ignore[misc]  # datatrove has no types
    """Cleans each Document; `settings` are options or a settings file, `limit` is in bytes of text.

    The text becomes that of all articles. `metadata["cleanup"]` holds `version`, `rulebook` (digest), `sha256` (of the
    text that came), `titles`, `confidence` and `document`, what document.json would hold, as JSON text: from it
    `cleanup.Document.from_json` has the source and every change. A Document that fails is not passed on; it goes to
    `exclusion_writer`, where there is one, with the cause as `metadata["cleanup"]["failure"]`.
    """

    name = "🧹 Clean articles"
    type = "✂️ - FORMAT"

    def __init__(
        self,
        settings: Options | Path | str | None = None,
        *,
        limit: int = 64 * MEGABYTE,
        exclusion_writer: Any = None,
    ) -> None:
        super().__init__()
        options = settings if isinstance(settings, Options) else load_options(Path(settings)) if settings else Options()
        self.options, self.limit, self.exclusion_writer = options, limit, exclusion_writer

    def run(self, data: Iterable[Any], rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """Yield the Documents of one task, cleaned; raise CleanupError only for settings that are not fit."""
        pipeline = Pipeline(self.options)
        with self.exclusion_writer or contextlib.nullcontext() as excluded:
            for item in data or ():
                self.stat_update(StatHints.total)
                with self.track_time():
                    failure = clean_item(pipeline, item, self.limit)
                if failure:
                    self.stat_update(StatHints.dropped)
                    if excluded is not None:
                        excluded.write(item, rank)
                    continue
                self.stat_update(StatHints.forwarded)
                self.update_doc_stats(item)
                yield item


def clean_item(pipeline: Pipeline, item: Any, limit: int) -> str:
    """Clean a Document of datatrove where it stands; return why that failed, the text being as it came, or nothing."""
    try:
        raw = checked(item.text.encode("utf-8", "surrogatepass"), limit)
        document = clean_source(pipeline, raw, str(item.id))
    except (CleanupError, MemoryError) as error:
        item.metadata[METADATA] = {"failure": cause_of(error)}
        return cause_of(error)
    except Exception as error:
        item.metadata[METADATA] = {"failure": fault(error)}
        return fault(error)
    item.text = document.text
    item.metadata[METADATA] = {
        "version": cleanup.__version__,
        "rulebook": pipeline.rulebook.digest,
        "sha256": document.source.sha256,
        "titles": [article.title for article in document.articles],
        "confidence": round(confidence(document), 4),
        "document": document.to_json().decode("utf-8").rstrip("\n"),
    }
    return ""
