-- What the database is called and what tables inherit. It is no part of the picture, which says of each table and column what it has.
SELECT DATABASE(), default_character_set_name, default_collation_name
FROM information_schema.schemata
WHERE schema_name = DATABASE()
