-- Addresses that members have logged in from: digests under a key of the store. expires_at is engine time.
CREATE TABLE known_address(
  member INTEGER NOT NULL,
  digest BLOB NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY(member, digest)) WITHOUT ROWID;
