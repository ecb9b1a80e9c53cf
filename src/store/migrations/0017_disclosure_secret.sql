-- Which secret decides what is hidden, by a SHA-256 of it, so that another is not taken in silence. The last one counts.
CREATE TABLE disclosure_secret (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL,
    taken_at TEXT NOT NULL,
    -- Who took it in the place of another, and why; empty of the first.
    taken_by TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;
