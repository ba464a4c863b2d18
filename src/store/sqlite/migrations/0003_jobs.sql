-- Sending again (docs/replay.md). A job walks in id order and keeps where it stands in the transaction that re-queues.
CREATE TABLE job(
  id INTEGER PRIMARY KEY,
  integration INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK(kind IN ('retry','replay','recover')),
  state TEXT NOT NULL CHECK(state IN ('running','done','cancelled','failed')),
  choice TEXT NOT NULL CHECK(choice IN ('failed','cancelled','delivered','finished','missing','unrouted')),
  endpoint INTEGER,                                 -- NULL: every endpoint of the integration
  type TEXT NOT NULL,                               -- '': every type
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,                           -- 0: no bound
  ended_since INTEGER NOT NULL,
  at_first INTEGER NOT NULL DEFAULT 0,              -- where it goes on (store/sqlite/job_walk.hpp)
  at_second INTEGER NOT NULL DEFAULT 0,
  total INTEGER,                                    -- NULL: not counted
  requeued INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  finished_at INTEGER NOT NULL DEFAULT 0,           -- 0: running
  error TEXT NOT NULL DEFAULT '');
CREATE INDEX job_of_integration ON job(integration, id);
CREATE INDEX job_running ON job(id) WHERE state = 'running';

-- Deliveries cancelled while they were in a lane: unless they turn out delivered, they end as cancelled.
CREATE TABLE cancel_wish(dlv INTEGER PRIMARY KEY);
