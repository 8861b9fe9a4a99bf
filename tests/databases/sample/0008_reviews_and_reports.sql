INSERT INTO reviews (id, book_id, customer_id, stars, body) VALUES
    (1, 2, 1, 5, 'Sand, everywhere'),
    (2, 2, 3, 4, NULL);
