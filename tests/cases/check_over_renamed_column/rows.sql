INSERT INTO people (email, nick) VALUES ('ada@example.org', 'ada'), ('x''y@example.org', NULL);
