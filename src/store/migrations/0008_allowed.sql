-- What somebody let through although it looks like personal data.
CREATE TABLE allowed (
    sha256     TEXT NOT NULL, -- of the workbook
    cell       TEXT NOT NULL, -- 'Figures!H7' where its text is let through; empty where it is the workbook as a whole
    allowed_by TEXT NOT NULL,
    reason     TEXT NOT NULL,
    allowed_at TEXT NOT NULL,
    PRIMARY KEY (sha256, cell)
) STRICT;
