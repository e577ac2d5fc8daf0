-- Since when a problem holds a project up, where that is not the day it was raised: a project that came
-- out of a split or took others in is held up from then.

ALTER TABLE problem_block ADD COLUMN since TEXT NOT NULL DEFAULT '';
