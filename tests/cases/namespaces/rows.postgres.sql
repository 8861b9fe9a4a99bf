INSERT INTO shop.orders VALUES (1, 'small'), (2, 'large');
INSERT INTO notes VALUES (1, 2);
