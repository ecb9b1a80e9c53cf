-- Who is at work is said by locks that the kernel frees, in a folder beside the ledger.
DROP TABLE lease;
-- `holder` is the name of such a lock and a few words on whose it is.
ALTER TABLE occurrence DROP COLUMN expires_at;
