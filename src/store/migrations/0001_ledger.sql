-- The ledger: what every run read, judged, made and sent. Instants are RFC 3339 in UTC; json columns
-- hold the library's own types as it serialises them.

CREATE TABLE run (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    pack       TEXT NOT NULL,
    period     TEXT NOT NULL,
    as_at      TEXT NOT NULL,
    edition    TEXT NOT NULL,
    trigger    TEXT NOT NULL,          -- 'by hand', or the name of the schedule
    version    TEXT NOT NULL,          -- of boardpack
    started_at TEXT NOT NULL,
    ended_at   TEXT,
    outcome    TEXT                    -- null while it runs, or where it was cut off
) STRICT;

CREATE TABLE stage (
    run_id   INTEGER NOT NULL REFERENCES run (id),
    name     TEXT NOT NULL,
    ended_at TEXT NOT NULL,
    detail   TEXT NOT NULL,
    PRIMARY KEY (run_id, name)
) STRICT;

CREATE TABLE input (
    run_id  INTEGER NOT NULL REFERENCES run (id),
    kind    TEXT NOT NULL,             -- 'return' or 'indicator'
    name    TEXT NOT NULL,             -- the partner's id, or source and indicator
    sha256  TEXT,
    receipt TEXT NOT NULL              -- json
) STRICT;
CREATE INDEX input_by_run ON input (run_id);

CREATE TABLE observation (
    run_id  INTEGER NOT NULL REFERENCES run (id),
    measure TEXT NOT NULL,
    area    TEXT NOT NULL,
    period  TEXT NOT NULL,
    value   REAL,                      -- null where it is suppressed, missing or not applicable: the json says which
    whole   TEXT NOT NULL              -- json
) STRICT;
CREATE INDEX observation_by_measure ON observation (run_id, measure, area);

CREATE TABLE assessment (
    run_id   INTEGER NOT NULL REFERENCES run (id),
    measure  TEXT NOT NULL,
    status   TEXT NOT NULL,
    reason   TEXT NOT NULL,
    whole    TEXT NOT NULL,            -- json: the headline and every area
    PRIMARY KEY (run_id, measure)
) STRICT;

CREATE TABLE action_assessment (
    run_id INTEGER NOT NULL REFERENCES run (id),
    action TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    whole  TEXT NOT NULL,
    PRIMARY KEY (run_id, action)
) STRICT;

CREATE TABLE output (
    run_id INTEGER NOT NULL REFERENCES run (id),
    name   TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes  INTEGER NOT NULL,
    PRIMARY KEY (run_id, name)
) STRICT;

-- One row a recipient of a pack: the unique key is what "sent once" means.
CREATE TABLE message (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    pack              TEXT NOT NULL,
    period            TEXT NOT NULL,
    area              TEXT NOT NULL,
    issue             INTEGER NOT NULL,
    recipient         TEXT NOT NULL,   -- in lower case
    message_id        TEXT NOT NULL UNIQUE,
    run_id            INTEGER NOT NULL REFERENCES run (id),
    attachment_sha256 TEXT NOT NULL,
    state             TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'accepted', 'refused', 'unknown')),
    detail            TEXT NOT NULL DEFAULT '',
    attempts          INTEGER NOT NULL DEFAULT 0,
    changed_at        TEXT NOT NULL,
    UNIQUE (pack, period, area, issue, recipient)
) STRICT;

-- Since when a schedule has had the times it has: nothing before that is due.
CREATE TABLE schedule (
    name  TEXT PRIMARY KEY,
    times TEXT NOT NULL,               -- its cron expression and zone
    since TEXT NOT NULL
) STRICT;

-- One row an occurrence of a schedule: whoever inserts it runs it.
CREATE TABLE occurrence (
    schedule      TEXT NOT NULL,
    scheduled_for TEXT NOT NULL,
    claimed_at    TEXT NOT NULL,
    ended_at      TEXT,
    outcome       TEXT,
    PRIMARY KEY (schedule, scheduled_for)
) STRICT;

CREATE TABLE heartbeat (
    id  INTEGER PRIMARY KEY CHECK (id = 1),
    at  TEXT NOT NULL
) STRICT;
