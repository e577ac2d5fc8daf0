-- Plans. A version's content is kept whole and never changes once adopted; the draft of the next one
-- stands beside it. plan_duty says which tasks in force charge an office: a copy for finding them.

CREATE TABLE plan (
  plan_id BIGINT PRIMARY KEY,
  edit BIGINT NOT NULL,
  kind TEXT NOT NULL,
  unit_path TEXT NOT NULL,
  department_id BIGINT NOT NULL,
  parent_id BIGINT NOT NULL,
  title TEXT NOT NULL,
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  state TEXT NOT NULL,
  version BIGINT NOT NULL,
  draft BIGINT NOT NULL CHECK (draft IN (0, 1)),
  at BIGINT NOT NULL
);
CREATE INDEX plan_by_office ON plan (unit_path, department_id, plan_id);
CREATE INDEX plan_by_parent ON plan (parent_id, plan_id);

CREATE TABLE plan_version (
  plan_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  adopted_on TEXT,
  document_no TEXT NOT NULL,
  reason TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (plan_id, version)
);

CREATE TABLE plan_duty (
  unit_path TEXT NOT NULL,
  department_id BIGINT NOT NULL,
  plan_id BIGINT NOT NULL,
  task BIGINT NOT NULL,
  leads BIGINT NOT NULL CHECK (leads IN (0, 1)),
  due_on TEXT NOT NULL,
  PRIMARY KEY (unit_path, department_id, plan_id, task)
);
CREATE INDEX plan_duty_by_plan ON plan_duty (plan_id);

CREATE TABLE plan_value (
  plan_id BIGINT NOT NULL,
  indicator BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  on_date TEXT NOT NULL,
  quantity BIGINT NOT NULL,
  evidence TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (plan_id, indicator, seq)
);
