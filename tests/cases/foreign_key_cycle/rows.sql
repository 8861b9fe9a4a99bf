INSERT INTO teams VALUES (1, 'red'), (2, 'blue');
