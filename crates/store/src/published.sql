-- What a closed month said of a project before it was first corrected, so that the light it was
-- published with can still be shown. A month that was never corrected has no row: its return says it.

CREATE TABLE return_published (
  project_id BIGINT NOT NULL,
  period BIGINT NOT NULL,
  year_to_date BIGINT NOT NULL,
  at_work BIGINT NOT NULL CHECK (at_work IN (0, 1)),
  PRIMARY KEY (project_id, period)
);
