//! Airlines, airports and exporters of air cargo to China.

/// A part of the world from which goods come. Goods, exporter and airport of departure of one
/// consignment are all of one area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sample) enum Area {
    NorthAsia,
    SouthAsia,
    Europe,
    Africa,
    Americas,
    Oceania,
}

/// Area of a country (ISO 3166-1 alpha-3).
pub(in crate::sample) fn area_of_country(country: &str) -> Area {
    match country {
        "JPN" | "KOR" | "TWN" => Area::NorthAsia,
        "VNM" | "THA" | "MYS" | "IDN" | "IND" => Area::SouthAsia,
        "ZAF" | "ETH" => Area::Africa,
        "USA" | "CAN" | "MEX" | "BRA" | "CHL" => Area::Americas,
        "AUS" | "NZL" => Area::Oceania,
        _ => Area::Europe,
    }
}

/// Area whose goods an airport abroad (IATA code) sends to China.
pub(in crate::sample) fn area_of_airport(airport: &str) -> Area {
    match airport {
        "HKG" | "TPE" | "NRT" | "KIX" | "ICN" => Area::NorthAsia,
        "SIN" | "BKK" | "KUL" | "SGN" | "DEL" => Area::SouthAsia,
        "ADD" | "DXB" => Area::Africa,
        "ANC" | "LAX" | "ORD" | "JFK" | "SCL" => Area::Americas,
        "SYD" => Area::Oceania,
        _ => Area::Europe,
    }
}

/// Companies abroad that ship goods. The names are made up.
pub(in crate::sample) const SHIPPERS: &[(&str, Area)] = &[
    ("Kanto Denshi Co., Ltd.", Area::NorthAsia),
    ("Hanbit Display Co., Ltd.", Area::NorthAsia),
    ("Taoyuan Microsystems Inc.", Area::NorthAsia),
    ("Lumina Semiconductors Pte. Ltd.", Area::SouthAsia),
    ("Siam Components Co., Ltd.", Area::SouthAsia),
    ("Saigon Precision Assembly JSC", Area::SouthAsia),
    ("Rheintal Präzision GmbH", Area::Europe),
    ("Atelier Morand SAS", Area::Europe),
    ("Officine Bertelli S.p.A.", Area::Europe),
    ("Oranje Bloemen B.V.", Area::Europe),
    ("Helvetia Chrono SA", Area::Europe),
    ("Clyde Instruments Ltd", Area::Europe),
    ("Rift Valley Blooms PLC", Area::Africa),
    ("Cape Orchard Exports (Pty) Ltd", Area::Africa),
    ("Bay Ridge Medical, Inc.", Area::Americas),
    ("Great Lakes Avionics LLC", Area::Americas),
    ("Valle Verde Frutas SpA", Area::Americas),
    ("Fundy Shore Lobster Inc.", Area::Americas),
    ("Southern Cross Produce Pty Ltd", Area::Oceania),
    ("Kauri Bay Meats Limited", Area::Oceania),
];

/// An airline: IATA code, prefix of its air waybills, where its cargo to China comes from.
pub(in crate::sample) struct Carrier {
    pub(in crate::sample) code: &'static str,
    pub(in crate::sample) prefix: &'static str,
    pub(in crate::sample) origins: &'static [&'static str],
    pub(in crate::sample) weight: u32,
}

const fn carrier(
    code: &'static str,
    prefix: &'static str,
    origins: &'static [&'static str],
    weight: u32,
) -> Carrier {
    Carrier { code, prefix, origins, weight }
}

pub(in crate::sample) const CARRIERS: &[Carrier] = &[
    carrier("CA", "999", &["FRA", "LAX", "JFK", "NRT", "LHR", "CDG", "SYD"], 20),
    carrier("CZ", "784", &["AMS", "LAX", "FRA", "SYD", "SGN", "BKK"], 16),
    carrier("CK", "112", &["ORD", "LAX", "AMS", "FRA", "NRT", "SCL"], 12),
    carrier("MU", "781", &["CDG", "NRT", "ICN", "BKK", "SIN"], 8),
    carrier("HU", "880", &["SVO", "KIX", "BKK"], 3),
    carrier("O3", "921", &["LGG", "SIN", "DEL", "KUL", "ANC"], 7),
    carrier("CX", "160", &["HKG"], 6),
    carrier("CI", "297", &["TPE"], 3),
    carrier("KE", "180", &["ICN"], 5),
    carrier("NH", "205", &["NRT", "KIX"], 4),
    carrier("SQ", "618", &["SIN"], 4),
    carrier("EK", "176", &["DXB"], 4),
    carrier("QR", "157", &["DOH"], 4),
    carrier("TK", "235", &["IST"], 4),
    carrier("LH", "020", &["FRA"], 5),
    carrier("CV", "172", &["LUX", "MXP"], 6),
    carrier("KL", "074", &["AMS"], 2),
    carrier("AF", "057", &["CDG"], 2),
    carrier("BA", "125", &["LHR"], 1),
    carrier("FX", "023", &["ANC", "KIX"], 5),
    carrier("5X", "406", &["ANC", "ICN"], 5),
    carrier("ET", "071", &["ADD"], 3),
];

/// An airport in China: IATA code, customs district, how districts of its city begin in
/// GB/T 2260, and its share of imports.
pub(in crate::sample) struct Airport {
    pub(in crate::sample) code: &'static str,
    pub(in crate::sample) customs: &'static str,
    pub(in crate::sample) region: &'static str,
    pub(in crate::sample) weight: u32,
}

const fn airport(
    code: &'static str,
    customs: &'static str,
    region: &'static str,
    weight: u32,
) -> Airport {
    Airport { code, customs, region, weight }
}

pub(in crate::sample) const AIRPORTS: &[Airport] = &[
    airport("PVG", "2200", "31", 40),
    airport("PEK", "0100", "11", 15),
    airport("PKX", "0100", "11", 3),
    airport("CAN", "5100", "4401", 14),
    airport("SZX", "5300", "4403", 10),
    airport("CGO", "4600", "4101", 7),
    airport("HGH", "2900", "3301", 4),
    airport("NKG", "2300", "3201", 3),
    airport("TSN", "0200", "12", 3),
    airport("XMN", "3700", "3502", 3),
    airport("TAO", "4200", "3702", 3),
    airport("EHU", "4700", "42", 5),
    airport("CTU", "7900", "5101", 5),
    airport("TFU", "7900", "5101", 2),
    airport("CKG", "8000", "50", 4),
    airport("KMG", "8600", "5301", 2),
    airport("XIY", "9000", "6101", 3),
];
