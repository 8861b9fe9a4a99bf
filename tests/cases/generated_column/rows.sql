INSERT INTO items (id, price, amount) VALUES (1, 10, 2), (2, 7, 3);
