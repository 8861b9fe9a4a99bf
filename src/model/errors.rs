//! The codes of states that contradict themselves, each with the page that `schemactl explain` prints.

crate::codes! {
    /// Names can have 63 bytes: PostgreSQL cuts off what is longer, so that two names can become one, and an object
    /// is not found again under its own name.
    ///
    /// Shorten the name. Names that schemactl derives are shortened by themselves.
    E201: "a name is too long";

    /// A constraint, an index, a key or a reference row names a column that the table doesn't have.
    E202: "an unknown column";

    /// A foreign key or a `data` node names a table that is declared nowhere. References go from the top: inside
    /// of `schema billing { … }`, too, the table `invoices` of that namespace is `billing.invoices`.
    ///
    /// A foreign key can also name a raw object, if what that creates first is a table of the same name.
    E203: "an unknown table";

    /// A column's type is marked as an enum that is declared nowhere.
    E204: "an unknown enum";

    /// `depends-on` names something that is neither a table, a view, an enum nor a raw object of the schema.
    E205: "an unknown object";

    /// An object that is limited to one database is used by another one that isn't, so that there is a database on
    /// which the second one can't exist.
    ///
    /// Limit the second one, too: `(postgres)index …`.
    E206: "something that not every dialect has";

    /// A table without columns and an enum without values can't hold anything, and not every database takes them.
    E207: "nothing in it";

    /// A foreign key names as many columns as it refers to, in the same order, and the types of each pair can be
    /// compared.
    E208: "the sides of a foreign key differ";

    /// A foreign key refers to columns that identify a row: the primary key of the other table, or columns with a
    /// unique constraint or a unique index over all rows.
    E209: "a foreign key to columns that are not unique";

    /// Some attributes of a column exclude each other: what is numbered by the database or computed has no default,
    /// what is numbered is never NULL, and only whole numbers are numbered.
    E210: "attributes that contradict each other";

    /// The default of an enum column, or a cell of a reference row, is no value of the enum.
    E211: "not a value of the enum";

    /// Views and objects that need each other can't be created in any order.
    E212: "a cycle";

    /// Within a namespace tables, views, indexes, primary keys and unique constraints share one set of names, and
    /// so do tables and enums; within a table all constraints do.
    E213: "a name that is taken";

    /// A reference row gives a value to a column that computes its own, or none to a column that needs one.
    E214: "a row that can't be inserted";

    /// A key, a constraint or the `include` of an index names a column twice. The second time says nothing, and
    /// databases refuse it.
    ///
    /// Delete one of the two, or write the column that was meant.
    E215: "a column twice";

    /// The default of a column, or a cell of a reference row, is a literal that the column's type can't hold: a text
    /// that is no number, a number out of the type's range or with more digits than it has, a text that is too long,
    /// anything but `#true` and `#false` for `bool`. Some databases would refuse it at once, others at the first row,
    /// and SQLite would store it as it is.
    ///
    /// Correct the value or the type. What is an expression is marked as one: `default=(sql)"now()"`.
    E216: "a value that doesn't fit its type";

    /// A reference row that is for some environments alone, `data … only-env=dev`, is missing in the others. A row that
    /// refers to it can only be for the same ones, or for fewer.
    E217: "a row that not every environment has";
}
