INSERT INTO jobs (id, queue, done) VALUES (1, 'mail', true), (2, 'mail', false);
