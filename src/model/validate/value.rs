//! Literals: whether a column's type can hold them. Expressions and native types are for the database to judge, and so
//! are the many ways to write dates and times.

use super::column::foreign_value;
use crate::model::{Column, Digits, Portable, State, Type, Value};
use crate::name::DialectName;

/// Why a value can't be held, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// What to do: one imperative sentence.
    pub help: String,
}

/// Why a column of a state can't hold a value on every database; `None` when nothing is known against it.
#[must_use]
pub fn misfit(value: &Value, column: &Column, state: &State) -> Option<Misfit> {
    column.ty.values().find_map(|ty| {
        let Type::Enum(name) = ty else { return type_misfit(value, ty) };
        let of = state.enums.get(name)?;
        let message = foreign_value(value, of)?;
        Some(Misfit { message, help: format!("write one of `{}`", of.values.join("`, `")) })
    })
}

/// The defaults of a column beside the types that they are for: the common ones, and those of each database that
/// differs in one of them.
pub(super) fn defaults(column: &Column) -> Vec<(&Value, &Type)> {
    let Column { ty, default, .. } = column;
    let mut dialects: Vec<&DialectName> = ty.overrides.keys().chain(default.overrides.keys()).collect();
    dialects.sort_unstable();
    dialects.dedup();
    let common = default.common.as_ref().map(|value| (value, &ty.common));
    let own = dialects.into_iter().filter_map(|name| Some((default.get(name).as_ref()?, ty.get(name))));
    common.into_iter().chain(own).collect()
}

/// Why a type can't hold a value.
pub(super) fn type_misfit(value: &Value, ty: &Type) -> Option<Misfit> {
    match (ty, value) {
        (_, Value::Null | Value::Sql(_)) | (Type::Native(_) | Type::Enum(_), _) => None,
        (Type::Portable(portable), _) => portable_misfit(value, *portable),
        (Type::Array(_), Value::Text(_)) => None,
        (Type::Array(_), Value::Bool(_) | Value::Number(_)) => {
            Some(no(value, ty, "write an array as the database does: `\"{1,2}\"`"))
        }
    }
}

fn portable_misfit(value: &Value, portable: Portable) -> Option<Misfit> {
    let ty = Type::Portable(portable);
    let refuse = |help: &str| Some(no(value, &ty, help));
    match portable {
        Portable::Bool => match value {
            Value::Bool(_) => None,
            _ => refuse("write `#true` or `#false`"),
        },
        Portable::SmallInt => whole(value, &ty, 16),
        Portable::Int => whole(value, &ty, 32),
        Portable::BigInt => whole(value, &ty, 64),
        Portable::Decimal(digits) => decimal(value, &ty, digits),
        Portable::Real | Portable::Double => match text_of(value).map(|text| text.trim().parse::<f64>()) {
            Some(Ok(_)) => None,
            _ => refuse("write a number"),
        },
        Portable::Char(most) | Portable::VarChar(most) => {
            let length = text_of(value)?.chars().count();
            if u32::try_from(length).is_ok_and(|length| length <= most) {
                return None;
            }
            let message = format!("{} has {length} characters, and `{ty}` holds {most}", shown(value));
            Some(Misfit { message, help: "shorten the value, or make the type longer".to_owned() })
        }
        Portable::Text => None,
        Portable::Uuid => match value {
            Value::Text(text) if is_uuid(text) => None,
            _ => refuse("write it as `\"00000000-0000-0000-0000-000000000000\"`, or as SQL: `(sql)\"…\"`"),
        },
        Portable::Json => match value {
            Value::Text(text) if serde_json::from_str::<serde_json::Value>(text).is_ok() => None,
            _ => refuse("write JSON as a text: `\"{}\"`, or for a text in it `#\"\"a text\"\"#`"),
        },
        Portable::Bytes
        | Portable::Date
        | Portable::Time(_)
        | Portable::Timestamp(_)
        | Portable::TimestampTz(_)
        | Portable::Interval => match value {
            Value::Text(_) => None,
            _ => refuse("write it as a text, or as SQL: `(sql)\"…\"`"),
        },
    }
}

fn no(value: &Value, ty: &Type, help: &str) -> Misfit {
    Misfit { message: format!("{} is no value of the type `{ty}`", shown(value)), help: help.to_owned() }
}

/// The value as it stands in the schema.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "`#null`".to_owned(),
        Value::Bool(value) => format!("`#{value}`"),
        Value::Number(text) | Value::Text(text) | Value::Sql(text) => format!("`{text}`"),
    }
}

/// A number or a text; databases read a number from either.
fn text_of(value: &Value) -> Option<&str> {
    match value {
        Value::Number(text) | Value::Text(text) => Some(text),
        Value::Null | Value::Bool(_) | Value::Sql(_) => None,
    }
}

