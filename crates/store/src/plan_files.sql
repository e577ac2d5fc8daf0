-- Files of plans; their content lies in the object store under its digest. A table that was handed in
-- for a draft, and what proves a value that was handed in.

CREATE TABLE plan_import (
  plan_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  adopted BIGINT NOT NULL CHECK (adopted IN (0, 1)),
  PRIMARY KEY (plan_id, seq)
);

CREATE TABLE plan_evidence (
  plan_id BIGINT NOT NULL,
  indicator BIGINT NOT NULL,
  value_seq BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  PRIMARY KEY (plan_id, indicator, value_seq, seq)
);
