-- One e-mail address may be a member of several companies, so that joining one tells nothing of the others. Ids go on
-- where they were, also where the newest member was removed.
CREATE TABLE member_by_company(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  company INTEGER NOT NULL,
  email TEXT NOT NULL COLLATE NOCASE,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK(role IN ('admin','viewer')),
  password TEXT NOT NULL,
  notices INTEGER NOT NULL CHECK(notices IN (0,1)),
  created_at INTEGER NOT NULL,
  last_login_at INTEGER NOT NULL,
  UNIQUE(company, email));
INSERT INTO member_by_company SELECT id,company,email,name,role,password,notices,created_at,last_login_at FROM member;
DELETE FROM sqlite_sequence WHERE name='member_by_company';
INSERT INTO sqlite_sequence(name,seq) SELECT 'member_by_company',seq FROM sqlite_sequence WHERE name='member';
DROP TABLE member;
ALTER TABLE member_by_company RENAME TO member;
CREATE INDEX member_of_email ON member(email);
