-- Who recorded an opinion for a department; letters that were written, each a document that
-- stays as it was sent.

ALTER TABLE approval_opinion ADD COLUMN on_behalf BIGINT NOT NULL DEFAULT 0;

CREATE TABLE approval_letter (
  unit_path TEXT NOT NULL,
  year BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  kind TEXT NOT NULL,
  office_path TEXT NOT NULL,
  department_id BIGINT NOT NULL,
  written_on TEXT NOT NULL,
  reply_by TEXT NOT NULL,
  body TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (unit_path, year, seq)
);
CREATE INDEX approval_letter_to ON approval_letter (office_path, department_id, written_on);
