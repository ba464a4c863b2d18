-- posthorn.db, version 1. States stand in CHECK constraints; docs/store.md tells the story of the tables.
-- What every event writes is checked as a range: for a list, SQLite would build a temporary table at each insert.
-- Times are milliseconds: `*_at` wall time, `due`, `release_at`, `not_before` engine time.

CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO meta VALUES('store_id', lower(hex(randomblob(16)))); -- index.db names the store that it was made from

CREATE TABLE company(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL);

CREATE TABLE deployment(
  id INTEGER PRIMARY KEY,
  company INTEGER NOT NULL,
  name TEXT NOT NULL,
  preset TEXT NOT NULL CHECK(preset IN ('assessment','learning','standard')),
  created_at INTEGER NOT NULL,
  deleted_at INTEGER);                              -- a tombstone: its integrations say how long events are kept
CREATE UNIQUE INDEX deployment_name ON deployment(company, name) WHERE deleted_at IS NULL;

CREATE TABLE integration(
  number INTEGER PRIMARY KEY,
  deployment INTEGER NOT NULL,
  company INTEGER NOT NULL,
  environment TEXT NOT NULL CHECK(environment IN ('test','production')),
  integration_id TEXT NOT NULL UNIQUE,
  retention_days INTEGER NOT NULL CHECK(retention_days > 0),
  UNIQUE(deployment, environment));

-- One signing and at most one retiring key an integration (contract 2.3).
CREATE TABLE api_key(
  id INTEGER PRIMARY KEY,
  integration INTEGER NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('signing','retiring')),
  sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  UNIQUE(integration, state));

-- `settings` is the endpoint as JSON without secrets, `sealed` the JSON of its secrets under the master key.
CREATE TABLE endpoint(
  id INTEGER PRIMARY KEY,
  integration INTEGER NOT NULL,
  settings TEXT NOT NULL,
  sealed BLOB NOT NULL,
  config_version INTEGER NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('active','paused','degraded','disabled')),
  state_reason TEXT NOT NULL,
  not_before INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  deleted_at INTEGER);
CREATE INDEX endpoint_of_integration ON endpoint(integration);

-- An accepted event, never changed. Target k of `targets` (8 bytes each, little-endian endpoint ids) is owed delivery id + 1 + k.
-- No secondary index: whatever is not in insertion order would cost every event (index.db has them).
CREATE TABLE event(
  id INTEGER PRIMARY KEY,
  integration INTEGER NOT NULL,
  type TEXT NOT NULL,
  accepted_at INTEGER NOT NULL,
  uid TEXT NOT NULL,
  uid_hash INTEGER NOT NULL,
  targets BLOB NOT NULL,
  payload BLOB NOT NULL);

-- The end of a delivery, with its last attempt's evidence (store/sqlite/evidence.hpp has the grammar).
CREATE TABLE outcome(
  dlv INTEGER PRIMARY KEY,
  endpoint INTEGER NOT NULL,
  at INTEGER NOT NULL,
  result INTEGER NOT NULL CHECK(result BETWEEN 0 AND 2), -- 0 delivered, 1 failed, 2 cancelled
  attempts INTEGER NOT NULL,                        -- over all generations
  generation INTEGER NOT NULL,
  config_version INTEGER NOT NULL,
  evidence BLOB NOT NULL);
CREATE INDEX outcome_not_delivered ON outcome(endpoint, dlv) WHERE result <> 0;

-- Attempts that were not a delivery's last.
CREATE TABLE attempt(dlv INTEGER NOT NULL, number INTEGER NOT NULL, evidence BLOB NOT NULL, PRIMARY KEY(dlv, number)) WITHOUT ROWID;

-- What could not be delivered at once. `seq` orders a chain: the delivery's id, or a fresh id for a replay.
-- hold: 0 = holds nobody (no order, or overtaken), 1 = head of its uid's chain, 2 = waits for the head (due is NULL).
CREATE TABLE pending(
  endpoint INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  dlv INTEGER NOT NULL UNIQUE,
  event INTEGER NOT NULL,
  uid_hash INTEGER NOT NULL,
  due INTEGER,
  release_at INTEGER,                               -- when a waiting one stops waiting; NULL: never by time
  tries INTEGER NOT NULL,                           -- of this generation
  attempts INTEGER NOT NULL,                        -- over all generations
  generation INTEGER NOT NULL,
  hold INTEGER NOT NULL CHECK(hold BETWEEN 0 AND 2 AND (hold = 2) = (due IS NULL)),
  PRIMARY KEY(endpoint, seq)) WITHOUT ROWID;
CREATE INDEX pending_due ON pending(endpoint, due) WHERE due IS NOT NULL;
CREATE INDEX pending_chain ON pending(endpoint, uid_hash, seq) WHERE hold <> 0;
CREATE INDEX pending_release ON pending(endpoint, release_at) WHERE release_at IS NOT NULL;

-- Deliveries to endpoints that the event was not fanned out to at accept (replays).
CREATE TABLE extra_delivery(dlv INTEGER PRIMARY KEY, event INTEGER NOT NULL, endpoint INTEGER NOT NULL);
CREATE INDEX extra_of_event ON extra_delivery(event);
CREATE INDEX extra_of_endpoint ON extra_delivery(endpoint, event);

-- Keyed requests of the last 24 hours; id is the event's.
CREATE TABLE idem(id INTEGER PRIMARY KEY, key BLOB NOT NULL, body BLOB NOT NULL, at INTEGER NOT NULL, deliveries INTEGER NOT NULL);

-- The first event id of each minute: time to id, without reading time out of ids.
CREATE TABLE tick(minute INTEGER PRIMARY KEY, first_id INTEGER NOT NULL);

-- Refused API calls (contract 2.10), a ring of limits::request_log_rows_max.
CREATE TABLE request_log(
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, method TEXT NOT NULL, route TEXT NOT NULL, status INTEGER NOT NULL,
  error TEXT NOT NULL, detail TEXT NOT NULL, uid TEXT NOT NULL, integration_id TEXT NOT NULL, remote TEXT NOT NULL);
