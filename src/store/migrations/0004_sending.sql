-- What was asked of a run (json), so that one that was cut off goes on as it was.
ALTER TABLE run ADD COLUMN request TEXT NOT NULL DEFAULT '';

-- Who is at work on the packs of a quarter: one process at a time.
CREATE TABLE lease (
    pack       TEXT NOT NULL,
    period     TEXT NOT NULL,
    holder     TEXT NOT NULL,          -- json: the machine, the process, when it took it
    expires_at TEXT NOT NULL,
    PRIMARY KEY (pack, period)
) STRICT;

-- A message is kept whole but for what is attached, so that it can be sent later as it was written.
CREATE TABLE outbox (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    kind              TEXT NOT NULL,
    period            TEXT NOT NULL,
    about             TEXT NOT NULL,
    issue             INTEGER NOT NULL,
    recipient         TEXT NOT NULL,   -- in lower case
    message_id        TEXT NOT NULL UNIQUE,
    run_id            INTEGER NOT NULL REFERENCES run (id),
    attachment_sha256 TEXT NOT NULL,   -- the archive has the file by this
    letter            TEXT NOT NULL,   -- json: to whom, the words, what the attachment is called; empty in an older record
    state             TEXT NOT NULL
                      CHECK (state IN ('waiting', 'pending', 'sending', 'accepted', 'refused', 'unknown', 'cancelled')),
    detail            TEXT NOT NULL DEFAULT '',
    attempts          INTEGER NOT NULL DEFAULT 0,
    changed_at        TEXT NOT NULL,
    UNIQUE (kind, period, about, issue, recipient)
) STRICT;
INSERT INTO outbox SELECT id, kind, period, about, issue, recipient, message_id, run_id, attachment_sha256, '', state, detail,
    attempts, changed_at FROM message;
DROP TABLE message;
ALTER TABLE outbox RENAME TO message;
CREATE INDEX message_by_run ON message (run_id);

-- A pack that waits for a person's word, and who gave it.
CREATE TABLE approval (
    run_id      INTEGER PRIMARY KEY REFERENCES run (id),
    sha256      TEXT NOT NULL,         -- of the pack that is approved
    inputs      TEXT NOT NULL,         -- SHA-256 of the list of what it was made from
    asked_at    TEXT NOT NULL,
    approved_by TEXT,
    approved_at TEXT
) STRICT;
