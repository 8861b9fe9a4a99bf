INSERT INTO authors (name) VALUES ('Le Guin'), ('Lem'), ('Nobody');
DELETE FROM authors WHERE name = 'Nobody';
INSERT INTO books VALUES (1, 1, 'The Dispossessed'), (2, 2, 'Solaris');
INSERT INTO copies VALUES (1, 1), (2, 1), (3, NULL);
