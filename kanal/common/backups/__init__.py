"""Backups: one file with a database and all photos, and no key.

`archive` is the file, `databases` what differs by database. The database is copied first and the photos after it: a row
is written after its photos, so every photo of the copied rows is there. Nothing has to be stopped for a backup; a
restore wants server and worker stopped.
"""
