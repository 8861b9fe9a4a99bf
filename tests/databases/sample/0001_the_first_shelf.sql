INSERT INTO publishers (id, name, website) VALUES
    (1, 'Ace', NULL),
    (2, 'Harper Voyager', 'https://www.harpervoyagerbooks.com'),
    (3, 'O''Brien & Söhne', NULL);
INSERT INTO authors (id, name, bio) VALUES
    (1, 'Frank Herbert', NULL),
    (2, 'Ursula K. Le Guin', 'Wrote of Hain and Earthsea'),
    (3, 'William Shakespeare', NULL);
INSERT INTO books (id, isbn, title, publisher_id, format, price, published_on) VALUES
    (1, '0061054887', 'The Dispossessed', 2, 'paperback', 12.50, '1974-05-01'),
    (2, '9780441013593', 'Dune', 1, 'paperback', 9.99, '1965-08-01'),
    (3, '9783518188576', 'Sonnets', 3, 'hardcover', 0.00, NULL);
INSERT INTO book_authors (book_id, author_id) VALUES (1, 2), (2, 1), (3, 3);
