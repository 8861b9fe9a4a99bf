INSERT INTO stock_movements (id, book_id, quantity, reason, note) VALUES
    (1, 1, 10, 'delivery', NULL),
    (2, 1, -3, 'sale', NULL),
    (3, 2, 3, 'delivery', NULL),
    (4, 2, -3, 'sale', NULL),
    (5, 3, -2, 'correction', 'lost; found "nowhere"');
