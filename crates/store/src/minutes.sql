-- Minutes stand as they were when the meeting was held, and an agenda says how much it had no room for.
ALTER TABLE meeting ADD COLUMN minutes TEXT NOT NULL DEFAULT '';
ALTER TABLE meeting ADD COLUMN left_off BIGINT NOT NULL DEFAULT 0;
