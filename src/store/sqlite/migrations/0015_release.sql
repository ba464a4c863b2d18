-- Since when what was parked is going out at a bounded rate (docs/store.md), engine time; 0: nothing is.
ALTER TABLE endpoint ADD COLUMN release_since INTEGER NOT NULL DEFAULT 0;
