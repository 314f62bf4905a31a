//! The documents of a consignment. Each is kept for as long as claims about it can be made: a
//! waybill for two years (Montreal Convention, article 35), a declaration and its taxes for
//! three (customs law), records of arrival and handling for one.

use super::{Airport, Course, Shipment};
use crate::Date;
use crate::sample::Sampler;
use crate::sample::document::{Document, count, kilograms, money};

impl Shipment {
    pub(in crate::sample) fn air_waybill(&self, sampler: &mut Sampler) -> Document {
        let volume = count(self.weight as f64 * sampler.random.log_normal(0.85, 0.4));
        let chargeable = self.weight.max(volume);
        let charge = count(chargeable as f64 * sampler.random.log_normal(4.5, 0.3) * 10.0);
        let fields = vec![
            ("air_waybill", self.air_waybill.clone()),
            ("carrier", self.carrier.code.to_owned()),
            ("shipper_name", self.shipper.to_owned()),
            ("consignee_name", self.consignee.name.clone()),
            ("consignee_uscc", self.consignee.credit_code.clone()),
            ("origin_airport", self.origin.to_owned()),
            ("destination_airport", self.airport.code.to_owned()),
            ("issued_on", self.days.issued.to_string()),
            ("pieces", self.pieces.to_string()),
            ("gross_weight", kilograms(self.weight)),
            ("chargeable_weight", kilograms(chargeable)),
            ("goods_description", self.goods.name.to_owned()),
            ("special_handling", self.goods.handling.to_owned()),
            ("freight_charge", money(charge)),
            ("currency", "USD".to_owned()),
            ("document_digest", sampler.random.digest()),
        ];
        lasting(self.days.issued, 2, fields)
    }

    pub(in crate::sample) fn port_arrival(&self, sampler: &mut Sampler) -> Document {
        let Airport { code, customs, .. } = self.airport;
        let arrived = self.days.arrived;
        let device = sampler.random.pick(&[("PMC", 5), ("AKE", 4), ("PAG", 3), ("AMA", 1)]);
        let status = if self.course == Course::Discrepancy { "discrepancy" } else { "arrived" };
        let fields = vec![
            ("arrival_number", sampler.serial(&format!("{code}-{}-", compact(arrived)), 6)),
            ("air_waybill", self.air_waybill.clone()),
            ("transport_mode", "5".to_owned()),
            ("carrier", self.carrier.code.to_owned()),
            ("flight_number", self.flight.clone()),
            ("origin_airport", self.origin.to_owned()),
            ("arrival_airport", (*code).to_owned()),
            ("customs_district", (*customs).to_owned()),
            ("arrived_on", arrived.to_string()),
            ("pieces", self.pieces_at_arrival().to_string()),
            ("gross_weight", kilograms(self.weight)),
            ("arrival_status", status.to_owned()),
            ("dangerous_goods", (self.goods.handling == "RMD").to_string()),
            (
                "unit_load_device",
                format!("{device}{}{}", sampler.random.digits(5), self.carrier.code),
            ),
            ("manifest_digest", sampler.random.digest()),
        ];
        lasting(arrived, 1, fields)
    }

    pub(in crate::sample) fn logistics_handling(&self, sampler: &mut Sampler) -> Document {
        let code = self.airport.code;
        let received = self.days.received;
        let status = match (self.course, self.days.delivered) {
            (_, Some(_)) => "delivered",
            (Course::Seized, None) => "held",
            (_, None) => "received",
        };
        let screening = sampler.random.pick(&[("passed", 985), ("rescreened", 15)]);
        let (controlled, lowest) = match self.goods.handling {
            "PER" | "AVI" => (true, sampler.random.integer(0..=6)),
            "PIL" => (true, sampler.random.integer(2..=6)),
            "COL" => (true, sampler.random.integer(-2..=3)),
            _ => (false, sampler.random.integer(-8..=27)),
        };
        let plate_region = sampler.region_in(self.airport.region);
        let fee = count(self.weight as f64 * sampler.random.log_normal(8.0, 0.3)).max(3_000);
        let fields = vec![
            ("handling_number", sampler.serial(&format!("{code}-LH-{}-", compact(received)), 6)),
            ("air_waybill", self.air_waybill.clone()),
            ("operator_uscc", self.operator.credit_code.clone()),
            (
                "warehouse",
                format!(
                    "{code}-W{}-{:02}",
                    sampler.random.number(1..=6),
                    sampler.random.number(1..=60)
                ),
            ),
            ("container_number", sampler.container_number()),
            ("pieces", self.pieces_at_arrival().to_string()),
            ("gross_weight", kilograms(self.weight)),
            ("received_on", received.to_string()),
            ("delivered_on", or_not_yet(self.days.delivered)),
            ("handling_status", status.to_owned()),
            ("screening_result", screening.to_owned()),
            ("temperature_controlled", controlled.to_string()),
            ("lowest_temperature", lowest.to_string()),
            ("vehicle_plate", sampler.plate(plate_region)),
            ("handling_fee", money(fee)),
            ("receipt_digest", sampler.random.digest()),
        ];
        lasting(received, 1, fields)
    }

