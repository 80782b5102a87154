"""
EPCs as bits: what a tag's memory holds, read and written exactly.

One module for each group of schemes, and one visible tuple of all of them in ``schemes``. Nothing here knows an
``Identity``; the fields of a tag are a ``Content``.
"""
