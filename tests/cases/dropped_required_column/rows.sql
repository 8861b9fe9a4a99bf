INSERT INTO people (id, email, city) VALUES (1, 'a', 'unknown'), (2, 'b', 'unknown');
