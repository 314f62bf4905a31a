//! The documents of the e-licence pilot that are about people.

use super::Person;
use crate::Date;
use crate::sample::Sampler;
use crate::sample::data::regions::Region;
use crate::sample::document::{Document, count};
use crate::sample::numbers::Sex;

/// Year in which today's identity cards replaced the first generation.
const SECOND_GENERATION: u32 = 2005;

impl Sampler {
    /// Cards run for 5 years below the age of 16, 10 to 25, 20 to 45, and for life beyond.
    pub(in crate::sample) fn resident_identity_card(&mut self, person: &Person) -> Document {
        let grown = person.born.plus_years(16);
        let second = Date::from_ymd(SECOND_GENERATION, 1, 1).unwrap_or(self.today);
        let mut valid_from = if grown > self.today {
            self.random.date(person.born, self.today)
        } else if grown < second {
            self.random.date(second, second.plus_years(7).min(self.today))
        } else {
            self.random.date(grown, grown.plus_years(1).min(self.today))
        };
        let mut issue_count = if person.born < second { 2 } else { 1 };
        let mut valid_until = card_expiry(person.born, valid_from);
        // Some two in a hundred forget to renew.
        while valid_until < self.today && !self.random.chance(2.0) {
            valid_from = valid_until.plus_days(-i64::from(self.random.number(0..=60)));
            valid_until = card_expiry(person.born, valid_from);
            issue_count += 1;
        }
        let status =
            self.random.pick(&[("valid", 970), ("lost", 20), ("replaced", 6), ("cancelled", 4)]);
        let household = self.random.pick(&[("family", 94), ("collective", 6)]);
        let fingerprint = valid_from.year() >= 2013;
        let fields = vec![
            ("identity_number", person.identity_number.clone()),
            ("name", person.name.clone()),
            ("sex", sex_code(person.sex)),
            ("ethnicity", person.ethnicity.to_owned()),
            ("birth_date", person.born.to_string()),
            ("region", person.region.code.to_owned()),
            ("address", person.address.clone()),
            ("household", household.to_owned()),
            ("issuing_authority", police_bureau(person.region)),
            ("issue_count", issue_count.to_string()),
            ("fingerprint_recorded", fingerprint.to_string()),
            ("status", status.to_owned()),
            ("photo_digest", self.random.digest()),
        ];
        Document { valid_from, valid_until, fields }
    }

    /// A first licence runs for 6 years, its renewal for 10, and the next for good. `person` is
    /// at least 18.
    pub(in crate::sample) fn driving_licence(&mut self, person: &Person) -> Document {
        let earliest =
            person.born.plus_years(18).max(Date::from_ymd(1985, 1, 1).unwrap_or(Date::MIN));
        let first_issued = self.later(earliest, 5.0 * 365.0, 0.8);
        let mut valid_from = first_issued;
        let mut valid_until = first_issued.plus_years(6);
        for years in [10, 9999] {
            if valid_until < self.today && !self.random.chance(3.0) {
                (valid_from, valid_until) = (valid_until, valid_until.plus_years(years));
            }
        }
        let points =
            self.random.pick(&[(0, 620), (1, 90), (3, 130), (6, 90), (9, 50), (11, 12), (12, 8)]);
        let status = match points {
            12.. => "points_exceeded",
            _ => self.random.pick(&[
                ("valid", 980),
                ("suspended", 9),
                ("use_stopped", 4),
                ("revoked", 3),
                ("cancelled", 4),
            ]),
        };
        let class = self.licence_class(person.born);
        let motorcycle = match class {
            "D" | "E" | "F" => "none",
            _ => self.random.pick(&[("none", 88), ("E", 7), ("D", 4), ("F", 1)]),
        };
        let fields = vec![
            ("licence_number", self.licence_number(person.region)),
            ("holder_name", person.name.clone()),
            ("identity_number", person.identity_number.clone()),
            ("sex", sex_code(person.sex)),
            ("birth_date", person.born.to_string()),
            ("nationality", "CHN".to_owned()),
            ("region", person.region.code.to_owned()),
            ("address", person.address.clone()),
            ("class", class.to_owned()),
            ("motorcycle_class", motorcycle.to_owned()),
            ("first_issued_on", first_issued.to_string()),
            ("issuing_authority", traffic_police(person.region)),
            ("status", status.to_owned()),
            ("demerit_points", points.to_string()),
            ("corrective_lenses", self.random.chance(38.0).to_string()),
            ("photo_digest", self.random.digest()),
        ];
        Document { valid_from, valid_until, fields }
    }

