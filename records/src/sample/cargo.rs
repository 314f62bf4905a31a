//! Consignments that come in by air: what happens to them, day by day.

mod documents;

use super::Sampler;
use super::company::Company;
use super::data::aviation::{
    AIRPORTS, Airport, CARRIERS, Carrier, SHIPPERS, area_of_airport, area_of_country,
};
use super::data::goods::{GOODS, Goods, YUAN_PER_UNIT, currency_of};
use super::document::count;
use crate::Date;

/// Median customs value of a consignment, in yuan.
const MEDIAN_VALUE: f64 = 200_000.0;

/// A consignment.
pub(super) struct Shipment {
    air_waybill: String,
    declaration: String,
    carrier: &'static Carrier,
    flight: String,
    origin: &'static str,
    airport: &'static Airport,
    goods: &'static Goods,
    origin_country: &'static str,
    shipper: &'static str,
    consignee: Company,
    declarant: Company,
    operator: Company,
    pieces: u64,
    /// Gross weight, in tenths of a kilogram.
    weight: u64,
    invoice: Invoice,
    course: Course,
    days: Days,
}

/// What the goods cost.
struct Invoice {
    currency: &'static str,
    /// In hundredths of the currency's unit.
    declared: u64,
    /// In hundredths of a yuan (fen).
    customs_value: u64,
}

/// How things go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    Smooth,
    /// The count at arrival differs from the manifest; cleared all the same.
    Discrepancy,
    /// Released before payment, against a guarantee.
    Guaranteed,
    Unpaid,
    Rejected,
    Seized,
}

/// When things happen; nothing where they have not, by today.
struct Days {
    issued: Date,
    arrived: Date,
    received: Date,
    declared: Date,
    assessed: Date,
    inspected: bool,
    paid: Option<Date>,
    cleared: Option<Date>,
    delivered: Option<Date>,
}

impl Sampler {
    pub(super) fn shipment(&mut self) -> Shipment {
        let airport = self.random.weighted(AIRPORTS, |airport| airport.weight);
        let goods = self.random.weighted(GOODS, |goods| goods.weight);
        let origin_country = self.random.one(goods.origins);
        let area = area_of_country(origin_country);
        let from_area = |airport: &&str| area_of_airport(airport) == area;
        let carrier = self.random.weighted(CARRIERS, |carrier| {
            if carrier.origins.iter().any(from_area) { carrier.weight } else { 0 }
        });
        let origin = *self.random.weighted(carrier.origins, |code| u32::from(from_area(code)));
        let (shipper, _) = *self.random.weighted(SHIPPERS, |(_, of)| u32::from(*of == area));
        let course = self.random.pick(&[
            (Course::Smooth, 920),
            (Course::Discrepancy, 20),
            (Course::Guaranteed, 20),
            (Course::Unpaid, 25),
            (Course::Rejected, 10),
            (Course::Seized, 5),
        ]);
        let days = self.days(course, goods.is_taxed());
        let value = self.random.log_normal(MEDIAN_VALUE, 1.2);
        let weight = count((value / goods.value).clamp(0.5, 60_000.0) * 10.0);
        let pieces = count((weight as f64 / 10.0 / self.random.log_normal(15.0, 0.5)).ceil());
        let office = self.random.pick(&[("01", 3), ("33", 4), ("41", 3)]);
        let customs = &airport.customs[..2];
        let declaration = self.serial(&format!("{customs}{office}{:04}1", days.declared.year()), 9);
        Shipment {
            air_waybill: self.air_waybill_number(carrier.prefix),
            declaration,
            carrier,
            flight: format!("{}{}", carrier.code, self.random.number(100..=9999)),
            origin,
            airport,
            goods,
            origin_country,
            shipper,
            consignee: self.importer(airport.region),
            declarant: self.forwarder(airport.region),
            operator: self.forwarder(airport.region),
            pieces,
            weight,
            invoice: self.invoice(value, origin_country),
            course,
            days,
        }
    }

    fn invoice(&mut self, yuan: f64, country: &str) -> Invoice {
        let currency = if self.random.chance(55.0) { "USD" } else { currency_of(country) };
        let rate =
            YUAN_PER_UNIT.iter().find(|(code, _)| *code == currency).map_or(1.0, |(_, r)| *r);
        // Invoices are in whole units.
        let units = count(yuan / rate);
        Invoice {
            currency,
            declared: units * 100,
            customs_value: count(units as f64 * rate * 100.0),
        }
    }

    fn days(&mut self, course: Course, taxed: bool) -> Days {
        let today = self.today;
        let inspected = self.random.chance(7.0) || course == Course::Seized;
        let issued = self.random.date(today.plus_days(-330), today.plus_days(-16));
        let mut after =
            |date: Date, weights: &[(i64, u32)]| date.plus_days(self.random.pick(weights));
        let arrived = after(issued, &[(0, 10), (1, 45), (2, 30), (3, 15)]);
        let received = after(arrived, &[(0, 80), (1, 20)]);
        let declared = after(arrived, &[(0, 40), (1, 35), (2, 15), (4, 7), (9, 3)]);
        let assessed = after(declared, &[(0, 70), (1, 30)]);
        let paid = after(assessed, &[(0, 50), (1, 30), (2, 12), (5, 8)]);
        let ready = if taxed && course != Course::Guaranteed { paid } else { assessed };
        let cleared = match inspected {
            true => after(ready, &[(1, 50), (2, 30), (4, 20)]),
            false => after(ready, &[(0, 85), (1, 15)]),
        };
        let delivered = after(cleared.max(received), &[(0, 30), (1, 40), (2, 20), (4, 10)]);
        let happened = |date: Date, does: bool| Some(date).filter(|date| does && *date <= today);
        let released = !matches!(course, Course::Unpaid | Course::Rejected | Course::Seized);
        let pays = taxed && matches!(course, Course::Smooth | Course::Discrepancy);
        Days {
            issued,
            arrived,
            received,
            declared,
            assessed,
            inspected,
            paid: happened(paid, pays),
            cleared: happened(cleared, released),
            delivered: happened(delivered, released),
        }
    }
}

impl Goods {
    fn is_taxed(&self) -> bool {
        self.duty + self.consumption_tax + self.vat > 0
    }
}
