-- Due dates stand beside what they follow from, and a matter names that: many matters share one, and a
-- changed calendar moves it once for all of them. What moved before stood matter by matter; what was
-- due then is kept as a basis of its own until the acts have been read again.
CREATE TABLE approval_due (
  due_id COUNTED PRIMARY KEY,
  basis TEXT NOT NULL UNIQUE,
  due_on TEXT,
  due_for TEXT
);
CREATE INDEX approval_due_day ON approval_due (due_on);

CREATE TABLE approval_due_move (
  due_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  from_on TEXT,
  to_on TEXT,
  reason TEXT NOT NULL,
  PRIMARY KEY (due_id, seq)
);

INSERT INTO approval_due (basis, due_on, due_for)
SELECT DISTINCT 'kept ' || due_on || ' ' || due_for, due_on, due_for FROM approval_item
WHERE due_on IS NOT NULL;

DROP INDEX approval_item_work;
DROP INDEX approval_item_due;
ALTER TABLE approval_item ADD COLUMN due_id BIGINT;
UPDATE approval_item SET due_id = (SELECT d.due_id FROM approval_due d
WHERE d.basis = 'kept ' || approval_item.due_on || ' ' || approval_item.due_for)
WHERE due_on IS NOT NULL;
ALTER TABLE approval_item DROP COLUMN due_on;
ALTER TABLE approval_item DROP COLUMN due_for;
CREATE INDEX approval_item_work ON approval_item (open, unit_path, department_id, due_id);
CREATE INDEX approval_item_due ON approval_item (open, due_id);
DROP TABLE approval_move;
