-- How a run or an occurrence ended, in one word beside the text with its reasons; null while it goes on, or where it was cut off.
ALTER TABLE run ADD COLUMN outcome_kind TEXT CHECK (outcome_kind IN ('done', 'partial', 'failed'));
UPDATE run SET outcome_kind = CASE
    WHEN substr(outcome, 1, 4) = 'done' THEN 'done'
    WHEN substr(outcome, 1, 6) = 'failed' THEN 'failed'
    ELSE 'partial' END
    WHERE outcome IS NOT NULL;
ALTER TABLE occurrence ADD COLUMN outcome_kind TEXT CHECK (outcome_kind IN ('done', 'partial', 'failed', 'missed'));
UPDATE occurrence SET outcome_kind = CASE
    WHEN substr(outcome, 1, 4) = 'done' THEN 'done'
    WHEN substr(outcome, 1, 6) = 'failed' THEN 'failed'
    WHEN substr(outcome, 1, 6) = 'missed' THEN 'missed'
    ELSE 'partial' END
    WHERE outcome IS NOT NULL;
