CREATE TABLE IF NOT EXISTS entries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account text NOT NULL,
  cents bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
