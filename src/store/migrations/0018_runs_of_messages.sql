-- The runs that wrote or sent a message before the one that did so last: where a message went is told of each of them.
CREATE TABLE earlier_run_of_message (
    message_id INTEGER NOT NULL,
    run_id     INTEGER NOT NULL,
    PRIMARY KEY (message_id, run_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX earlier_run_of_message_by_run ON earlier_run_of_message (run_id);
CREATE TRIGGER message_taken_over AFTER UPDATE OF run_id ON message WHEN OLD.run_id <> NEW.run_id
BEGIN
    INSERT INTO earlier_run_of_message (message_id, run_id) VALUES (OLD.id, OLD.run_id) ON CONFLICT DO NOTHING;
END;
