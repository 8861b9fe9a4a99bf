INSERT INTO devices (serial, checked, note) VALUES (7, true, 'hall'), (8, false, NULL);
INSERT INTO readings VALUES (1, 7, 20), (2, 7, 21), (3, 8, 20);
