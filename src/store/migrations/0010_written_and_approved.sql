-- A message in a file has reached nobody: `written` is no delivery. Which way a message last went; empty in an older record,
-- whose `accepted` may be a file.
CREATE TABLE outbox (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    kind              TEXT NOT NULL,
    period            TEXT NOT NULL,
    about             TEXT NOT NULL,
    issue             INTEGER NOT NULL,
    recipient         TEXT NOT NULL,   -- in lower case
    message_id        TEXT NOT NULL UNIQUE,
    run_id            INTEGER NOT NULL REFERENCES run (id),
    attachment_sha256 TEXT NOT NULL,   -- the archive has the file by this; the first, where there are several
    letter            TEXT NOT NULL,   -- json: to whom, the words, what is attached; empty in an older record
    state             TEXT NOT NULL
                      CHECK (state IN ('waiting', 'pending', 'sending', 'written', 'accepted', 'refused', 'unknown', 'cancelled')),
    transport         TEXT NOT NULL DEFAULT '', -- 'file' or 'smtp'
    detail            TEXT NOT NULL DEFAULT '',
    attempts          INTEGER NOT NULL DEFAULT 0,
    changed_at        TEXT NOT NULL,
    UNIQUE (kind, period, about, issue, recipient)
) STRICT;
INSERT INTO outbox SELECT id, kind, period, about, issue, recipient, message_id, run_id, attachment_sha256, letter, state, '',
    detail, attempts, changed_at FROM message;
DROP TABLE message;
ALTER TABLE outbox RENAME TO message;
CREATE INDEX message_by_run ON message (run_id);

-- Every document that an approval sends, in order.
CREATE TABLE approval_document (
    run_id INTEGER NOT NULL REFERENCES approval (run_id),
    place  INTEGER NOT NULL,           -- in the order, from 1
    file   TEXT NOT NULL,              -- the name by which its readers get it
    sha256 TEXT NOT NULL,
    PRIMARY KEY (run_id, place)
) STRICT;

-- The last run that made the very documents that wait under the number of an earlier one.
ALTER TABLE approval ADD COLUMN made_again_by INTEGER REFERENCES run (id);

-- An interim pack: the ids of the partners whose returns it awaits, apart by spaces; empty where the run made a final one.
ALTER TABLE run ADD COLUMN awaited TEXT NOT NULL DEFAULT '';
