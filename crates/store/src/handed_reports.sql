-- Which projects' reporting a hand-over moved, for the list both sign.
CREATE TABLE handover_report (
  handover_id BIGINT NOT NULL,
  project_id BIGINT NOT NULL,
  PRIMARY KEY (handover_id, project_id)
);
