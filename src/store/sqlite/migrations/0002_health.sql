-- The breaker (docs/store.md): how an endpoint fares beside its state. `failing_since` and `probe_at` are engine time.
ALTER TABLE endpoint ADD COLUMN state_version INTEGER NOT NULL DEFAULT 0;  -- grows with every change of state
ALTER TABLE endpoint ADD COLUMN failing_since INTEGER NOT NULL DEFAULT 0;  -- 0: not failing
ALTER TABLE endpoint ADD COLUMN probe_at INTEGER NOT NULL DEFAULT 0;       -- while degraded: no probe before
ALTER TABLE endpoint ADD COLUMN probes_failed INTEGER NOT NULL DEFAULT 0;  -- since the breaker opened
