-- Files of the archive that were removed because their time was over, so that their absence is no fault. What they were
-- stands in `input` and `output` still.
CREATE TABLE purged (
    sha256    TEXT PRIMARY KEY,
    purged_at TEXT NOT NULL
) STRICT;

-- Runs whose figures and judgements were removed for the same reason.
CREATE TABLE purged_run (
    run_id    INTEGER PRIMARY KEY REFERENCES run (id),
    purged_at TEXT NOT NULL
) STRICT;
