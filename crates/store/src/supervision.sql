-- Supervision. Acts on items and on letters are only added; version, state and due_on of a letter are
-- copies of what its acts come to, for lists, and can be proved. A closed round keeps its bulletin as it
-- was issued. An item is a task's indicator, or the task itself under indicator zero.

CREATE TABLE supervision (
  plan_id BIGINT PRIMARY KEY,
  edit BIGINT NOT NULL,
  rhythm TEXT NOT NULL,
  since BIGINT NOT NULL,
  until BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  at BIGINT NOT NULL
);

CREATE TABLE supervision_event (
  plan_id BIGINT NOT NULL,
  period BIGINT NOT NULL,
  task BIGINT NOT NULL,
  indicator BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  on_date TEXT NOT NULL,
  at BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  act TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (plan_id, period, task, indicator, seq)
);

CREATE TABLE supervision_file (
  plan_id BIGINT NOT NULL,
  period BIGINT NOT NULL,
  task BIGINT NOT NULL,
  indicator BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  number BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  file_name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  PRIMARY KEY (plan_id, period, task, indicator, seq, number)
);

CREATE TABLE supervision_round (
  plan_id BIGINT NOT NULL,
  period BIGINT NOT NULL,
  closed_on TEXT NOT NULL,
  at BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (plan_id, period)
);

CREATE TABLE supervision_letter (
  unit_path TEXT NOT NULL,
  year BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  kind TEXT NOT NULL,
  plan_id BIGINT NOT NULL,
  period BIGINT NOT NULL,
  office_path TEXT NOT NULL,
  department_id BIGINT NOT NULL,
  written_on TEXT NOT NULL,
  reply_by TEXT NOT NULL,
  body TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  state TEXT NOT NULL,
  due_on TEXT NOT NULL,
  PRIMARY KEY (unit_path, year, seq)
);
CREATE INDEX supervision_letter_by_office ON supervision_letter (office_path, department_id, written_on);
CREATE INDEX supervision_letter_by_plan ON supervision_letter (plan_id, period);

CREATE TABLE supervision_letter_event (
  unit_path TEXT NOT NULL,
  year BIGINT NOT NULL,
  letter BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  on_date TEXT NOT NULL,
  at BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  act TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (unit_path, year, letter, seq)
);

-- A step of the ladder that fired, so that no other server fires it again.
CREATE TABLE supervision_fired (
  reason TEXT PRIMARY KEY,
  at BIGINT NOT NULL
);
