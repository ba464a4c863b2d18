-- When a session was given its first answer or data (engine time); 0: not yet, or before this column was there.
ALTER TABLE session ADD COLUMN first_response_at INTEGER NOT NULL DEFAULT 0;
