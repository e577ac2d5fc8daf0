-- Dispatch meetings: series, their meetings, and the projects on an agenda. Resolutions stand in a
-- table of their own with those of visits.

CREATE TABLE meeting_series (
  series_id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  title TEXT NOT NULL,
  unit_path TEXT NOT NULL,
  rhythm TEXT NOT NULL,
  next_on TEXT NOT NULL,
  ended BIGINT NOT NULL CHECK (ended IN (0, 1))
);

CREATE TABLE meeting (
  meeting_id BIGINT PRIMARY KEY,
  series_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  unit_path TEXT NOT NULL,
  title TEXT NOT NULL,
  on_date TEXT NOT NULL,
  state TEXT NOT NULL,
  attendees TEXT NOT NULL,
  summary TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX meeting_by_series ON meeting (series_id, meeting_id);

CREATE TABLE meeting_item (
  meeting_id BIGINT NOT NULL,
  project_id BIGINT NOT NULL,
  position BIGINT NOT NULL,
  grounds TEXT NOT NULL,
  dropped BIGINT NOT NULL CHECK (dropped IN (0, 1)),
  PRIMARY KEY (meeting_id, project_id)
);
