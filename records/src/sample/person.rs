//! People.

mod documents;

use std::ops::RangeInclusive;

use super::Sampler;
use super::data::names::{MEN, STREETS, SURNAMES, TURKIC_MEN, TURKIC_WOMEN, WOMEN};
use super::data::population::{AGE_GROUP, AGES, ETHNICITIES, KAZAK, UYGUR};
use super::data::regions::{REGIONS, Region};
use super::numbers::Sex;
use crate::Date;

/// Identity numbers were first given out in the middle of the 1980s, to everybody then alive:
/// old people's numbers carry the regions of that time.
const FIRST_NUMBERS: u32 = 1990;

/// Somebody.
pub(super) struct Person {
    pub(super) identity_number: String,
    pub(super) name: String,
    pub(super) sex: Sex,
    pub(super) born: Date,
    ethnicity: &'static str,
    /// Where the person is registered now.
    region: &'static Region,
    address: String,
}

impl Sampler {
    /// Somebody of an age in full years within `ages`, which has years below 100 in it.
    pub(super) fn person(&mut self, ages: RangeInclusive<u32>) -> Person {
        let weights: Vec<(u32, u32)> =
            ages.filter_map(|age| Some((age, *AGES.get((age / AGE_GROUP) as usize)?))).collect();
        let age = i64::from(self.random.pick(&weights));
        let last = self.today.plus_years(-age);
        let born = self.random.date(last.plus_years(-1).plus_days(1), last);
        let sex = if self.random.chance(51.2) { Sex::Male } else { Sex::Female };
        self.person_born(born, sex)
    }

    fn person_born(&mut self, born: Date, sex: Sex) -> Person {
        let region = self.region();
        let numbered = born.year().max(FIRST_NUMBERS);
        let birthplace = match self.random.chance(75.0) && region.since <= numbered {
            true => region,
            false => self
                .random
                .weighted(REGIONS, |old| if old.since <= numbered { old.weight } else { 0 }),
        };
        let identity_number = self.identity_number(birthplace, born, sex);
        let ethnicity = self.random.pick(ETHNICITIES);
        let name = self.name(sex, ethnicity);
        let address = self.address(region);
        Person { identity_number, name, sex, born, ethnicity, region, address }
    }

    pub(super) fn region(&mut self) -> &'static Region {
        self.random.weighted(REGIONS, |region| region.weight)
    }

    pub(super) fn address(&mut self, region: &Region) -> String {
        let street = self.random.one(STREETS);
        let (number, building) = (self.random.number(1..=399), self.random.number(1..=28));
        let (floor, flat) = (self.random.number(1..=26), self.random.number(1..=4));
        let city = if region.city == region.province {
            region.city.to_owned()
        } else {
            format!("{}{}", region.province, region.city)
        };
        format!("{city}{}{street}{number}号{building}号楼{floor}{flat:02}室", region.district)
    }

    fn name(&mut self, sex: Sex, ethnicity: &str) -> String {
        if ethnicity == UYGUR || ethnicity == KAZAK {
            let given = self.random.one(if sex == Sex::Male { TURKIC_MEN } else { TURKIC_WOMEN });
            return format!("{given}·{}", self.random.one(TURKIC_MEN));
        }
        let characters = if sex == Sex::Male { MEN } else { WOMEN };
        let mut name = self.random.pick(SURNAMES).to_owned();
        name.push_str(self.random.one(characters));
        if self.random.chance(84.0) {
            name.push_str(self.random.one(characters));
        }
        name
    }
}
