-- Earlier versions recorded a workbook that lay in the inbox as refused in each quarter but its own. The quarter in which it was
-- accepted is its own.
DROP VIEW version_by_quarter;
CREATE VIEW version_by_quarter AS
    SELECT * FROM return_version
    WHERE id IN (
        SELECT first_value(id) OVER (PARTITION BY sha256 ORDER BY accepted DESC, id)
        FROM return_version
    );
