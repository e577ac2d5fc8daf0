-- How often single tasks are reported on, where not as often as the plan's others: words with the months they hold from, by task key.

ALTER TABLE supervision ADD COLUMN own_rhythms TEXT NOT NULL DEFAULT '{}';
