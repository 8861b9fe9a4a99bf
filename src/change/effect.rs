//! What an operation means for the data, the same on every database.

use super::{Edit, Op, TableEdit};
use crate::model::{Column, EnumType, PerDialect, Portable, RawObject, Type};
use crate::name::DialectName;

/// How far an operation reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// It adds, renames or describes.
    Additive,
    /// It allows more than before, or changes what is allowed.
    Widening,
    /// It changes rows.
    Data,
    /// It takes something away.
    Destructive,
}

/// What can happen to data when an operation runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loss {
    /// Nothing.
    Nothing,
    /// The database refuses when the data doesn't fit; this is what must hold.
    MayFail(String),
    /// Data goes; this is what.
    Loses(String),
}

impl Op {
    /// How far the operation reaches.
    #[must_use]
    pub fn class(&self) -> Class {
        match self.loss() {
            Loss::Loses(_) => return Class::Destructive,
            Loss::MayFail(_) | Loss::Nothing => {}
        }
        match self {
            Self::Row { .. } => Class::Data,
            Self::EnumValue { .. }
            | Self::Namespace(Edit::Create(_) | Edit::Alter { .. } | Edit::Rename { .. })
            | Self::Enum(Edit::Create(_) | Edit::Rename { .. })
            | Self::Table(_)
            | Self::Column { edit: Edit::Create(_) | Edit::Rename { .. }, .. }
            | Self::PrimaryKey { edit: Edit::Create(_) | Edit::Rename { .. }, .. }
            | Self::Unique { edit: Edit::Create(_) | Edit::Rename { .. }, .. }
            | Self::ForeignKey { edit: Edit::Create(_) | Edit::Rename { .. }, .. }
            | Self::Check { edit: Edit::Create(_) | Edit::Rename { .. }, .. }
            | Self::Index { edit: Edit::Create(_) | Edit::Rename { .. }, .. }
            | Self::View(_)
            | Self::Object(_) => Class::Additive,
            Self::Namespace(Edit::Drop(_))
            | Self::Enum(_)
            | Self::Column { .. }
            | Self::PrimaryKey { .. }
            | Self::Unique { .. }
            | Self::ForeignKey { .. }
            | Self::Check { .. }
            | Self::Index { .. } => Class::Widening,
        }
    }

    /// What can happen to data when the operation runs.
    #[must_use]
    pub fn loss(&self) -> Loss {
        let may_fail = |text: String| Loss::MayFail(text);
        match self {
            Self::Table(TableEdit::Drop(table)) => Loss::Loses(format!("all rows of `{}`", table.name)),
            Self::Column { table, edit: Edit::Drop(column) } if column.generated.is_none() => {
                Loss::Loses(format!("the values of `{table}.{}`", column.name))
            }
            Self::Column { table, edit: Edit::Create(column) } if is_required(column) => {
                may_fail(format!("`{table}` must be empty: `{}` is required and has no default", column.name))
            }
            Self::Column { table, edit: Edit::Alter { from, to } } => alter(&table.to_string(), from, to),
            Self::Enum(Edit::Alter { from, to }) => removed_values(from, to),
            Self::Object(Edit::Drop(object)) if object.holds_rows() => rows_of(object),
            Self::Object(Edit::Alter { from, to }) if from.holds_rows() && from.create != to.create => {
                rows_of(from)
            }
            Self::PrimaryKey { table, edit: Edit::Create(key) | Edit::Alter { to: key, .. } } => {
                may_fail(format!("`{table}` must have no duplicates and no NULL for `{}`", key.name))
            }
            Self::Unique { table, edit: Edit::Create(unique) | Edit::Alter { to: unique, .. } } => {
                may_fail(format!("`{table}` must have no duplicates for `{}`", unique.name))
            }
            Self::Index { table, edit: Edit::Create(index) | Edit::Alter { to: index, .. } }
                if index.unique =>
            {
                may_fail(format!("`{table}` must have no duplicates for `{}`", index.name))
            }
            Self::ForeignKey { table, edit: Edit::Create(key) | Edit::Alter { to: key, .. } } => {
                may_fail(format!("every row of `{table}` must have its row in `{}`", key.table))
            }
            Self::Check { table, edit: Edit::Create(check) | Edit::Alter { to: check, .. } } => {
                may_fail(format!("every row of `{table}` must satisfy `{}`", check.name))
            }
            Self::Namespace(_)
            | Self::Enum(_)
            | Self::EnumValue { .. }
            | Self::Table(_)
            | Self::Column { .. }
            | Self::PrimaryKey { .. }
            | Self::Unique { .. }
            | Self::ForeignKey { .. }
            | Self::Check { .. }
            | Self::Index { .. }
            | Self::View(_)
            | Self::Object(_) => Loss::Nothing,
            // One that goes is what the schema said; where somebody changed it, the run finds out and stops.
            Self::Row { .. } => Loss::Nothing,
        }
    }
}

