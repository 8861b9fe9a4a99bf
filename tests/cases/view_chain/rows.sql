INSERT INTO sales VALUES (1, 'north', 500), (2, 'south', 50), (3, 'north', 700);
