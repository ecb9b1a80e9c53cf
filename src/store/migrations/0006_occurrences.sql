-- Who runs an occurrence, so that one that was cut off is told from one that is in hand.
ALTER TABLE occurrence ADD COLUMN holder TEXT NOT NULL DEFAULT '';     -- json, as in lease; empty where nobody has it
ALTER TABLE occurrence ADD COLUMN expires_at TEXT NOT NULL DEFAULT ''; -- the holder's, unless it shows signs of life
ALTER TABLE occurrence ADD COLUMN cut_off INTEGER NOT NULL DEFAULT 0;  -- how often its holder was gone before it ended

-- Since when there was a beat without a break.
ALTER TABLE heartbeat ADD COLUMN since TEXT NOT NULL DEFAULT '';
