INSERT INTO customers (id, email, full_name) VALUES
    (1, 'ada@example.org', 'Ada King Lovelace'),
    (2, 'plato@example.org', 'Plato'),
    (3, 'grace@example.org', 'Grace Hopper');
INSERT INTO addresses (id, customer_id, street, postal_code, city, country_code) VALUES
    (1, 1, 'Ringstrasse 1', '1010', 'Wien', 'AT'),
    (2, 2, 'Hain 4', '10115', 'Berlin', 'DE'),
    (3, 3, 'Rue du Lac 7', '1201', 'Genève', 'CH');
INSERT INTO orders (id, customer_id, address_id, status) VALUES
    (1, 1, 1, 'packed'),
    (2, 1, 1, 'shipped'),
    (3, 2, 2, 'paid'),
    (4, 3, 3, 'new');
INSERT INTO order_items (order_id, book_id, quantity, price) VALUES
    (1, 1, 2, 12.50),
    (1, 2, 1, 9.99),
    (2, 2, 2, 9.99),
    (3, 1, 1, 11.00),
    (4, 3, 5, 0.00);
