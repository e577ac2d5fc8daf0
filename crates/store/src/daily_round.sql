-- Work that is done once a day by whichever server comes first. One that died half-way is taken
-- over after a while: the work itself may be done twice and does not mind.
CREATE TABLE daily_round (
  round TEXT NOT NULL,
  on_date TEXT NOT NULL,
  claimed_at BIGINT NOT NULL,
  done_at BIGINT,
  PRIMARY KEY (round, on_date)
);
