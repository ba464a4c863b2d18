-- System A (contract 2.5 to 2.7). Times of sessions are engine time.

ALTER TABLE integration ADD COLUMN assessment TEXT NOT NULL DEFAULT '{}';  -- settings, see assessment_json.hpp

CREATE TABLE session(
  id INTEGER PRIMARY KEY,
  integration INTEGER NOT NULL,
  uid TEXT NOT NULL,
  platform TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('created','consented','in_progress','complete','incomplete','cancelled','expired',
                                      'scored')),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,                       -- this and the next: 0 is "not yet"
  consented_at INTEGER NOT NULL,
  last_response_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  scored_at INTEGER NOT NULL,
  done INTEGER NOT NULL,
  required INTEGER NOT NULL,
  permissions_missing INTEGER NOT NULL,
  end_reasons TEXT NOT NULL,                        -- JSON array
  questionnaire_key TEXT NOT NULL,                  -- the documents as they were at its creation
  questionnaire_version INTEGER NOT NULL,
  scorecard_key TEXT NOT NULL,
  scorecard_version INTEGER NOT NULL,
  given TEXT NOT NULL,                              -- answer sheet or device data, '' before there is any
  score TEXT NOT NULL);                             -- JSON, '' before there is any
CREATE INDEX session_in_order ON session(integration, id);
CREATE INDEX session_of_uid ON session(integration, uid, id);
CREATE UNIQUE INDEX session_live ON session(integration, uid) WHERE state IN ('created','consented','in_progress');
CREATE INDEX session_end ON session(expires_at) WHERE state IN ('created','consented','in_progress');
