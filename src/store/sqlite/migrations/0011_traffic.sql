-- Counts of what went out, by span of time (src/model/traffic.hpp). `start` is epoch seconds, `took` the attempts by
-- range of duration: for each range that has any its number (1 byte) and how many (8 bytes, little-endian).

CREATE TABLE traffic(
  step_s INTEGER NOT NULL,
  integration INTEGER NOT NULL,
  start INTEGER NOT NULL,
  endpoint INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  delivered INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  took BLOB NOT NULL,
  PRIMARY KEY(step_s, integration, start, endpoint)) WITHOUT ROWID;
