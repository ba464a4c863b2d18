-- Links (contract 2.8), and the key that signs their tokens and those of sessions. Times are engine time.

CREATE TABLE token_key(
  id INTEGER PRIMARY KEY,                           -- one row, made at the first start
  sealed BLOB NOT NULL);

CREATE TABLE link_batch(
  id INTEGER PRIMARY KEY,
  integration INTEGER NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('making','made','orphaned')),  -- orphaned: its deployment was deleted
  count INTEGER NOT NULL,
  made INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  uids TEXT NOT NULL);                              -- JSON array, '' where they are made up, or no longer needed
CREATE INDEX link_batch_in_order ON link_batch(integration, id);
CREATE INDEX link_batch_work ON link_batch(state, id) WHERE state<>'made';

CREATE TABLE link(
  id INTEGER PRIMARY KEY,
  integration INTEGER NOT NULL,
  batch INTEGER NOT NULL,
  uid TEXT NOT NULL,
  generation INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  session INTEGER NOT NULL,                         -- 0: not opened
  begins_after INTEGER NOT NULL);
CREATE INDEX link_of_batch ON link(batch, id);
CREATE INDEX link_of_uid ON link(integration, uid);
