-- What a version of a return gave when it was accepted, as later looks and those of other quarters go by it: the SHA-256 of
-- its record, which the archive has. Null where it gave nothing that was used, or was recorded by an earlier version.
ALTER TABLE return_version ADD COLUMN contents TEXT;
