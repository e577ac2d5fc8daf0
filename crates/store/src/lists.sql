-- What lists read: every column a list filters by, sorts by or adds up, so that it is answered from
-- one index alone; and the orders a whole region is looked at in, so that a page is not sorted out
-- of all rows. The two wide indexes begin as the ones they replace.

DROP INDEX monthly_return_by_place;
CREATE INDEX monthly_return_listed ON monthly_return (period, unit_path, status, category, stage,
  industry, investor, department_id, total_investment, annual_plan, month_investment, year_to_date,
  gap_to_time, ratio_to_time, ratio_to_plan, start_due, at_work, completed, project_id);
CREATE INDEX monthly_return_by_done ON monthly_return (period, year_to_date, project_id);
CREATE INDEX monthly_return_by_gap ON monthly_return (period, gap_to_time, project_id);
CREATE INDEX monthly_return_by_total ON monthly_return (period, total_investment, project_id);

DROP INDEX project_by_place;
CREATE INDEX project_listed ON project (unit_path, stage, suspended, total_investment,
  department_id, industry, investor, completeness, project_id);
CREATE INDEX project_named ON project (name, project_id);
