-- Until which month a project's returns may show another place or total than the project has today,
-- so that the library's totals need not look at every return: a copy that doctor proves.

ALTER TABLE project ADD COLUMN elsewhere_until BIGINT NOT NULL DEFAULT 0;
UPDATE project SET elsewhere_until = COALESCE((
  SELECT MAX(r.period) FROM monthly_return r
  WHERE r.project_id = project.project_id
  AND (r.unit_path <> project.unit_path
    OR COALESCE(r.department_id, 0) <> COALESCE(project.department_id, 0)
    OR r.industry <> project.industry OR r.investor <> project.investor
    OR r.stage <> project.stage OR r.total_investment <> project.total_investment)), 0);
CREATE INDEX project_elsewhere ON project (elsewhere_until, project_id) WHERE elsewhere_until > 0;
