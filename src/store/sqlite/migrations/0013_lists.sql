-- What lists walk: an endpoint's deliveries by how they ended, and its pending ones that a replay gave a new place in line
-- (of all others, the place is the delivery's id).
DROP INDEX outcome_not_delivered;
CREATE INDEX outcome_by_result ON outcome(endpoint, result, dlv) WHERE result <> 0;
CREATE INDEX pending_replayed ON pending(endpoint, dlv) WHERE seq <> dlv;
