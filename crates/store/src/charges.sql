-- What somebody answers for that is no project: a chain or a task of a plan, as `chain:al` or
-- `task:12:3`; its rows have zero for the project.
ALTER TABLE assignment ADD COLUMN subject TEXT NOT NULL DEFAULT '';
CREATE INDEX assignment_by_subject ON assignment (subject) WHERE subject <> '';
