//! Goods that come by air.

/// A kind of goods. Rates in hundredths of a per cent.
pub(in crate::sample) struct Goods {
    /// Ten-digit commodity code.
    pub(in crate::sample) hs_code: &'static str,
    pub(in crate::sample) name: &'static str,
    /// IATA special handling code.
    pub(in crate::sample) handling: &'static str,
    pub(in crate::sample) origins: &'static [&'static str],
    /// Median value in yuan per kilogram.
    pub(in crate::sample) value: f64,
    pub(in crate::sample) duty: u64,
    pub(in crate::sample) consumption_tax: u64,
    pub(in crate::sample) vat: u64,
    pub(in crate::sample) weight: u32,
}

/// Value-added tax on most goods.
const FULL: u64 = 1300;
/// Value-added tax on food and farm produce.
const REDUCED: u64 = 900;

const fn goods(
    hs_code: &'static str,
    [name, handling]: [&'static str; 2],
    origins: &'static [&'static str],
    value: f64,
    [duty, consumption_tax, vat]: [u64; 3],
    weight: u32,
) -> Goods {
    Goods { hs_code, name, handling, origins, value, duty, consumption_tax, vat, weight }
}

pub(in crate::sample) const GOODS: &[Goods] = &[
    goods(
        "8542319090",
        ["处理器及控制器集成电路", "VUN"],
        &["TWN", "KOR", "MYS", "USA"],
        9000.0,
        [0, 0, FULL],
        16,
    ),
    goods(
        "8471309000",
        ["便携式自动数据处理设备", "ELI"],
        &["VNM", "THA", "TWN"],
        900.0,
        [0, 0, FULL],
        7,
    ),
    goods("8517130000", ["智能手机", "ELI"], &["VNM", "IND", "KOR"], 4000.0, [0, 0, FULL], 6),
    goods(
        "8486202100",
        ["制造集成电路用化学气相沉积装置", "HEA"],
        &["JPN", "USA", "NLD"],
        2500.0,
        [0, 0, FULL],
        5,
    ),
    goods("8507600090", ["锂离子蓄电池", "RMD"], &["KOR", "JPN"], 300.0, [800, 400, FULL], 3),
    goods(
        "9031809090",
        ["测量检验仪器", "GEN"],
        &["DEU", "JPN", "CHE", "USA"],
        1500.0,
        [500, 0, FULL],
        6,
    ),
    goods(
        "9018131000",
        ["核磁共振成像装置", "HEA"],
        &["DEU", "USA", "NLD"],
        800.0,
        [400, 0, FULL],
        2,
    ),
    goods("9021310000", ["人造关节", "GEN"], &["USA", "CHE", "IRL"], 6000.0, [0, 0, FULL], 3),
    goods(
        "3004909099",
        ["已配定剂量的药品", "PIL"],
        &["DEU", "CHE", "IRL", "USA", "FRA"],
        3000.0,
        [0, 0, FULL],
        6,
    ),
    goods(
        "3002150090",
        ["已配定剂量的免疫制品", "PIL"],
        &["CHE", "DEU", "USA", "BEL"],
        12000.0,
        [0, 0, FULL],
        3,
    ),
    goods(
        "8807300000",
        ["飞机零件", "GEN"],
        &["USA", "FRA", "DEU", "GBR"],
        3500.0,
        [100, 0, FULL],
        4,
    ),
    goods(
        "8708999990",
        ["机动车辆零件", "GEN"],
        &["DEU", "JPN", "USA", "MEX"],
        150.0,
        [600, 0, FULL],
        6,
    ),
    goods(
        "0302140010",
        ["冰鲜大西洋鲑鱼", "PER"],
        &["CHL", "AUS", "GBR", "NZL"],
        75.0,
        [700, 0, REDUCED],
        8,
    ),
    goods("0306329000", ["活鳌龙虾", "AVI"], &["CAN", "USA"], 180.0, [700, 0, REDUCED], 4),
    goods("0809290000", ["鲜樱桃", "PER"], &["CHL", "USA", "CAN"], 45.0, [1000, 0, REDUCED], 5),
    goods("0810400000", ["鲜蓝莓", "PER"], &["CHL", "ZAF"], 60.0, [1500, 0, REDUCED], 3),
    goods("0603110000", ["鲜切玫瑰", "PER"], &["ETH", "NLD"], 40.0, [1000, 0, REDUCED], 2),
    goods(
        "0201300090",
        ["冰鲜去骨牛肉", "COL"],
        &["AUS", "NZL", "BRA"],
        90.0,
        [1200, 0, REDUCED],
        3,
    ),
    goods(
        "2204210000",
        ["小包装葡萄酒", "GEN"],
        &["FRA", "ITA", "AUS", "CHL"],
        60.0,
        [1400, 1000, FULL],
        2,
    ),
    goods("3303000010", ["香水", "RMD"], &["FRA", "ESP", "ITA"], 1200.0, [300, 1500, FULL], 3),
    goods("3304990029", ["护肤品", "GEN"], &["FRA", "JPN", "KOR"], 500.0, [100, 0, FULL], 6),
    goods("4202210090", ["皮革手提包", "VAL"], &["ITA", "FRA"], 5000.0, [600, 0, FULL], 3),
    goods("6404110000", ["运动鞋靴", "GEN"], &["VNM", "IDN"], 220.0, [600, 0, FULL], 3),
    goods("6110110000", ["羊毛针织衫", "GEN"], &["ITA", "GBR"], 900.0, [600, 0, FULL], 2),
    goods("9102110000", ["电子手表", "VAL"], &["CHE", "JPN"], 9000.0, [1000, 0, FULL], 2),
    goods(
        "7108120000",
        ["非货币用未锻造金", "VAL"],
        &["CHE", "ZAF", "AUS"],
        550_000.0,
        [0, 0, 0],
        1,
    ),
];

/// Currencies that goods are invoiced in: code, yuan per unit.
pub(in crate::sample) const YUAN_PER_UNIT: &[(&str, f64)] = &[
    ("USD", 7.1),
    ("EUR", 7.8),
    ("JPY", 0.048),
    ("GBP", 9.1),
    ("CHF", 8.2),
    ("AUD", 4.7),
    ("CAD", 5.2),
    ("KRW", 0.0052),
    ("CNY", 1.0),
];

/// The currency of a country's exporters where they do not invoice in US dollars.
pub(in crate::sample) fn currency_of(country: &str) -> &'static str {
    match country {
        "DEU" | "FRA" | "ITA" | "ESP" | "NLD" | "BEL" | "IRL" => "EUR",
        "JPN" => "JPY",
        "GBR" => "GBP",
        "CHE" => "CHF",
        "AUS" => "AUD",
        "CAN" => "CAD",
        "KOR" => "KRW",
        "VNM" | "THA" => "CNY",
        _ => "USD",
    }
}
