-- Which process is sending a message, by the name under which it joined: where that is gone, nobody knows whether it went.
ALTER TABLE message ADD COLUMN sender TEXT NOT NULL DEFAULT '';
-- 1 of a message that was found cut off, until somebody was told of it.
ALTER TABLE message ADD COLUMN unsaid INTEGER NOT NULL DEFAULT 0;
