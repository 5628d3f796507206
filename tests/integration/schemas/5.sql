-- What the Beleg of schema 5 had beyond that of schema 4.
CREATE TABLE replies (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    reply TEXT NOT NULL
);
CREATE TABLE reply_articles (
    reply INTEGER NOT NULL REFERENCES replies (seq) ON DELETE CASCADE,
    article INTEGER NOT NULL,
    PRIMARY KEY (article, reply)
) WITHOUT ROWID;
CREATE INDEX reply_articles_by_reply ON reply_articles (reply);
CREATE TABLE spent (
    day TEXT NOT NULL, person TEXT NOT NULL, tokens INTEGER NOT NULL,
    PRIMARY KEY (day, person)
) WITHOUT ROWID;
PRAGMA user_version = 5;
