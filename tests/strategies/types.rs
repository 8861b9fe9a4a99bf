//! Column types by number, what can be done with each, and values of each: the n-th value of a type is the same in
//! every table, so that a row can refer to another by number.

use schemactl::model::{Digits, EnumType, Portable, Type, Value};
use schemactl::name::ObjectName;

use super::Profile;

/// How many kinds of column there are; those behind [`PORTABLE`] depend on the profile and the enums.
pub const KINDS: u8 = 32;

const PORTABLE: &[Portable] = &[
    Portable::Text,
    Portable::Int,
    Portable::BigInt,
    Portable::VarChar(20),
    Portable::Bool,
    Portable::SmallInt,
    Portable::Real,
    Portable::Double,
    Portable::Decimal(None),
    Portable::Decimal(Some(Digits { precision: 12, scale: 2 })),
    Portable::Char(3),
    Portable::VarChar(320),
    Portable::Bytes,
    Portable::Date,
    Portable::Time(None),
    Portable::Time(Some(3)),
    Portable::Timestamp(None),
    Portable::Timestamp(Some(0)),
    Portable::TimestampTz(None),
    Portable::TimestampTz(Some(6)),
    Portable::Interval,
    Portable::Uuid,
    Portable::Json,
];

/// The type of a kind of column. Where a profile can't have it, a text takes its place.
pub fn column_type(kind: u8, profile: Profile, enums: &[EnumType]) -> Type {
    if let Some(portable) = PORTABLE.get(usize::from(kind)) {
        if profile == Profile::Mysql && *portable == Portable::Interval {
            return Type::Portable(Portable::Text);
        }
        return Type::Portable(*portable);
    }
    let rest = usize::from(kind) - PORTABLE.len();
    let array = |element| Type::Array(Box::new(element));
    let enum_type = |index: usize| enums.get(index % enums.len().max(1)).map(|e| Type::Enum(e.name.clone()));
    let chosen = match (rest, profile) {
        (0..3, _) => enum_type(rest),
        (3, Profile::Any | Profile::Postgres) => Some(array(Type::Portable(Portable::Text))),
        (4, Profile::Any | Profile::Postgres) => Some(array(Type::Portable(Portable::Int))),
        (5, Profile::Any | Profile::Postgres) => enum_type(0).map(array),
        (6, Profile::Any) => Some(Type::Native("geometry(Polygon, 4326)".into())),
        (6, Profile::Postgres) => Some(Type::Native("inet".into())),
        (7, Profile::Any) => {
            Some(array(Type::Portable(Portable::Decimal(Some(Digits { precision: 8, scale: 3 })))))
        }
        (7, Profile::Postgres) => Some(Type::Native("tstzrange".into())),
        (3, Profile::Mysql) => Some(Type::Native("int unsigned".into())),
        (4, Profile::Mysql) => Some(Type::Native("mediumtext".into())),
        (5, Profile::Mysql) => Some(Type::Native("set('x','it''s')".into())),
        (6, Profile::Mysql) => Some(Type::Native("year".into())),
        (7, Profile::Mysql) => Some(Type::Native("varbinary(20)".into())),
        _ => None,
    };
    chosen.unwrap_or(Type::Portable(Portable::Text))
}

/// Whether a column of one kind can become one of the other with its rows, on every database: among numbers and
/// texts, whose values here all look like numbers, and among points in time.
pub fn is_castable(from: u8, to: u8) -> bool {
    let family = |kind: u8| match PORTABLE.get(usize::from(kind)) {
        Some(portable) if is_textual(*portable) || is_numeric(*portable) => Some(0),
        Some(Portable::Date | Portable::Timestamp(_) | Portable::TimestampTz(_)) => Some(1),
        Some(Portable::Time(_)) => Some(2),
        _ => None,
    };
    from == to || (family(from).is_some() && family(from) == family(to))
}

pub fn is_integer(ty: &Type) -> bool {
    matches!(ty, Type::Portable(Portable::SmallInt | Portable::Int | Portable::BigInt))
}

pub fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::Portable(Portable::Text | Portable::VarChar(_)))
}

