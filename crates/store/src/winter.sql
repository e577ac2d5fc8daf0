-- Building through winter. Acts are only added; winter_plan and winter_month are copies of what they
-- come to, for ordering lists and adding up, and can be proved. A season is the year it begins in.

CREATE TABLE winter_event (
  project_id BIGINT NOT NULL,
  season BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  on_date TEXT NOT NULL,
  at BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  act TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (project_id, season, seq)
);

CREATE TABLE winter_plan (
  project_id BIGINT NOT NULL,
  season BIGINT NOT NULL,
  version BIGINT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  from_on TEXT,
  to_on TEXT,
  workers BIGINT NOT NULL,
  PRIMARY KEY (project_id, season)
);
CREATE INDEX winter_plan_by_season ON winter_plan (season, state);

-- Of plans that count only: not while a project rests.
CREATE TABLE winter_month (
  project_id BIGINT NOT NULL,
  season BIGINT NOT NULL,
  period BIGINT NOT NULL,
  investment BIGINT NOT NULL,
  PRIMARY KEY (project_id, season, period)
);
