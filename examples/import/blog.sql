-- The database that the walk in docs/coming-from-alembic.md takes over: what two versions of Alembic's made of it.
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE account (
    id INTEGER NOT NULL,
    name VARCHAR(50) NOT NULL,
    description VARCHAR(200),
    last_seen DATETIME,
    PRIMARY KEY (id)
);
INSERT INTO alembic_version VALUES ('ae1027a6acf');
