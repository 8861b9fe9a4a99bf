INSERT INTO book_genres (book_id, genre_code) VALUES (1, 'fantasy'), (2, 'fantasy'), (3, 'fiction');
