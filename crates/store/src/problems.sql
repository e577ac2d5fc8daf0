-- Problems. Acts are only added; what is computed from them (state, due_on, who coordinates, who
-- has it) stands here for ordering and filtering lists and can be proved. A problem may stand in
-- the way of several projects, so it has a number of its own; problem_block, which large tables
-- join on, begins with project_id.

CREATE TABLE problem (
  problem_id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  unit_path TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  origin TEXT NOT NULL,
  origin_ref TEXT NOT NULL,
  raised_on TEXT NOT NULL,
  raised_by BIGINT NOT NULL,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  grade TEXT NOT NULL,
  level TEXT NOT NULL,
  coordinator_path TEXT NOT NULL,
  party TEXT NOT NULL,
  party_path TEXT NOT NULL,
  party_department BIGINT NOT NULL,
  state TEXT NOT NULL,
  open BIGINT NOT NULL CHECK (open IN (0, 1)),
  due_on TEXT,
  ended_on TEXT
);
CREATE INDEX problem_ledger ON problem (open, due_on, problem_id);
CREATE INDEX problem_by_party ON problem (party_path, party_department);

CREATE TABLE problem_event (
  problem_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  on_date TEXT NOT NULL,
  at BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  act TEXT NOT NULL,
  body TEXT NOT NULL,
  due_on TEXT,
  PRIMARY KEY (problem_id, seq)
);

CREATE TABLE problem_block (
  project_id BIGINT NOT NULL,
  problem_id BIGINT NOT NULL,
  item TEXT NOT NULL,
  PRIMARY KEY (project_id, problem_id, item)
);
CREATE INDEX problem_block_by_problem ON problem_block (problem_id);
