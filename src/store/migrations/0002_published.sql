-- The status that was published: another than the judged one where that would tell a hidden count.
ALTER TABLE assessment ADD COLUMN published TEXT;

-- Figures that read otherwise than in the run before, or than another vintage in the same run.
CREATE TABLE restatement (
    run_id  INTEGER NOT NULL REFERENCES run (id),
    measure TEXT NOT NULL,
    area    TEXT NOT NULL,
    period  TEXT NOT NULL,
    old     REAL NOT NULL,
    new     REAL,                      -- null where it was withdrawn: the json says how
    whole   TEXT NOT NULL              -- json
) STRICT;
CREATE INDEX restatement_by_run ON restatement (run_id);

CREATE INDEX run_by_period ON run (pack, period);
