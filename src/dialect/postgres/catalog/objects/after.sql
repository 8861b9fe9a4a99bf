) AS found (identity, kind, namespace, name, overloaded, "create", "drop", reason)
ORDER BY identity COLLATE "C", kind COLLATE "C"
