-- Which of its unit's projects a series is about: a department, a chain or whoever holds a duty; all
-- when empty.

ALTER TABLE meeting_series ADD COLUMN about TEXT NOT NULL DEFAULT '';
