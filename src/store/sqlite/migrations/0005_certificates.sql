-- System B (contract section 4). Times are wall time.

CREATE TABLE certificate_rule(
  integration INTEGER NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  owner TEXT NOT NULL,
  validity_days INTEGER NOT NULL CHECK(validity_days >= 0),
  lessons TEXT NOT NULL,                            -- JSON array of lesson ids
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY(integration, id)) WITHOUT ROWID;

CREATE TABLE lesson_completion(
  integration INTEGER NOT NULL,
  user TEXT NOT NULL,
  lesson TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY(integration, user, lesson)) WITHOUT ROWID;

-- `number` grows with every award: lists are in its order.
CREATE TABLE certificate(
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  integration INTEGER NOT NULL,
  id TEXT NOT NULL,
  rule TEXT NOT NULL,
  user TEXT NOT NULL,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  validity_days INTEGER NOT NULL,
  lessons TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('valid','expired','revoked')),
  awarded_at INTEGER NOT NULL,
  certified_at INTEGER NOT NULL,                    -- awarded, or last renewed
  expires_at INTEGER NOT NULL,                      -- 0: never
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  UNIQUE(integration, id));
CREATE INDEX certificate_in_order ON certificate(integration, number);
CREATE INDEX certificate_of_user ON certificate(integration, user, number);
CREATE INDEX certificate_end ON certificate(expires_at) WHERE state = 'valid' AND expires_at > 0;