    /// Buses and lorries are for drivers from 22 to 63 years.
    fn licence_class(&mut self, born: Date) -> &'static str {
        const CLASSES: &[(&str, u32)] = &[
            ("C1", 6200),
            ("C2", 1800),
            ("B2", 520),
            ("A2", 420),
            ("E", 320),
            ("D", 180),
            ("A1", 130),
            ("B1", 90),
            ("C6", 60),
            ("F", 40),
            ("A3", 40),
            ("C5", 30),
            ("C3", 30),
            ("C4", 20),
            ("M", 20),
            ("N", 3),
            ("P", 3),
        ];
        let class = self.random.pick(CLASSES);
        let professional = class.starts_with(['A', 'B', 'N', 'P']);
        let age_fits = born.plus_years(22) <= self.today && self.today < born.plus_years(63);
        if professional && !age_fits { "C1" } else { class }
    }

    /// Whether somebody is or has been married.
    pub(in crate::sample) fn married(&mut self, person: &Person) -> bool {
        let older_than = |years| person.born.plus_years(years) <= self.today;
        let per_cent = match (older_than(24), older_than(30), older_than(40)) {
            (false, _, _) => return false,
            (true, false, _) => 40.0,
            (true, true, false) => 80.0,
            (true, true, true) => 94.0,
        };
        self.random.chance(per_cent)
    }

    /// The certificate that `person`, who is at least 24, holds of a marriage.
    pub(in crate::sample) fn marriage_certificate(&mut self, person: &Person) -> Document {
        let spouse_sex = if person.sex == Sex::Male { Sex::Female } else { Sex::Male };
        let youngest = self.today.plus_years(-23);
        let (older, younger) = if spouse_sex == Sex::Male { (7, 2) } else { (2, 7) };
        let spouse_born = self
            .random
            .date(person.born.plus_years(-older), person.born.plus_years(younger).min(youngest));
        let spouse = self.person_born(spouse_born, spouse_sex);
        let of_age =
            |person: &Person| person.born.plus_years(if person.sex == Sex::Male { 22 } else { 20 });
        let earliest = of_age(person).max(of_age(&spouse));
        let registered = self.later(earliest, 4.0 * 365.0, 0.7);
        let region = person.region;
        let prefix = format!("J{}-{:04}-", region.code, registered.year());
        let old = person.born.plus_years(65) < self.today;
        let status = self.random.pick(&[
            ("married", 850),
            ("divorced", 110),
            ("widowed", if old { 140 } else { 10 }),
            ("annulled", 1),
        ]);
        let fields = vec![
            ("certificate_number", self.serial(&prefix, 6)),
            ("holder_name", person.name.clone()),
            ("identity_number", person.identity_number.clone()),
            ("sex", sex_code(person.sex)),
            ("birth_date", person.born.to_string()),
            ("nationality", "CHN".to_owned()),
            ("spouse_name", spouse.name),
            ("spouse_identity_number", spouse.identity_number),
            ("spouse_birth_date", spouse.born.to_string()),
            ("spouse_nationality", "CHN".to_owned()),
            ("registered_on", registered.to_string()),
            (
                "registration_authority",
                format!("{}{}民政局婚姻登记处", region.city, region.district),
            ),
            ("region", region.code.to_owned()),
            ("status", status.to_owned()),
            ("photo_digest", self.random.digest()),
        ];
        Document { valid_from: registered, valid_until: Date::MAX, fields }
    }

    /// A day from `date` to today: a log-normal number of days later, or any where that would
    /// be in the future.
    fn later(&mut self, date: Date, median_days: f64, sigma: f64) -> Date {
        let days = count(self.random.log_normal(median_days, sigma));
        let later = date.plus_days(i64::try_from(days).unwrap_or(0));
        if later <= self.today { later } else { self.random.date(date, self.today) }
    }
}

fn sex_code(sex: Sex) -> String {
    match sex {
        Sex::Male => "1".to_owned(),
        Sex::Female => "2".to_owned(),
    }
}

fn card_expiry(born: Date, issued: Date) -> Date {
    for (age, years) in [(16, 5), (26, 10), (46, 20)] {
        if issued < born.plus_years(age) {
            return issued.plus_years(years);
        }
    }
    Date::MAX
}

/// The police of a county-level city, or the district's branch of its city's.
fn police_bureau(region: &Region) -> String {
    let Region { city, district, .. } = region;
    match district.strip_suffix("新区").or_else(|| district.strip_suffix("区")) {
        Some(stem) => format!("{city}公安局{stem}分局"),
        None => format!("{district}公安局"),
    }
}

fn traffic_police(region: &Region) -> String {
    let rank = if region.city == region.province { "总队" } else { "支队" };
    format!("{}公安局交通警察{rank}", region.city)
}
