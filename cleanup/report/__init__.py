"""The HTML report: a self-contained page for each source, and an index of the batch. It reads outputs and cleans none.

No server, no network, no build step: the pages are made from document.json alone and open by a double click.
"""
