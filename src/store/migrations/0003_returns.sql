-- A message is a pack to a board, or one of several kinds to a partner about its return.
ALTER TABLE message RENAME COLUMN pack TO kind;
ALTER TABLE message RENAME COLUMN area TO about;

-- Every version of a partner's return that was seen, accepted or refused, by its content.
CREATE TABLE return_version (
    id              INTEGER PRIMARY KEY AUTOINCREMENT, -- in the order in which they came
    period          TEXT NOT NULL,                     -- the quarter of the return
    sha256          TEXT NOT NULL,                     -- the archive has the file by this
    partner         TEXT NOT NULL,                     -- its id, or the file's name where it could be laid to none
    file            TEXT NOT NULL,
    inbox           TEXT NOT NULL,                     -- the folder that it came through
    arrived         TEXT NOT NULL,                     -- the day of the look that saw it first
    seen_at         TEXT NOT NULL,                     -- the instant of that look
    run_id          INTEGER NOT NULL REFERENCES run (id),
    accepted        INTEGER NOT NULL CHECK (accepted IN (0, 1)),
    receipt         TEXT NOT NULL,                     -- json, as it was when the version was first seen
    withdrawn_at    TEXT,
    withdrawn_for   TEXT,                              -- the reason that was given
    UNIQUE (period, sha256)
) STRICT;
