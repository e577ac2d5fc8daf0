-- What came with an act on a supervisor's letter: what proves a reply, what was seen when it was
-- looked at again. The content lies in the object store under its digest.

CREATE TABLE supervision_letter_file (
  unit_path TEXT NOT NULL,
  year BIGINT NOT NULL,
  letter BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  number BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  file_name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  PRIMARY KEY (unit_path, year, letter, seq, number)
);
