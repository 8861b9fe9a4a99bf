INSERT INTO language (name) VALUES ('English'), ('Italian');
INSERT INTO category (name) VALUES ('Action'), ('Drama');
INSERT INTO actor (first_name, last_name) VALUES ('PENELOPE', 'GUINESS'), ('NICK', 'WAHLBERG');
INSERT INTO film (title, description, release_year, language_id, original_language_id, length, rating,
                  special_features, rental_rate)
VALUES ('ACADEMY DINOSAUR', 'An Epic Drama', 2006, 1, NULL, 86, 'PG', '{Deleted Scenes,"Behind, the Scenes"}', 0.99),
       ('ACE GOLDFINGER', NULL, 1901, 1, 2, NULL, NULL, NULL, 4.99),
       ('ADAPTATION HOLES', 'An Astounding Reflection', 2155, 2, 1, 50, 'NC-17', '{}', 2.99);
INSERT INTO film_actor (actor_id, film_id) VALUES (1, 1), (2, 1), (2, 3);
INSERT INTO film_category (film_id, category_id) VALUES (1, 1), (2, 2), (3, 2);
INSERT INTO country (country) VALUES ('Canada'), ('Australia');
INSERT INTO city (city, country_id) VALUES ('Lethbridge', 1), ('Woodridge', 2);
INSERT INTO address (address, district, city_id, postal_code, phone)
VALUES ('47 MySakila Drive', 'Alberta', 1, NULL, ''), ('28 MySQL Boulevard', 'QLD', 2, '4114', '(07) 3299');
-- A store has a manager and a manager has a store, so one of the two comes first without its constraint.
ALTER TABLE staff DROP CONSTRAINT staff_store_id_fkey;
INSERT INTO staff (first_name, last_name, address_id, store_id, username, picture)
VALUES ('Mike', 'Hillyer', 1, 1, 'Mike', '\x89504e47'), ('Jon', 'Stephens', 2, 2, 'Jon', NULL);
INSERT INTO store (manager_staff_id, address_id) VALUES (1, 1), (2, 2);
ALTER TABLE staff ADD CONSTRAINT staff_store_id_fkey FOREIGN KEY (store_id) REFERENCES store (store_id);
INSERT INTO customer (store_id, first_name, last_name, email, address_id, activebool, active)
VALUES (1, 'MARY', 'SMITH', 'MARY.SMITH@example.org', 1, true, 1), (2, 'PATRICIA', 'JOHNSON', NULL, 2, false, 0);
INSERT INTO inventory (film_id, store_id) VALUES (1, 1), (1, 2), (3, 2);
INSERT INTO rental (rental_date, inventory_id, customer_id, return_date, staff_id)
VALUES ('2007-01-24 21:40:33', 1, 1, '2007-01-28 19:40:33', 1), ('2007-05-24 22:53:30', 3, 2, NULL, 2);
-- Rules send each payment to the table of its month.
INSERT INTO payment (customer_id, staff_id, rental_id, amount, payment_date)
VALUES (1, 1, 1, 0.99, '2007-01-24 21:40:33'), (2, 2, 2, 11.99, '2007-05-24 22:53:30'),
       (2, 2, 2, 5.00, '2008-01-01 00:00:00');
