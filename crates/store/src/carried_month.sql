-- What a project had taken over by an open month, where that is not what its entry says for the
-- whole year: months that were open together when lists were rearranged.

CREATE TABLE carried_month (
  project_id BIGINT NOT NULL,
  period BIGINT NOT NULL,
  carried_year BIGINT NOT NULL,
  carried_since BIGINT NOT NULL,
  carried_funds BIGINT NOT NULL,
  PRIMARY KEY (project_id, period)
);
