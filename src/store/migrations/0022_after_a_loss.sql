-- The ids of the ledgers that this one goes on from: by them an archive of an older day is known for its own.
CREATE TABLE earlier_identity (
    id TEXT PRIMARY KEY
) STRICT;

-- Packs that waited for approval in a ledger that was lost, until they are made again or the operators were told.
CREATE TABLE lost_approval (
    run_id INTEGER PRIMARY KEY,        -- that made them
    period TEXT NOT NULL
) STRICT;
