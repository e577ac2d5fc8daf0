-- One inbox per person, and copies of what stands in it on their way out. A reason stands once per
-- person and once per recipient: that is what keeps a reminder from coming twice, whoever sends it.

CREATE TABLE inbox (
  user_id BIGINT NOT NULL,
  notice_id BIGINT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (user_id, notice_id)
);
CREATE UNIQUE INDEX inbox_by_reason ON inbox (user_id, reason);
CREATE INDEX post_by_unit ON post (unit_path);

-- What went to an office before there were inboxes goes to those who hold its posts.
INSERT INTO inbox (user_id, notice_id, reason)
SELECT DISTINCT p.user_id, n.notice_id, 'before:' || n.notice_id
FROM notice n
JOIN post p ON n.unit_path >= p.unit_path
  AND SUBSTR(n.unit_path, 1, LENGTH(p.unit_path)) = p.unit_path
JOIN unit u ON u.path = p.unit_path
WHERE (u.level = 2 OR n.unit_path = p.unit_path)
  AND p.user_id <> n.from_user_id
  AND p.role NOT IN ('security_administrator', 'system_administrator');

-- How a person wants to hear of notices; without a row all stays in the inbox.
CREATE TABLE notice_preference (
  user_id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  address TEXT NOT NULL,
  ways TEXT NOT NULL,
  quiet_from BIGINT,
  quiet_to BIGINT,
  digest_at BIGINT NOT NULL
);

CREATE TABLE outbox (
  outbox_id COUNTED PRIMARY KEY,
  channel TEXT NOT NULL,
  recipient TEXT NOT NULL,
  reason TEXT NOT NULL,
  notice_id BIGINT NOT NULL,
  state TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  not_before_at BIGINT NOT NULL,
  due_since_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  claim TEXT NOT NULL,
  claimed_at BIGINT NOT NULL,
  ended_at BIGINT,
  last_error TEXT NOT NULL
);
CREATE UNIQUE INDEX outbox_by_reason ON outbox (channel, recipient, reason);
CREATE INDEX outbox_due ON outbox (state, not_before_at, outbox_id);

-- The secret address of a person's calendar, as a digest: a copy of the table opens no calendar.
CREATE TABLE calendar_feed (
  digest TEXT PRIMARY KEY,
  user_id BIGINT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL
);
