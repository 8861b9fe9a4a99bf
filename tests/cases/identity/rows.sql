INSERT INTO tickets VALUES (4, 'four'), (9, 'nine');
