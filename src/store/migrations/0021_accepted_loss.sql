-- What a pack showed is lost, and a person has decided that packs go out all the same.
CREATE TABLE accepted_loss (
    run_id      INTEGER NOT NULL,
    period      TEXT NOT NULL,
    accepted_at TEXT NOT NULL,
    accepted_by TEXT NOT NULL,
    reason      TEXT NOT NULL,
    PRIMARY KEY (run_id, period)
) STRICT;
