-- The first schema. One text for both engines; `dialect.rs` says what BIGINT, TEXT
-- and COUNTED are on each.
-- Every number is BIGINT so that both engines hand back the same type; dates are ISO texts, which
-- order as dates do; instants are milliseconds since 1970. Large tables begin with project_id.

CREATE TABLE unit (
  unit_id BIGINT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  path TEXT NOT NULL UNIQUE,
  parent_path TEXT NOT NULL,
  level BIGINT NOT NULL CHECK (level BETWEEN 0 AND 2),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  short_name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  position BIGINT NOT NULL
);

CREATE TABLE department (
  department_id BIGINT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  short_name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  position BIGINT NOT NULL
);

CREATE TABLE industry (
  code TEXT PRIMARY KEY,
  parent_code TEXT NOT NULL,
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  position BIGINT NOT NULL
);

CREATE TABLE reference_text (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  body TEXT NOT NULL,
  loaded_at BIGINT NOT NULL,
  PRIMARY KEY (kind, name)
);

CREATE TABLE sequence (
  name TEXT PRIMARY KEY,
  next BIGINT NOT NULL
);

CREATE TABLE app_user (
  user_id BIGINT PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  locale TEXT NOT NULL,
  failed_logins BIGINT NOT NULL,
  locked_until_at BIGINT NOT NULL,
  must_change_password BIGINT NOT NULL,
  disabled BIGINT NOT NULL
);

CREATE TABLE post (
  post_id BIGINT PRIMARY KEY,
  user_id BIGINT NOT NULL REFERENCES app_user (user_id),
  unit_path TEXT NOT NULL,
  department_id BIGINT NOT NULL,
  role TEXT NOT NULL,
  UNIQUE (user_id, unit_path, department_id, role)
);