fn whole(value: &Value, ty: &Type, bits: u32) -> Option<Misfit> {
    let Some(number) = text_of(value).and_then(Figures::read) else {
        return Some(no(value, ty, "write a whole number"));
    };
    if number.behind > 0 {
        return Some(no(value, ty, "write a whole number, or make the type `decimal` or `double`"));
    }
    let limit = 1_i128 << (bits - 1);
    if number.value.is_some_and(|number| (-limit..limit).contains(&number)) {
        return None;
    }
    let message = format!("{} is out of the range of `{ty}`, {} to {}", shown(value), -limit, limit - 1);
    Some(Misfit { message, help: "write a smaller number, or make the type larger".to_owned() })
}

fn decimal(value: &Value, ty: &Type, digits: Option<Digits>) -> Option<Misfit> {
    let Some(number) = text_of(value).and_then(Figures::read) else {
        return Some(no(value, ty, "write a number"));
    };
    let Digits { precision, scale } = digits?;
    let whole = usize::from(precision.saturating_sub(scale));
    let (place, has, most) = match () {
        () if number.before > whole => ("in front of", number.before, whole),
        () if number.behind > usize::from(scale) => ("behind", number.behind, usize::from(scale)),
        () => return None,
    };
    let message = format!("{} has {has} digits {place} the point, and `{ty}` holds {most}", shown(value));
    Some(Misfit { message, help: "write fewer digits, or make the type larger".to_owned() })
}

/// The digits of a decimal number that count.
struct Figures {
    before: usize,
    behind: usize,
    /// The number, if it is whole and not beyond all columns.
    value: Option<i128>,
}

impl Figures {
    /// Reads `-12.50` or `1.5e3`; `None` if it is no such number.
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i16>().ok()?),
            None => (text, 0),
        };
        let unsigned = mantissa.strip_prefix(['-', '+']).unwrap_or(mantissa);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = format!("{whole}{fraction}");
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        // Where the point stands among the digits, which are taken without zeros at both ends.
        let leading = digits.len() - digits.trim_start_matches('0').len();
        let digits = digits.trim_start_matches('0').trim_end_matches('0');
        let point = whole.len() as i64 + i64::from(exponent) - leading as i64;
        if digits.is_empty() {
            return Some(Self { before: 0, behind: 0, value: Some(0) });
        }
        let before = usize::try_from(point).unwrap_or(0);
        let behind = usize::try_from(digits.len() as i64 - point).unwrap_or(0);
        let value = (behind == 0 && before < 39).then(|| format!("{digits:0<before$}").parse::<i128>().ok());
        let sign = if mantissa.starts_with('-') { -1 } else { 1 };
        Some(Self { before, behind, value: value.flatten().map(|value| sign * value) })
    }
}

/// Whether a text has the 32 digits of a UUID, in any of the groupings that are usual.
fn is_uuid(text: &str) -> bool {
    let inside = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text);
    let digits = inside.bytes().filter(|byte| *byte != b'-');
    digits.clone().all(|byte| byte.is_ascii_hexdigit()) && digits.count() == 32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(ty: Portable, value: &Value) -> Option<String> {
        type_misfit(value, &Type::Portable(ty)).map(|misfit| misfit.message)
    }

    fn number(text: &str) -> Value {
        Value::Number(text.into())
    }

    #[test]
    fn numbers_fit_by_their_worth_and_not_by_their_spelling() {
        let fits = ["32767", "-32768", "1e3", "0.0", "3.2767e4", "00012", "100e-2"];
        for text in fits {
            assert_eq!(says(Portable::SmallInt, &number(text)), None, "{text}");
        }
        for text in ["32768", "-32769", "1e5", "0.5", "1e400", "1e30000", "12345e-1"] {
            assert!(says(Portable::SmallInt, &number(text)).is_some(), "{text}");
        }
        assert_eq!(says(Portable::BigInt, &number("-9223372036854775808")), None);
        assert!(says(Portable::BigInt, &number("9223372036854775808")).is_some());
    }

    #[test]
    fn decimals_are_counted_on_both_sides_of_the_point() {
        let money = Portable::Decimal(Some(Digits { precision: 5, scale: 2 }));
        for text in ["999.99", "-0.01", "1.500", "1e2", "0", "99999e-2"] {
            assert_eq!(says(money, &number(text)), None, "{text}");
        }
        for text in ["1000", "0.001", "1e3", "1e-3", "abc", ""] {
            assert!(says(money, &Value::Text(text.into())).is_some(), "{text}");
        }
        assert_eq!(says(Portable::Decimal(None), &number("1e100")), None);
    }

    #[test]
    fn texts_are_counted_in_characters() {
        assert_eq!(says(Portable::VarChar(3), &Value::Text("äöü".into())), None);
        assert!(says(Portable::VarChar(3), &Value::Text("äöüß".into())).is_some());
    }

    #[test]
    fn what_only_a_database_can_judge_is_left_to_it() {
        for ty in [Portable::Date, Portable::Interval, Portable::Bytes, Portable::Text] {
            assert_eq!(says(ty, &Value::Text("tomorrow".into())), None);
            assert_eq!(says(ty, &Value::Sql("now()".into())), None);
        }
    }
}
