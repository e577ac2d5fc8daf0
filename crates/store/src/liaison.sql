-- Who answers for a project, visits to it, what was told to offices there, and handing over.
-- What a project's tables join on begins with project_id; a resolution of a meeting that is about
-- no project has zero there.

CREATE TABLE assignment (
  project_id BIGINT NOT NULL,
  assignment_id BIGINT NOT NULL,
  duty TEXT NOT NULL,
  unit_path TEXT NOT NULL,
  holder TEXT NOT NULL CHECK (holder IN ('user', 'office', 'named')),
  holder_user BIGINT NOT NULL,
  holder_path TEXT NOT NULL,
  holder_department BIGINT NOT NULL,
  holder_name TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT,
  reason TEXT NOT NULL,
  set_by BIGINT NOT NULL,
  at BIGINT NOT NULL,
  ended_by BIGINT NOT NULL,
  handover_id BIGINT NOT NULL,
  PRIMARY KEY (project_id, assignment_id)
);
CREATE INDEX assignment_by_user ON assignment (holder_user, duty, from_on);
CREATE INDEX assignment_by_handover ON assignment (handover_id) WHERE handover_id > 0;

CREATE TABLE handover (
  handover_id BIGINT PRIMARY KEY,
  from_user BIGINT NOT NULL,
  to_user BIGINT NOT NULL,
  unit_path TEXT NOT NULL,
  on_date TEXT NOT NULL,
  reason TEXT NOT NULL,
  by_user BIGINT NOT NULL,
  at BIGINT NOT NULL,
  given_at BIGINT NOT NULL,
  taken_at BIGINT NOT NULL
);

CREATE TABLE visit (
  project_id BIGINT NOT NULL,
  visit_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  on_date TEXT NOT NULL,
  place TEXT NOT NULL,
  longitude BIGINT,
  latitude BIGINT,
  attendees TEXT NOT NULL,
  body TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (project_id, visit_id)
);

CREATE INDEX visit_by_number ON visit (visit_id);

CREATE TABLE visit_photo (
  project_id BIGINT NOT NULL,
  visit_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (project_id, visit_id, seq)
);

CREATE TABLE resolution (
  project_id BIGINT NOT NULL,
  resolution_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('visit', 'meeting')),
  origin_id BIGINT NOT NULL,
  unit_path TEXT NOT NULL,
  body TEXT NOT NULL,
  party TEXT NOT NULL,
  party_path TEXT NOT NULL,
  party_department BIGINT NOT NULL,
  due_on TEXT NOT NULL,
  problem_id BIGINT NOT NULL,
  item TEXT NOT NULL,
  state TEXT NOT NULL,
  open BIGINT NOT NULL CHECK (open IN (0, 1)),
  made_by BIGINT NOT NULL,
  made_on TEXT NOT NULL,
  at BIGINT NOT NULL,
  reported_by BIGINT NOT NULL,
  reported_on TEXT,
  report TEXT NOT NULL,
  ended_by BIGINT NOT NULL,
  ended_on TEXT,
  remark TEXT NOT NULL,
  PRIMARY KEY (project_id, resolution_id)
);
CREATE INDEX resolution_by_number ON resolution (resolution_id);
CREATE INDEX resolution_by_origin ON resolution (origin, origin_id);
CREATE INDEX resolution_by_party ON resolution (open, party_path, party_department, due_on);

-- How far a person has looked at what changed in their projects: the newest instant seen.
CREATE TABLE liaison_seen (
  user_id BIGINT PRIMARY KEY,
  at BIGINT NOT NULL
);
