-- Who took a version out of use; empty of those before this migration.
ALTER TABLE return_version ADD COLUMN withdrawn_by TEXT NOT NULL DEFAULT '';
DROP VIEW version_by_quarter;
CREATE VIEW version_by_quarter AS
    SELECT * FROM return_version
    WHERE id IN (SELECT MIN(id) FROM return_version GROUP BY sha256);

-- Files that were refused and not kept, for they look like data about persons: when each was first seen.
CREATE TABLE not_kept (
    sha256  TEXT PRIMARY KEY,
    period  TEXT NOT NULL,                     -- the quarter of the return, as far as its name says
    arrived TEXT NOT NULL                      -- the day of the look that saw it first
) STRICT;
