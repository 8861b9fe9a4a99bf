INSERT INTO prices VALUES (1, 5, 'a'), (2, 50, 'b');
INSERT INTO offers VALUES (1, 2);
