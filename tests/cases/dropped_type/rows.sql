INSERT INTO tickets (id, note) VALUES (1, 'a'), (2, NULL);
