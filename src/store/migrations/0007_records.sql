-- What a run collected and judged is in the archive alone, in a file for each stage that `output` names by its SHA-256
-- (stage/collect.json, stage/evaluate.json). The ledger has of it what is looked up, and no second copy.
-- Every JSON that is stored from here on has the number of its format in it; what has none is of format 1.

-- The records of runs that left no such file, or whose file was purged before its figures.
CREATE TABLE older_record (
    run_id INTEGER NOT NULL REFERENCES run (id),
    kind   TEXT NOT NULL,              -- 'observation', 'action', 'assessment', 'receipt' or 'revision'
    whole  TEXT NOT NULL               -- json, of format 1
) STRICT;
CREATE INDEX older_record_by_run ON older_record (run_id, kind);

CREATE TABLE has_file AS
    SELECT run_id, name FROM output
    WHERE name IN ('stage/collect.json', 'stage/evaluate.json') AND sha256 NOT IN (SELECT sha256 FROM purged);
INSERT INTO older_record SELECT run_id, 'observation', whole FROM observation
    WHERE run_id NOT IN (SELECT run_id FROM has_file WHERE name = 'stage/collect.json') ORDER BY observation.rowid;
INSERT INTO older_record SELECT run_id, 'receipt', receipt FROM input
    WHERE run_id NOT IN (SELECT run_id FROM has_file WHERE name = 'stage/collect.json') ORDER BY input.rowid;
INSERT INTO older_record SELECT run_id, 'action', whole FROM action_assessment
    WHERE run_id NOT IN (SELECT run_id FROM has_file WHERE name = 'stage/evaluate.json') ORDER BY action;
INSERT INTO older_record SELECT run_id, 'assessment', whole FROM assessment
    WHERE run_id NOT IN (SELECT run_id FROM has_file WHERE name = 'stage/evaluate.json') ORDER BY measure;
INSERT INTO older_record SELECT run_id, 'revision', whole FROM restatement
    WHERE run_id NOT IN (SELECT run_id FROM has_file WHERE name = 'stage/evaluate.json') ORDER BY restatement.rowid;
DROP TABLE has_file;

-- What health and metrics look up of an input.
ALTER TABLE input ADD COLUMN outcome TEXT NOT NULL DEFAULT ''; -- such as 'accepted' or 'received'
ALTER TABLE input ADD COLUMN source TEXT NOT NULL DEFAULT '';  -- of an indicator; its name in the settings
ALTER TABLE input ADD COLUMN retrieved TEXT;                   -- of an indicator that was received
UPDATE input SET outcome = COALESCE(json_extract(receipt, CASE kind WHEN 'return' THEN '$.outcome' ELSE '$.outcome.outcome' END), ''),
                 source = COALESCE(json_extract(receipt, '$.source'), ''),
                 retrieved = json_extract(receipt, '$.outcome.retrieved')
    WHERE json_valid(receipt);

DROP TABLE observation;
ALTER TABLE input DROP COLUMN receipt;
ALTER TABLE assessment DROP COLUMN whole;
ALTER TABLE action_assessment DROP COLUMN whole;

-- Figures that differ from those of the run before at the precision of publication, or from another vintage in the same run.
DROP INDEX restatement_by_run;
ALTER TABLE restatement RENAME TO revision;
ALTER TABLE revision DROP COLUMN whole;
CREATE INDEX revision_by_run ON revision (run_id);
