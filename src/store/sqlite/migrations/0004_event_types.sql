-- The event types that companies have described; `schema` and `example` are JSON, '' where there is none.
CREATE TABLE event_type(
  id INTEGER PRIMARY KEY,
  company INTEGER NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,                         -- before the long columns: most reads end here
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  description TEXT NOT NULL,
  schema TEXT NOT NULL,
  example TEXT NOT NULL,
  UNIQUE(company, name));

ALTER TABLE integration ADD COLUMN validate_events INTEGER NOT NULL DEFAULT 1 CHECK(validate_events IN (0,1));
