-- What was mailed of late, so that limits hold over a restart and over what is deleted and made again. Times are engine
-- time. subject says to whom and about what (account/mail_subjects.hpp), without an address in it; member: whose
-- removal ends it, 0 for nobody's.
CREATE TABLE mail_history(
  subject TEXT PRIMARY KEY,
  member INTEGER NOT NULL,
  free_again_at INTEGER NOT NULL,
  day_began_at INTEGER NOT NULL,
  sent INTEGER NOT NULL) WITHOUT ROWID;
