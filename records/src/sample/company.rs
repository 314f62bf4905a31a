//! Businesses and their licences.

use super::Sampler;
use super::data::business::{
    INDUSTRIES, Industry, LEGAL_FORMS, LIMITED, LegalForm, NAME_CHARACTERS, TRANSPORT,
};
use super::data::regions::{REGIONS, Region};
use super::document::{Document, count, money};
use crate::Date;

/// Forwarders and brokers that share the consignments among them.
const FORWARDERS: usize = 40;

/// A business.
#[derive(Clone)]
pub(super) struct Company {
    pub(super) credit_code: String,
    pub(super) name: String,
    form: &'static LegalForm,
    industry: &'static Industry,
    region: &'static Region,
    established: Date,
}

impl Sampler {
    /// Any business.
    pub(super) fn company(&mut self) -> Company {
        let form = self.random.weighted(LEGAL_FORMS, |form| form.weight);
        let industry = self.random.weighted(INDUSTRIES, |industry| industry.weight);
        let region = self.region();
        self.company_of(form, industry, region)
    }

    /// A company that imports goods through an airport of `region` (leading digits).
    pub(super) fn importer(&mut self, region: &str) -> Company {
        let industry = self.random.weighted(INDUSTRIES, |industry| match industry.section {
            "F" | "C" | "I" => industry.weight,
            _ => 0,
        });
        self.limited_company(industry, region)
    }

    /// One of a small number of companies that handle and declare the goods of others.
    pub(super) fn forwarder(&mut self, region: &str) -> Company {
        if self.forwarders.len() < FORWARDERS {
            let industry =
                INDUSTRIES.iter().find(|i| i.word == TRANSPORT).unwrap_or(&INDUSTRIES[0]);
            let company = self.limited_company(industry, region);
            self.forwarders.push(company.clone());
            return company;
        }
        let local: Vec<_> =
            self.forwarders.iter().filter(|company| company.is_in(region)).collect();
        let pool = if local.is_empty() { self.forwarders.iter().collect() } else { local };
        self.random.one(&pool).clone()
    }

    fn limited_company(&mut self, industry: &'static Industry, region: &str) -> Company {
        let form = LEGAL_FORMS.iter().find(|form| form.code == LIMITED).unwrap_or(&LEGAL_FORMS[0]);
        let region = self.region_in(region);
        self.company_of(form, industry, region)
    }

    /// One of the regions whose codes begin with `prefix`.
    pub(super) fn region_in(&mut self, prefix: &str) -> &'static Region {
        self.random.weighted(REGIONS, |region| {
            if region.code.starts_with(prefix) { region.weight } else { 0 }
        })
    }

    fn company_of(
        &mut self,
        form: &'static LegalForm,
        industry: &'static Industry,
        region: &'static Region,
    ) -> Company {
        let age = count(self.random.log_normal(6.0 * 365.0, 0.9));
        let oldest = Date::from_ymd(1992, 1, 1).unwrap_or(Date::MIN);
        let newest = self.today.plus_days(-30);
        let established = self
            .today
            .plus_days(-i64::try_from(age).unwrap_or(0))
            .clamp(oldest.min(newest), newest);
        let credit_code = self.credit_code(region, form.kind, established);
        let characters = self.random.number(2..=3);
        let word: String = (0..characters).map(|_| self.random.one(NAME_CHARACTERS)).collect();
        let city = region.city.trim_end_matches('市');
        let name = format!("{city}{word}{}{}", industry.word, form.ending);
        Company { credit_code, name, form, industry, region, established }
    }

    pub(super) fn business_licence(&mut self, company: &Company) -> Document {
        let representative = self.person(22..=70);
        // Capital is registered in round figures.
        let capital = count(self.random.log_normal(company.form.capital / 1.0e4, 1.2)) * 10_000;
        let status = self.random.pick(&[
            ("active", 930),
            ("dormant", 8),
            ("moved_out", 4),
            ("revoked", 18),
            ("deregistered", 40),
        ]);
        let valid_until = match self.random.pick(&[(0, 70), (10, 5), (20, 15), (30, 10)]) {
            0 => Date::MAX,
            years => company.established.plus_years(years),
        };
        let employees = match company.form.kind {
            '1' => count(self.random.log_normal(7.0, 1.4)),
            _ => u64::from(self.random.number(0..=4)),
        };
        let abnormal = self.random.chance(if status == "active" { 4.0 } else { 40.0 });
        let fields = vec![
            ("unified_social_credit_code", company.credit_code.clone()),
            ("name", company.name.clone()),
            ("company_type", company.form.code.to_owned()),
            ("legal_representative", representative.name.clone()),
            ("representative_identity_number", representative.identity_number),
            ("registered_capital", money(capital * 100)),
            ("currency", self.random.pick(&[("CNY", 97), ("USD", 3)]).to_owned()),
            ("established_on", company.established.to_string()),
            ("industry", company.industry.section.to_owned()),
            ("business_scope", company.industry.scope.to_owned()),
            ("region", company.region.code.to_owned()),
            ("address", self.address(company.region)),
            ("status", status.to_owned()),
            ("abnormal_listed", abnormal.to_string()),
            ("insured_employees", employees.to_string()),
            ("document_digest", self.random.digest()),
        ];
        Document { valid_from: company.established, valid_until, fields }
    }
}

impl Company {
    fn is_in(&self, region: &str) -> bool {
        self.region.code.starts_with(region)
    }
}
