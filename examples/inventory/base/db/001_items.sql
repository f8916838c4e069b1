CREATE TABLE item (
    code     TEXT PRIMARY KEY,
    shelf    TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity >= 0)
);