/// Whether a new column needs a value that the database can't find by itself.
#[must_use]
pub fn is_required(column: &Column) -> bool {
    !column.nullable
        && column.identity.is_none()
        && column.generated.is_none()
        && column.default.values().any(Option::is_none)
}

fn rows_of(object: &RawObject) -> Loss {
    Loss::Loses(format!("all rows of `{}`", object.name))
}

fn removed_values(from: &EnumType, to: &EnumType) -> Loss {
    let removed: Vec<&str> =
        from.values.iter().filter(|value| !to.values.contains(value)).map(|value| &**value).collect();
    if removed.is_empty() {
        return Loss::Nothing;
    }
    Loss::MayFail(format!("no row may hold `{}` of `{}`", removed.join("`, `"), from.name))
}

fn alter(table: &str, from: &Column, to: &Column) -> Loss {
    let name = format!("`{table}.{}`", to.name);
    if let Some(loss) = limit(table, from, to) {
        return loss;
    }
    if from.generated.is_none() && to.generated.is_some() {
        return Loss::Loses(format!("the values of {name}, which becomes generated"));
    }
    if let Some((narrowing, ty, dialect)) = worst_narrowing(&from.ty, &to.ty) {
        let place = dialect.map(|dialect| format!(" on {dialect}")).unwrap_or_default();
        return match narrowing {
            Narrowing::Loses => Loss::Loses(format!("what `{ty}` can't hold of {name}{place}")),
            Narrowing::MayFail => Loss::MayFail(format!("every value of {name} must fit `{ty}`{place}")),
        };
    }
    if from.nullable && !to.nullable {
        return Loss::MayFail(format!("{name} must have no NULL"));
    }
    Loss::Nothing
}

