-- How far each person has read the notices to their unit.
CREATE TABLE notice_seen (
  user_id BIGINT PRIMARY KEY,
  notice_id BIGINT NOT NULL
);