CREATE TABLE login_session (
  session_id TEXT PRIMARY KEY,
  user_id BIGINT NOT NULL,
  body TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX login_session_by_user ON login_session (user_id);

CREATE TABLE audit (
  audit_id COUNTED PRIMARY KEY,
  at BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL
);
CREATE INDEX audit_by_subject ON audit (subject, audit_id);

CREATE TABLE project (
  project_id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  search_text TEXT NOT NULL,
  code TEXT,
  unit_path TEXT NOT NULL,
  department_id BIGINT,
  industry TEXT NOT NULL,
  investor TEXT NOT NULL,
  owner TEXT NOT NULL,
  stage TEXT NOT NULL,
  stage_since TEXT NOT NULL,
  suspended BIGINT NOT NULL CHECK (suspended IN (0, 1)),
  total_investment BIGINT NOT NULL,
  invested_before BIGINT NOT NULL,
  planned_start_on TEXT,
  reporter_id BIGINT,
  completeness BIGINT NOT NULL,
  record TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX project_by_place ON project (unit_path, stage, suspended, total_investment);
CREATE INDEX project_by_name ON project (name_key);
CREATE INDEX project_by_reporter ON project (reporter_id);

-- Uniqueness across projects lives in a table of its own, so that projects can be distributed.
CREATE TABLE project_code (
  code TEXT PRIMARY KEY,
  project_id BIGINT NOT NULL
);

CREATE TABLE project_event (
  project_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  on_date TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  reason TEXT NOT NULL,
  document_no TEXT NOT NULL,
  changes TEXT NOT NULL,
  PRIMARY KEY (project_id, seq)
);

-- The stage moves again, by date, so that flow and ageing need not read every event.
CREATE TABLE stage_move (
  project_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  on_date TEXT NOT NULL,
  from_stage TEXT NOT NULL,
  to_stage TEXT NOT NULL,
  unit_path TEXT NOT NULL,
  department_id BIGINT,
  total_investment BIGINT NOT NULL,
  PRIMARY KEY (project_id, seq)
);
CREATE INDEX stage_move_by_date ON stage_move (on_date);

CREATE TABLE project_link (
  project_id BIGINT NOT NULL,
  other_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  PRIMARY KEY (project_id, other_id, kind)
);

CREATE TABLE attachment (
  project_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  kind TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  file_name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  added_at BIGINT NOT NULL,
  removed_at BIGINT,
  PRIMARY KEY (project_id, seq)
);

CREATE TABLE programme (
  year BIGINT PRIMARY KEY,
  name TEXT NOT NULL,
  adopted_on TEXT NOT NULL,
  document_no TEXT NOT NULL
);

CREATE TABLE programme_entry (
  project_id BIGINT NOT NULL,
  year BIGINT NOT NULL,
  category TEXT NOT NULL,
  annual_plan BIGINT NOT NULL,
  total_investment BIGINT NOT NULL,
  monthly_plan TEXT,
  carried_year BIGINT NOT NULL,
  carried_since BIGINT NOT NULL,
  carried_funds BIGINT NOT NULL,
  included BIGINT NOT NULL CHECK (included IN (0, 1)),
  PRIMARY KEY (project_id, year)
);
CREATE INDEX programme_entry_by_year ON programme_entry (year);

CREATE TABLE programme_change (
  project_id BIGINT NOT NULL,
  year BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  on_date TEXT NOT NULL,
  at BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  projects_delta BIGINT NOT NULL,
  total_delta BIGINT NOT NULL,
  plan_delta BIGINT NOT NULL,
  reason TEXT NOT NULL,
  document_no TEXT NOT NULL,
  PRIMARY KEY (project_id, year, seq)
);
CREATE INDEX programme_change_by_year ON programme_change (year, on_date);

CREATE TABLE period (
  period BIGINT PRIMARY KEY,
  state TEXT NOT NULL,
  due_on TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  closed_at BIGINT,
  closed_by BIGINT
);

CREATE TABLE unit_closing (
  period BIGINT NOT NULL,
  unit_path TEXT NOT NULL,
  at BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  PRIMARY KEY (period, unit_path)
);

CREATE TABLE monthly_return (
  project_id BIGINT NOT NULL,
  period BIGINT NOT NULL,
  version BIGINT NOT NULL,
  status TEXT NOT NULL,
  awaiting BIGINT,
  month_investment BIGINT,
  month_funds BIGINT NOT NULL,
  site_status TEXT,
  typed TEXT NOT NULL,
  unit_path TEXT NOT NULL,
  department_id BIGINT,
  industry TEXT NOT NULL,
  category TEXT NOT NULL,
  investor TEXT NOT NULL,
  stage TEXT NOT NULL,
  total_investment BIGINT NOT NULL,
  annual_plan BIGINT NOT NULL,
  plan_to_date BIGINT NOT NULL,
  start_due BIGINT,
  invested_before BIGINT NOT NULL,
  carried_year BIGINT NOT NULL,
  carried_since BIGINT NOT NULL,
  carried_funds BIGINT NOT NULL,
  year_to_date BIGINT NOT NULL,
  since_start BIGINT NOT NULL,
  funds_to_date BIGINT NOT NULL,
  at_work BIGINT NOT NULL,
  completed BIGINT NOT NULL,
  gap_to_time BIGINT,
  ratio_to_time BIGINT,
  ratio_to_plan BIGINT,
  submitted_at BIGINT,
  PRIMARY KEY (project_id, period)
);
CREATE INDEX monthly_return_by_place ON monthly_return (period, unit_path, status);

CREATE TABLE return_event (
  project_id BIGINT NOT NULL,
  period BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  level BIGINT,
  reason TEXT NOT NULL,
  typed_before TEXT NOT NULL,
  typed_after TEXT NOT NULL,
  month_before BIGINT,
  month_after BIGINT,
  PRIMARY KEY (project_id, period, seq)
);

CREATE TABLE cube_cell (
  edition TEXT NOT NULL,
  period BIGINT NOT NULL,
  cut TEXT NOT NULL,
  unit_path TEXT NOT NULL,
  department_id BIGINT NOT NULL,
  member TEXT NOT NULL,
  projects BIGINT NOT NULL,
  total_investment BIGINT NOT NULL,
  annual_plan BIGINT NOT NULL,
  plan_to_date BIGINT NOT NULL,
  month_investment BIGINT NOT NULL,
  year_to_date BIGINT NOT NULL,
  since_start BIGINT NOT NULL,
  funds_to_date BIGINT NOT NULL,
  new_starts BIGINT NOT NULL,
  started BIGINT NOT NULL,
  due_to_start BIGINT NOT NULL,
  started_early BIGINT NOT NULL,
  start_overdue BIGINT NOT NULL,
  continuing BIGINT NOT NULL,
  at_work BIGINT NOT NULL,
  completions BIGINT NOT NULL,
  completed BIGINT NOT NULL,
  reported BIGINT NOT NULL,
  accepted BIGINT NOT NULL,
  PRIMARY KEY (edition, period, cut, unit_path, department_id, member)
);

CREATE TABLE notice (
  notice_id COUNTED PRIMARY KEY,
  at BIGINT NOT NULL,
  from_user_id BIGINT NOT NULL,
  unit_path TEXT NOT NULL,
  project_id BIGINT,
  period BIGINT,
  kind TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX notice_by_unit ON notice (unit_path, notice_id);

CREATE TABLE policy (
  kind TEXT NOT NULL,
  version BIGINT NOT NULL,
  valid_from TEXT NOT NULL,
  body TEXT NOT NULL,
  at BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  PRIMARY KEY (kind, version)
);

CREATE TABLE import_batch (
  import_id BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  state TEXT NOT NULL,
  summary TEXT NOT NULL,
  options TEXT NOT NULL
);

CREATE TABLE import_profile (
  name TEXT PRIMARY KEY,
  body TEXT NOT NULL,
  at BIGINT NOT NULL,
  user_id BIGINT NOT NULL
);
