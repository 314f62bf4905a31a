//! Calendar dates of the proleptic Gregorian calendar.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use time::{Date as Civil, Month};

/// Julian day number of 0001-01-01.
const JULIAN_DAY_OF_YEAR_ONE: i32 = 1_721_426;

/// A day from 0001-01-01 to 9999-12-31. Encoded as the number of days since 0001-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(u32);

/// Why a text is no date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DateError {
    /// The text does not have the form YYYY-MM-DD.
    #[error("a date is not of the form YYYY-MM-DD")]
    Form,
    /// The calendar has no such day.
    #[error("the date does not exist in the calendar")]
    Nonexistent,
}

impl Date {
    /// 0001-01-01.
    pub const MIN: Self = Self(0);

    /// 9999-12-31: the end of a validity without end.
    pub const MAX: Self = Self(3_652_058);

    /// The date of a year (1 to 9999), month (1 to 12) and day.
    ///
    /// # Errors
    /// [`DateError::Nonexistent`] where the calendar has no such day.
    pub fn from_ymd(year: u32, month: u8, day: u8) -> Result<Self, DateError> {
        let year = i32::try_from(year)
            .ok()
            .filter(|year| (1..=9999).contains(year))
            .ok_or(DateError::Nonexistent)?;
        let month = Month::try_from(month).map_err(|_| DateError::Nonexistent)?;
        let civil =
            Civil::from_calendar_date(year, month, day).map_err(|_| DateError::Nonexistent)?;
        Ok(Self::from_civil(civil))
    }

    /// The date that lies `days` days after 0001-01-01, if it is before the year 10000.
    pub fn from_days(days: u64) -> Option<Self> {
        let days = u32::try_from(days).ok()?;
        (days <= Self::MAX.0).then_some(Self(days))
    }

    /// The date, in UTC, of a time in seconds since 1970-01-01T00:00:00Z; the last date of all
    /// for times beyond it.
    pub fn from_unix_seconds(seconds: u64) -> Self {
        const DAYS_TO_1970: u64 = 719_162;
        Self::from_days(DAYS_TO_1970.saturating_add(seconds / 86_400)).unwrap_or(Self::MAX)
    }

    /// Parses YYYY-MM-DD.
    ///
    /// # Errors
    /// [`DateError`] for another form or a day that does not exist.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let bytes = text.as_bytes();
        let shape = bytes.len() == 10
            && bytes.iter().enumerate().all(|(i, byte)| match i {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shape {
            return Err(DateError::Form);
        }
        let number = |part: &str| part.parse::<u32>().map_err(|_| DateError::Form);
        let (year, month, day) = (number(&text[..4])?, number(&text[5..7])?, number(&text[8..])?);
        let small = |n: u32| u8::try_from(n).map_err(|_| DateError::Nonexistent);
        Self::from_ymd(year, small(month)?, small(day)?)
    }

    /// Days since 0001-01-01.
    pub fn days(self) -> u64 {
        u64::from(self.0)
    }

    /// Year, 1 to 9999.
    pub fn year(self) -> u32 {
        self.civil().year().unsigned_abs()
    }

    /// Month, 1 to 12.
    pub fn month(self) -> u8 {
        u8::from(self.civil().month())
    }

    /// Day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.civil().day()
    }

    /// The date `days` days later (earlier where negative), kept within the calendar.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        let moved = i64::from(self.0).saturating_add(days);
        let kept = moved.clamp(0, i64::from(Self::MAX.0));
        Self(u32::try_from(kept).unwrap_or(0))
    }

    /// The same day `months` months later (earlier where negative), kept within the calendar.
    /// A day that the month does not have becomes its last: 31 January + 1 month is 28 or 29
    /// February.
    #[must_use]
    pub fn plus_months(self, months: i64) -> Self {
        let index = i64::from(self.year()) * 12 + i64::from(self.month()) - 1;
        let moved = index.saturating_add(months);
        if moved < 12 {
            return Self::MIN;
        }
        let (year, month) = (moved / 12, moved % 12 + 1);
        if year > 9999 {
            return Self::MAX;
        }
        let (year, month) =
            (u32::try_from(year).unwrap_or(9999), u8::try_from(month).unwrap_or(12));
        (0..=3)
            .find_map(|back| Self::from_ymd(year, month, self.day().saturating_sub(back)).ok())
            .unwrap_or(self)
    }

    /// The same day `years` years later (earlier where negative); 29 February becomes the 28th
    /// where the year has none.
    #[must_use]
    pub fn plus_years(self, years: i64) -> Self {
        self.plus_months(years.saturating_mul(12))
    }

    fn from_civil(civil: Civil) -> Self {
        let days = civil.to_julian_day() - JULIAN_DAY_OF_YEAR_ONE;
        Self(u32::try_from(days).unwrap_or(0))
    }

    fn civil(self) -> Civil {
        // `self.0` is at most 3,652,058, so the sum fits and the day exists.
        let julian = JULIAN_DAY_OF_YEAR_ONE + i32::try_from(self.0).unwrap_or(0);
        Civil::from_julian_day(julian).unwrap_or(Civil::MIN)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        Self::parse(text)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_from_year_one() {
        assert_eq!(Date::parse("0001-01-01").unwrap(), Date::MIN);
        assert_eq!(Date::parse("0001-01-02").unwrap().days(), 1);
        assert_eq!(Date::parse("9999-12-31").unwrap(), Date::MAX);
        assert_eq!(Date::parse("1970-01-01").unwrap(), Date::from_unix_seconds(86_399));
        assert_eq!(Date::from_unix_seconds(u64::MAX), Date::MAX);
    }

    #[test]
    fn refuses_what_is_no_date() {
        for text in ["2023-02-29", "2023-13-01", "2023-00-10", "0000-01-01", "2023-04-31"] {
            assert_eq!(Date::parse(text), Err(DateError::Nonexistent), "{text}");
        }
        for text in ["", "2023-1-01", "2023/01/01", "20230101", "2023-01-0x", "二〇二三年-1"] {
            assert_eq!(Date::parse(text), Err(DateError::Form), "{text}");
        }
    }

    #[test]
    fn years_and_months_keep_to_the_calendar() {
        let leap = Date::parse("2024-02-29").unwrap();
        assert_eq!(leap.plus_years(-1).to_string(), "2023-02-28");
        assert_eq!(leap.plus_years(4).to_string(), "2028-02-29");
        assert_eq!(Date::parse("2026-01-31").unwrap().plus_months(1).to_string(), "2026-02-28");
        assert_eq!(Date::MIN.plus_days(-1), Date::MIN);
        assert_eq!(Date::MIN.plus_years(-1), Date::MIN);
        assert_eq!(Date::MAX.plus_years(1), Date::MAX);
    }

    proptest! {
        #[test]
        fn text_and_days_are_one(days in 0u64..=3_652_058) {
            let date = Date::from_days(days).unwrap();
            prop_assert_eq!(Date::parse(&date.to_string()).unwrap(), date);
            prop_assert_eq!(date.days(), days);
        }

        #[test]
        fn never_panics(text in ".{0,12}") {
            let _ = Date::parse(&text);
        }
    }
}
