-- The people who use the console. created_at, accepted_at and last_login_at are wall time, expires_at engine time.
-- Of tokens only the SHA-256 is kept.
CREATE TABLE member(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  company INTEGER NOT NULL,
  email TEXT NOT NULL COLLATE NOCASE UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK(role IN ('admin','viewer')),
  password TEXT NOT NULL,
  notices INTEGER NOT NULL CHECK(notices IN (0,1)),
  created_at INTEGER NOT NULL,
  last_login_at INTEGER NOT NULL);
CREATE INDEX member_of_company ON member(company);

CREATE TABLE invitation(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  company INTEGER NOT NULL,
  email TEXT NOT NULL COLLATE NOCASE,
  role TEXT NOT NULL CHECK(role IN ('admin','viewer')),
  invited_by INTEGER NOT NULL,
  token_digest BLOB NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  accepted_at INTEGER NOT NULL,
  mailed INTEGER NOT NULL CHECK(mailed IN (0,1)));
CREATE INDEX invitation_of_company ON invitation(company);

CREATE TABLE console_session(
  token_digest BLOB PRIMARY KEY,
  member INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX console_session_of_member ON console_session(member, created_at);

-- setup: makes the first admin, member 0. The row stays when it has been used or is over: the link is given out once.
CREATE TABLE one_time_token(
  token_digest BLOB PRIMARY KEY,
  purpose TEXT NOT NULL CHECK(purpose IN ('setup','reset')),
  member INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX one_time_token_of_member ON one_time_token(member, purpose);

-- Members act, too; and each sees what was done to its company.
ALTER TABLE audit RENAME TO audit_before;
CREATE TABLE audit(
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL CHECK(actor IN ('admin','api_key','member','operations')),
  actor_id TEXT NOT NULL,
  company INTEGER NOT NULL,                         -- 0: of no single one
  integration_id TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  before TEXT,
  after TEXT,
  remote TEXT NOT NULL,
  request_id TEXT NOT NULL);
INSERT INTO audit SELECT a.id,a.at,a.actor,a.actor_id,coalesce(i.company,0),a.integration_id,a.action,a.object,a.before,
  a.after,a.remote,a.request_id FROM audit_before a LEFT JOIN integration i ON i.integration_id=a.integration_id;
DROP TABLE audit_before;
CREATE INDEX audit_of_integration ON audit(integration_id, id);
CREATE INDEX audit_of_company ON audit(company, id);
