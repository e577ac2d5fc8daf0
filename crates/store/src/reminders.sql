-- Which reminder of something agreed was sent, so that each is sent once however many servers there
-- are; and the agendas a project stands on.

CREATE TABLE resolution_reminder (
  resolution_id BIGINT NOT NULL,
  step TEXT NOT NULL CHECK (step IN ('due', 'overdue')),
  at BIGINT NOT NULL,
  PRIMARY KEY (resolution_id, step)
);
CREATE INDEX meeting_item_by_project ON meeting_item (project_id, meeting_id);
