-- Open matters by their key: whatever goes through all of them in parts (due dates after a calendar
-- change, the check-up) reads only them, in order.
CREATE INDEX approval_item_open ON approval_item (project_id, item) WHERE open = 1;
