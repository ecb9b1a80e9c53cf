-- Files that could not be opened as a workbook, or wait for their quarter, are not kept either: when each was first seen.
ALTER TABLE not_kept ADD COLUMN looks_personal INTEGER NOT NULL DEFAULT 1;
