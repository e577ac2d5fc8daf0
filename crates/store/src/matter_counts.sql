-- How far approval matters are, as a measure (手续办结率): with each return, so that a closed month
-- keeps what it had, and in the totals. What is open moves with the next change of its case.

ALTER TABLE monthly_return ADD COLUMN matters BIGINT NOT NULL DEFAULT 0;
ALTER TABLE monthly_return ADD COLUMN matters_done BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cube_cell ADD COLUMN matters BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cube_cell ADD COLUMN matters_done BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cube_cell ADD COLUMN matters_through BIGINT NOT NULL DEFAULT 0;