/// What happens where a column comes or goes because it becomes limited to another dialect, or is so no more.
fn limit(table: &str, from: &Column, to: &Column) -> Option<Loss> {
    let name = &to.name;
    let lost = |place: String| Some(Loss::Loses(format!("the values of `{table}.{name}` {place}")));
    match (&from.only, &to.only) {
        (from, to) if from == to => None,
        (None, Some(only)) if from.generated.is_none() => lost(format!("on databases other than {only}")),
        (Some(only), Some(_)) if from.generated.is_none() => lost(format!("on {only}")),
        (Some(only), None) if is_required(to) => Some(Loss::MayFail(format!(
            "`{table}` must be empty on databases other than {only}: `{name}` is required and has no default"
        ))),
        (Some(_), Some(only)) if is_required(to) => Some(Loss::MayFail(format!(
            "`{table}` must be empty on {only}: `{name}` is required and has no default"
        ))),
        (Some(_) | None, Some(_) | None) => None,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Narrowing {
    MayFail,
    Loses,
}

/// The worst that a change of type can do to values on any database, with the new type there, and the dialect if it is
/// not so everywhere.
fn worst_narrowing<'c>(
    from: &'c PerDialect<Type>,
    to: &'c PerDialect<Type>,
) -> Option<(Narrowing, &'c Type, Option<&'c DialectName>)> {
    let dialects = from.overrides.keys().chain(to.overrides.keys()).map(Some);
    let narrowings = std::iter::once(None).chain(dialects).filter_map(|dialect| {
        let of = |ty: &'c PerDialect<Type>| dialect.map_or(&ty.common, |dialect| ty.get(dialect));
        Some((narrowing(of(from), of(to))?, of(to), dialect))
    });
    narrowings.reduce(|worst, next| if next.0 > worst.0 { next } else { worst })
}

/// What a change of type can do to values; `None` when every value stays what it is.
fn narrowing(from: &Type, to: &Type) -> Option<Narrowing> {
    if from == to {
        return None;
    }
    let (from, to) = match (from, to) {
        (Type::Portable(from), Type::Portable(to)) => (from, to),
        (Type::Array(from), Type::Array(to)) => return narrowing(from, to),
        (_, Type::Portable(Portable::Text)) => return None,
        _ => return Some(Narrowing::MayFail),
    };
    use Portable::{
        BigInt, Bool, Char, Date, Decimal, Double, Int, Interval, Real, SmallInt, Text, Time, Timestamp,
        TimestampTz, VarChar,
    };
    match (from, to) {
        (_, Text)
        | (SmallInt, Int | BigInt | Decimal(None) | Double | Real)
        | (Int, BigInt | Decimal(None) | Double)
        | (BigInt | Decimal(_), Decimal(None))
        | (Real, Double)
        | (Date, Timestamp(_) | TimestampTz(_)) => None,
        (VarChar(before) | Char(before), VarChar(after)) if before <= after => None,
        (Decimal(Some(before)), Decimal(Some(after)))
            if after.scale >= before.scale
                && after.precision - after.scale >= before.precision - before.scale =>
        {
            None
        }
        (Time(before), Time(after))
        | (Timestamp(before), Timestamp(after))
        | (TimestampTz(before), TimestampTz(after))
            if after.is_none_or(|after| before.is_some_and(|before| before <= after)) =>
        {
            None
        }
        (Timestamp(_) | TimestampTz(_), Date | Time(_))
        | (Interval | Time(_), Time(_))
        | (Timestamp(_), Timestamp(_))
        | (TimestampTz(_), TimestampTz(_))
        | (SmallInt | Int | BigInt | Decimal(_) | Real | Double, Bool)
        | (Int | BigInt | Decimal(_) | Double, Real)
        | (BigInt | Decimal(_), Double)
        | (Double | Real | Decimal(_), SmallInt | Int | BigInt)
        | (Decimal(_) | Double | Real, Decimal(_)) => Some(Narrowing::Loses),
        _ => Some(Narrowing::MayFail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Digits;
    use crate::name::Name;

    /// For each type which others keep all values, and which take what they can't hold without a word.
    #[test]
    fn every_change_of_type_that_loses_silently_is_known() {
        use Portable::*;
        let digits = |precision, scale| Decimal(Some(Digits { precision, scale }));
        let types = [
            Bool,
            SmallInt,
            Int,
            BigInt,
            Real,
            Double,
            Decimal(None),
            digits(10, 2),
            digits(12, 4),
            Char(4),
            VarChar(4),
            VarChar(8),
            Text,
            Bytes,
            Date,
            Time(None),
            Time(Some(0)),
            Timestamp(None),
            Timestamp(Some(0)),
            TimestampTz(None),
            TimestampTz(Some(0)),
            Interval,
            Uuid,
            Json,
        ];
        let lines = types.map(|from| {
            let to = |wanted: Option<Narrowing>| {
                let (from, to) = (Type::Portable(from), types.map(Type::Portable));
                let found = to.into_iter().filter(|to| *to != from && narrowing(&from, to) == wanted);
                found.map(|to| to.to_string()).collect::<Vec<_>>().join(" ")
            };
            format!("{from}: keeps [{}] loses [{}]", to(None), to(Some(Narrowing::Loses)))
        });
        insta::assert_snapshot!(lines.join("\n"), @"
        bool: keeps [text] loses []
        smallint: keeps [int bigint real double decimal text] loses [bool]
        int: keeps [bigint double decimal text] loses [bool real]
        bigint: keeps [decimal text] loses [bool real double]
        real: keeps [double text] loses [bool smallint int bigint decimal decimal(10,2) decimal(12,4)]
        double: keeps [text] loses [bool smallint int bigint real decimal decimal(10,2) decimal(12,4)]
        decimal: keeps [text] loses [bool smallint int bigint real double decimal(10,2) decimal(12,4)]
        decimal(10,2): keeps [decimal decimal(12,4) text] loses [bool smallint int bigint real double]
        decimal(12,4): keeps [decimal text] loses [bool smallint int bigint real double decimal(10,2)]
        char(4): keeps [varchar(4) varchar(8) text] loses []
        varchar(4): keeps [varchar(8) text] loses []
        varchar(8): keeps [text] loses []
        text: keeps [] loses []
        bytes: keeps [text] loses []
        date: keeps [text timestamp timestamp(0) timestamptz timestamptz(0)] loses []
        time: keeps [text] loses [time(0)]
        time(0): keeps [text time] loses []
        timestamp: keeps [text] loses [date time time(0) timestamp(0)]
        timestamp(0): keeps [text timestamp] loses [date time time(0)]
        timestamptz: keeps [text] loses [date time time(0) timestamptz(0)]
        timestamptz(0): keeps [text timestamptz] loses [date time time(0)]
        interval: keeps [text] loses [time time(0)]
        uuid: keeps [text] loses []
        json: keeps [text] loses []
        ");
    }

    #[test]
    fn what_a_type_loses_on_one_dialect_alone_is_told_with_its_name() {
        let column = |common, postgres: Option<Portable>| {
            let mut column = Column::new(Name::new("at").unwrap(), Type::Portable(common));
            let dialect = DialectName::new(Name::new("postgres").unwrap());
            column.ty.overrides.extend(postgres.map(|ty| (dialect, Type::Portable(ty))));
            column
        };
        let timestamp = Portable::Timestamp(None);
        let (plain, short) = (column(timestamp, None), column(timestamp, Some(Portable::Date)));
        let loses = |what: &str| Loss::Loses(what.to_owned());
        assert_eq!(alter("t", &plain, &short), loses("what `date` can't hold of `t.at` on postgres"));
        assert_eq!(alter("t", &short, &plain), Loss::Nothing);
        let everywhere = column(Portable::Date, None);
        assert_eq!(alter("t", &plain, &everywhere), loses("what `date` can't hold of `t.at`"));
    }
}
