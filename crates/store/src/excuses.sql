-- Proper reasons for being late. A row is never erased: taking it back says when, by whom and why,
-- and what had been published under it stays as it was.

CREATE TABLE excuse (
  project_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  from_period BIGINT NOT NULL,
  to_period BIGINT NOT NULL,
  kind TEXT NOT NULL,
  reason TEXT NOT NULL,
  document_no TEXT NOT NULL,
  at BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  back_at BIGINT,
  back_by BIGINT,
  back_reason TEXT,
  PRIMARY KEY (project_id, seq)
);
CREATE INDEX excuse_by_period ON excuse (to_period, from_period);
