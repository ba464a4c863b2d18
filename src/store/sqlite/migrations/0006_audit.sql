-- Who changed what. before and after are JSON objects without secrets, NULL where there is nothing to say.
CREATE TABLE audit(
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL CHECK(actor IN ('admin','api_key','operations')),
  actor_id TEXT NOT NULL,
  integration_id TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  before TEXT,
  after TEXT,
  remote TEXT NOT NULL,
  request_id TEXT NOT NULL);
CREATE INDEX audit_of_integration ON audit(integration_id, id);
