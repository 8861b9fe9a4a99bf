INSERT INTO authors VALUES (1, 'Ursula'), (2, 'Stanisław');
INSERT INTO books VALUES (1, 2), (2, 1);