    pub(in crate::sample) fn customs_declaration(&self, sampler: &mut Sampler) -> Document {
        let status = match (self.course, self.days.cleared) {
            (_, Some(_)) => "released",
            (Course::Rejected, None) => "rejected",
            (Course::Seized, None) => "seized",
            (_, None) if self.days.inspected => "under_inspection",
            (_, None) => "under_review",
        };
        let trade_mode = sampler.random.pick(&[
            ("0110", 80),
            ("0615", 10),
            ("0214", 4),
            ("2600", 2),
            ("3010", 2),
            ("3100", 2),
        ]);
        let fields = vec![
            ("declaration_number", self.declaration.clone()),
            ("air_waybill", self.air_waybill.clone()),
            ("direction", "import".to_owned()),
            ("customs_district", self.airport.customs.to_owned()),
            ("trade_mode", trade_mode.to_owned()),
            ("consignee_uscc", self.consignee.credit_code.clone()),
            ("declarant_uscc", self.declarant.credit_code.clone()),
            ("hs_code", self.goods.hs_code.to_owned()),
            ("goods_description", self.goods.name.to_owned()),
            ("origin_country", self.origin_country.to_owned()),
            ("declared_value", money(self.invoice.declared)),
            ("currency", self.invoice.currency.to_owned()),
            ("declared_on", self.days.declared.to_string()),
            ("clearance_status", status.to_owned()),
            ("cleared_on", or_not_yet(self.days.cleared)),
            ("inspected", self.days.inspected.to_string()),
        ];
        lasting(self.days.declared, 3, fields)
    }

    pub(in crate::sample) fn tax_payment(&self, sampler: &mut Sampler) -> Document {
        let due = self.days.assessed.plus_days(15);
        let status = match (self.days.paid, self.course) {
            _ if !self.goods.is_taxed() => "exempt",
            (Some(_), _) => "paid",
            (None, Course::Guaranteed) => "guaranteed",
            (None, _) if due < sampler.today => "overdue",
            (None, _) => "assessed",
        };
        let method = match self.days.paid {
            Some(_) => {
                sampler.random.pick(&[("electronic", 80), ("consolidated", 17), ("counter", 3)])
            }
            None => "none",
        };
        let taxes = if self.days.paid.is_some() { self.taxes() } else { Taxes::default() };
        let fields = vec![
            ("payment_number", format!("{}-A01", self.declaration)),
            ("declaration_number", self.declaration.clone()),
            ("air_waybill", self.air_waybill.clone()),
            ("taxpayer_uscc", self.consignee.credit_code.clone()),
            ("taxpayer_name", self.consignee.name.clone()),
            ("customs_value", money(self.invoice.customs_value)),
            ("duty_rate", money(self.goods.duty)),
            ("duty_paid", money(taxes.duty)),
            ("consumption_tax_paid", money(taxes.consumption)),
            ("vat_paid", money(taxes.vat)),
            ("status", status.to_owned()),
            ("assessed_on", self.days.assessed.to_string()),
            ("due_on", due.to_string()),
            ("paid_on", or_not_yet(self.days.paid)),
            ("payment_method", method.to_owned()),
            ("receipt_digest", sampler.random.digest()),
        ];
        lasting(self.days.assessed, 3, fields)
    }

    /// One piece is missing where the count differs from the manifest.
    fn pieces_at_arrival(&self) -> u64 {
        match self.course {
            Course::Discrepancy if self.pieces > 1 => self.pieces - 1,
            Course::Discrepancy => self.pieces + 1,
            _ => self.pieces,
        }
    }

    /// Duty on the customs value; consumption tax on a price that has it in; value-added tax on
    /// all of it.
    fn taxes(&self) -> Taxes {
        let value = self.invoice.customs_value;
        let goods = self.goods;
        let duty = share(value, goods.duty, PER_CENT_SQUARED);
        let consumption =
            share(value + duty, goods.consumption_tax, PER_CENT_SQUARED - goods.consumption_tax);
        let vat = share(value + duty + consumption, goods.vat, PER_CENT_SQUARED);
        Taxes { duty, consumption, vat }
    }
}

/// Taxes in hundredths of a yuan.
#[derive(Default)]
struct Taxes {
    duty: u64,
    consumption: u64,
    vat: u64,
}

/// Rates are hundredths of a per cent.
const PER_CENT_SQUARED: u64 = 10_000;

/// `amount` times `rate` / `whole`, to the nearest.
fn share(amount: u64, rate: u64, whole: u64) -> u64 {
    (amount * rate + whole / 2) / whole
}

fn lasting(valid_from: Date, years: i64, fields: Vec<(&'static str, String)>) -> Document {
    Document { valid_from, valid_until: valid_from.plus_years(years), fields }
}

/// A day, or the last day of all where it has not come.
fn or_not_yet(date: Option<Date>) -> String {
    date.unwrap_or(Date::MAX).to_string()
}

/// YYYYMMDD.
fn compact(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}
