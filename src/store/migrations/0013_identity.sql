-- Whose ledger it is: by this id the archive and the folder of packs know it again.
CREATE TABLE identity (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    id   TEXT NOT NULL
) STRICT;
