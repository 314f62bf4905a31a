//! Identifying numbers: with their check digits, and none given out twice.

use super::Sampler;
use super::data::regions::Region;
use crate::Date;
use crate::check_digit::CheckDigit;

/// Characters of GB 32100 codes.
const CREDIT_CODE_CHARACTERS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Letters and digits of number plates: no I and no O.
const PLATE_CHARACTERS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Sex as the sequence number of an identity number tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sex {
    Male,
    Female,
}

impl Sampler {
    /// Resident identity number, GB 11643. The sequence is odd for men.
    pub(super) fn identity_number(&mut self, region: &Region, born: Date, sex: Sex) -> String {
        let birth = format!("{:04}{:02}{:02}", born.year(), born.month(), born.day());
        let parity = u32::from(sex == Sex::Male);
        self.random.unused(|random| {
            let sequence = 2 * random.number(0..=499) + parity;
            with_digit(CheckDigit::Gb11643, format!("{}{birth}{sequence:03}", region.code))
        })
    }

    /// Unified social credit code, GB 32100, of a business that the market regulator
    /// registered (`9`). Since the codes were introduced, organisation codes begin with MA.
    pub(super) fn credit_code(&mut self, region: &Region, kind: char, established: Date) -> String {
        let introduced = established.year() > 2015;
        self.random.unused(|random| {
            let body = match introduced {
                true => format!("MA{}", random.text(CREDIT_CODE_CHARACTERS, 6)),
                false => random.digits(8),
            };
            let organisation = organisation_code(&body);
            with_digit(CheckDigit::Gb32100, format!("9{kind}{}{organisation}", region.code))
        })
    }

    /// Air waybill number with the airline's prefix.
    pub(super) fn air_waybill_number(&mut self, prefix: &str) -> String {
        self.random
            .unused(|random| with_digit(CheckDigit::Awb, format!("{prefix}{}", random.digits(7))))
    }

    /// Freight container number, ISO 6346, of one of the large owners.
    pub(super) fn container_number(&mut self) -> String {
        let owner = self.random.pick(&[
            ("CSNU", 4),
            ("CCLU", 4),
            ("OOLU", 3),
            ("MSKU", 3),
            ("MEDU", 3),
            ("TCLU", 2),
            ("TGHU", 2),
            ("SEGU", 2),
        ]);
        let serial = self.random.digits(6);
        with_digit(CheckDigit::Iso6346, format!("{owner}{serial}"))
    }

    /// Number of a licence file: the region's first four digits and a serial of eight.
    pub(super) fn licence_number(&mut self, region: &Region) -> String {
        self.random.unused(|random| format!("{:.4}{}", region.code, random.digits(8)))
    }

    /// Number plate: nearly half of the vehicles run on electricity and have a longer one.
    pub(super) fn plate(&mut self, region: &Region) -> String {
        let city = self.random.text(b"ABCDE", 1);
        let tail = match self.random.chance(45.0) {
            true => format!("D{}", self.random.digits(5)),
            false => self.random.text(PLATE_CHARACTERS, 5),
        };
        format!("{}{city}{tail}", region.plate)
    }

    /// A serial number of `count` digits behind a text that says whose it is.
    pub(super) fn serial(&mut self, before: &str, count: usize) -> String {
        self.random.unused(|random| format!("{before}{}", random.digits(count)))
    }
}

/// The number with its check character. Every body made here has the scheme's shape; were one
/// wrong, it would stay without the character and the schema would refuse it.
fn with_digit(scheme: CheckDigit, body: String) -> String {
    scheme.append(&body).unwrap_or(body)
}

/// Organisation code, GB 11714: eight characters and a check character, modulo 11.
fn organisation_code(body: &str) -> String {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    // Letters count from 10 in base 36.
    let values = body.chars().map(|character| character.to_digit(36).unwrap_or(0));
    let sum: u32 = values.zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    let check = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        value => char::from_digit(value, 10).unwrap_or('0'),
    };
    format!("{body}{check}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organisation_codes_are_those_of_the_register() {
        assert_eq!(organisation_code("60003734"), "600037341");
        assert_eq!(organisation_code("D2143569"), "D2143569X");
    }
}
