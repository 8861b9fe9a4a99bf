-- The database of docs/adopting.md: a shop whose schema Alembic has kept so far. For SQLite.
CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    email VARCHAR(320) NOT NULL UNIQUE,
    name TEXT,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE products (
    id INTEGER PRIMARY KEY,
    title VARCHAR(200) NOT NULL,
    price DECIMAL(10, 2) NOT NULL,
    stock INTEGER NOT NULL DEFAULT 0,
    CHECK (price >= 0)
);

CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    status TEXT NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'paid', 'sent')),
    placed_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE order_lines (
    order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    product_id INTEGER NOT NULL REFERENCES products (id),
    quantity INTEGER NOT NULL,
    PRIMARY KEY (order_id, product_id)
);

CREATE INDEX orders_customer_id_idx ON orders (customer_id);
CREATE INDEX open_orders ON orders (placed_at) WHERE status <> 'sent';

CREATE VIEW order_totals AS
SELECT l.order_id, sum(l.quantity * p.price) AS total
FROM order_lines AS l JOIN products AS p ON p.id = l.product_id
GROUP BY l.order_id;

CREATE TRIGGER order_lines_take_stock AFTER INSERT ON order_lines
BEGIN
    UPDATE products SET stock = stock - NEW.quantity WHERE id = NEW.product_id;
END;

CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);

INSERT INTO customers (email, name) VALUES ('ada@example.org', 'Ada'), ('bo@example.org', NULL);
INSERT INTO products (title, price, stock) VALUES ('Notebook', 3.50, 120), ('Pencil', 0.80, 900);
INSERT INTO orders (customer_id) VALUES (1);
INSERT INTO order_lines VALUES (1, 1, 2), (1, 2, 10);
INSERT INTO alembic_version VALUES ('4f3c2b1a0d9e');
