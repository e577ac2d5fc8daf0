-- Joint approval. A case keeps the text of the catalogue it was made under; acts are only added.
-- What is computed from acts (state, due_on) stands here for ordering lists and can be proved.

CREATE TABLE approval_catalogue (
  version BIGINT PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL,
  at BIGINT NOT NULL
);

CREATE TABLE approval_case (
  project_id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  route TEXT NOT NULL,
  catalogue BIGINT NOT NULL,
  unit_path TEXT NOT NULL,
  planned_start_on TEXT,
  created_on TEXT NOT NULL,
  created_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  closed_on TEXT,
  total_items BIGINT NOT NULL,
  done_items BIGINT NOT NULL
);
CREATE INDEX approval_case_by_place ON approval_case (unit_path);

CREATE TABLE approval_item (
  project_id BIGINT NOT NULL,
  item TEXT NOT NULL,
  version BIGINT NOT NULL,
  position BIGINT NOT NULL,
  standing TEXT NOT NULL,
  because TEXT NOT NULL,
  level TEXT NOT NULL,
  level_unsure TEXT NOT NULL,
  variant BIGINT NOT NULL,
  own_path TEXT NOT NULL,
  leg BIGINT NOT NULL,
  unit_path TEXT NOT NULL,
  department_id BIGINT NOT NULL,
  state TEXT NOT NULL,
  open BIGINT NOT NULL CHECK (open IN (0, 1)),
  due_on TEXT,
  due_for TEXT,
  started_on TEXT,
  decided_on TEXT,
  PRIMARY KEY (project_id, item)
);
CREATE INDEX approval_item_work ON approval_item (open, unit_path, department_id, due_on);
CREATE INDEX approval_item_due ON approval_item (open, due_on);

CREATE TABLE approval_event (
  project_id BIGINT NOT NULL,
  item TEXT NOT NULL,
  seq BIGINT NOT NULL,
  leg BIGINT NOT NULL,
  on_date TEXT NOT NULL,
  at BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  act TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (project_id, item, seq)
);

CREATE TABLE approval_material (
  project_id BIGINT NOT NULL,
  code TEXT NOT NULL,
  seq BIGINT NOT NULL,
  item TEXT NOT NULL,
  event_seq BIGINT NOT NULL,
  origin TEXT NOT NULL,
  on_date TEXT NOT NULL,
  document_no TEXT NOT NULL,
  attachment BIGINT,
  user_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (project_id, code, seq)
);

CREATE TABLE approval_need (
  project_id BIGINT NOT NULL,
  item TEXT NOT NULL,
  code TEXT NOT NULL,
  reused BIGINT NOT NULL CHECK (reused IN (0, 1)),
  PRIMARY KEY (project_id, item, code)
);

CREATE TABLE approval_reminder (
  project_id BIGINT NOT NULL,
  item TEXT NOT NULL,
  due_on TEXT NOT NULL,
  rung TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (project_id, item, due_on, rung)
);

CREATE TABLE approval_move (
  project_id BIGINT NOT NULL,
  item TEXT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  from_on TEXT,
  to_on TEXT,
  reason TEXT NOT NULL,
  PRIMARY KEY (project_id, item, seq)
);

CREATE TABLE approval_sitting (
  sitting_id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  unit_path TEXT NOT NULL,
  title TEXT NOT NULL,
  called_on TEXT NOT NULL,
  held_on TEXT,
  closed_on TEXT,
  user_id BIGINT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX approval_sitting_by_place ON approval_sitting (unit_path, called_on);

CREATE TABLE approval_opinion (
  project_id BIGINT NOT NULL,
  item TEXT NOT NULL,
  sitting_id BIGINT NOT NULL,
  department_id BIGINT NOT NULL,
  asked_on TEXT NOT NULL,
  answered_on TEXT,
  stance TEXT NOT NULL,
  body TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (project_id, item, sitting_id, department_id)
);
CREATE INDEX approval_opinion_by_sitting ON approval_opinion (sitting_id);
