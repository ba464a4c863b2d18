-- Complete sessions whose score an external scorer gives.

ALTER TABLE session ADD COLUMN scoring_due INTEGER NOT NULL DEFAULT 0;    -- of the next try, engine time; 0: none
ALTER TABLE session ADD COLUMN scoring_tries INTEGER NOT NULL DEFAULT 0;  -- that failed
ALTER TABLE session ADD COLUMN scoring_error TEXT NOT NULL DEFAULT '';    -- of the last one
CREATE INDEX session_scoring ON session(integration, scoring_due) WHERE scoring_due>0;
