-- Which reminder of a problem's next step, and of winter plans to be filed, was sent, so that each is
-- sent once however many servers there are. A step that gets another date is reminded of again.

CREATE TABLE problem_reminder (
  problem_id BIGINT NOT NULL,
  due_on TEXT NOT NULL,
  step TEXT NOT NULL CHECK (step IN ('soon', 'today')),
  at BIGINT NOT NULL,
  PRIMARY KEY (problem_id, due_on, step)
);

CREATE TABLE winter_reminder (
  unit_path TEXT NOT NULL,
  season BIGINT NOT NULL,
  step TEXT NOT NULL CHECK (step IN ('soon', 'late')),
  at BIGINT NOT NULL,
  PRIMARY KEY (unit_path, season, step)
);
