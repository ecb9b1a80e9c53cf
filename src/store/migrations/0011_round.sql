-- What came of a version when it was first seen, such as 'accepted' or 'blank'; empty of those before this migration.
ALTER TABLE return_version ADD COLUMN outcome TEXT NOT NULL DEFAULT '';
-- Who filled it in, as it says or as its folder does.
ALTER TABLE return_version ADD COLUMN completed_by TEXT NOT NULL DEFAULT '';
-- Where two versions of one look give a figure differently: who said that this one's stands, and when.
ALTER TABLE return_version ADD COLUMN settled_by TEXT;
ALTER TABLE return_version ADD COLUMN settled_at TEXT;
CREATE INDEX return_version_by_content ON return_version (sha256);

-- A later deadline for one partner's return of a quarter; the last that was granted stands.
CREATE TABLE return_extension (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    period      TEXT NOT NULL,                     -- the quarter of the return
    partner     TEXT NOT NULL,                     -- its id
    until       TEXT NOT NULL,                     -- the last day in time
    granted_by  TEXT NOT NULL,
    reason      TEXT NOT NULL,
    granted_at  TEXT NOT NULL
) STRICT;

-- Each version under the quarter in which its content was first seen: earlier programs recorded a file again in the look for
-- the next quarter.
CREATE VIEW version_by_quarter AS
    SELECT * FROM return_version
    WHERE id IN (SELECT MIN(id) FROM return_version GROUP BY sha256);
