-- What a past day needs to know of years' lists and of splits and mergers: the category an entry has
-- from a change on, and when projects came to hang together. Neither is known of what is older.

ALTER TABLE programme_change ADD COLUMN category TEXT;
ALTER TABLE project_link ADD COLUMN at BIGINT NOT NULL DEFAULT 0;
