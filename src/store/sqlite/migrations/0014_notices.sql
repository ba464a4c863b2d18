-- The last mail about an endpoint, so that a restart neither repeats nor forgets one. `at` is engine time.
CREATE TABLE endpoint_notice(
  endpoint INTEGER PRIMARY KEY,
  state TEXT NOT NULL CHECK(state IN ('active','paused','degraded','disabled')),
  at INTEGER NOT NULL);