/// Whether values of the type are compared as their table says.
pub fn is_textual(portable: Portable) -> bool {
    matches!(portable, Portable::Text | Portable::VarChar(_) | Portable::Char(_))
}

fn is_numeric(portable: Portable) -> bool {
    use Portable::{BigInt, Decimal, Double, Int, Real, SmallInt};
    matches!(portable, SmallInt | Int | BigInt | Real | Double | Decimal(_))
}

/// Whether values of the type can tell rows apart: more than a few of them, and comparable everywhere.
pub fn is_keyable(ty: &Type) -> bool {
    use Portable::{Date, Time, Timestamp, TimestampTz, Uuid};
    match ty {
        Type::Portable(Date | Time(_) | Timestamp(_) | TimestampTz(_) | Uuid) => true,
        Type::Portable(portable) => is_textual(*portable) || is_numeric(*portable),
        Type::Enum(_) | Type::Array(_) | Type::Native(_) => false,
    }
}

/// Whether a key takes whole values of the type: MySQL has room for so many bytes.
pub fn is_short(ty: &Type) -> bool {
    !matches!(ty, Type::Portable(Portable::Text | Portable::VarChar(21..)))
}

/// Whether values of the type have an order, so that a plain index takes them.
pub fn is_ordered(ty: &Type) -> bool {
    is_keyable(ty) || matches!(ty, Type::Portable(Portable::Bool | Portable::Interval) | Type::Enum(_))
}

/// The n-th value of a type; values below 1000 are valid, and those less than 28 apart differ where the type can
/// tell rows apart.
pub fn sample<'a>(
    ty: &Type,
    n: u16,
    profile: Profile,
    values_of: impl Fn(&ObjectName) -> Option<&'a EnumType>,
) -> Value {
    let text = |text: String| Value::Text(text.into());
    let (day, minute) = (1 + n % 28, n % 60);
    match ty {
        Type::Portable(Portable::Bool) => Value::Bool(n.is_multiple_of(2)),
        Type::Portable(Portable::Decimal(Some(_))) => Value::Number(format!("{n}.00").into()),
        Type::Portable(portable) if is_numeric(*portable) => Value::Number(n.to_string().into()),
        Type::Portable(portable) if is_textual(*portable) => text(n.to_string()),
        Type::Portable(Portable::Date) => text(format!("2026-01-{day:02}")),
        Type::Portable(Portable::Time(_)) => text(format!("10:{minute:02}:00")),
        Type::Portable(Portable::Timestamp(_)) => text(format!("2026-01-{day:02} 10:00:00")),
        Type::Portable(Portable::TimestampTz(_)) if profile == Profile::Mysql => {
            text(format!("2026-01-{day:02} 10:00:00"))
        }
        Type::Portable(Portable::TimestampTz(_)) => text(format!("2026-01-{day:02} 10:00:00+00")),
        Type::Portable(Portable::Interval) => text(format!("{n} days")),
        Type::Portable(Portable::Uuid) => text(format!("00000000-0000-4000-8000-{n:012}")),
        Type::Portable(Portable::Json) => text(format!("{{\"n\": {n}}}")),
        Type::Portable(_) => match profile {
            Profile::Sqlite | Profile::Mysql => Value::Sql(format!("x'{n:04x}'").into()),
            Profile::Any | Profile::Postgres => text(format!("\\x{n:04x}")),
        },
        Type::Enum(name) => values_of(name).map_or(Value::Null, |of| {
            let index = usize::from(n) % of.values.len();
            of.values.get(index).map_or(Value::Null, |value| Value::Text(value.clone()))
        }),
        Type::Array(_) => text("{}".to_owned()),
        Type::Native(native) => match &**native {
            "inet" => text(format!("10.0.0.{}", n % 256)),
            "int unsigned" => Value::Number(n.to_string().into()),
            "year" => Value::Number((2000 + n % 100).to_string().into()),
            "set('x','it''s')" => text("x,it's".to_owned()),
            "mediumtext" | "varbinary(20)" => text(n.to_string()),
            _ => text("empty".to_owned()),
        },
    }
}
