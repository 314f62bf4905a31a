//! Words that company names are made of, and what companies do.

/// An industry: section letter of GB/T 4754, word in company names, registered scope, share.
pub(in crate::sample) struct Industry {
    pub(in crate::sample) section: &'static str,
    pub(in crate::sample) word: &'static str,
    pub(in crate::sample) scope: &'static str,
    pub(in crate::sample) weight: u32,
}

const fn industry(
    section: &'static str,
    word: &'static str,
    scope: &'static str,
    weight: u32,
) -> Industry {
    Industry { section, word, scope, weight }
}

pub(in crate::sample) const INDUSTRIES: &[Industry] = &[
    industry("F", "贸易", "货物进出口；技术进出口；国内贸易代理；日用百货销售；五金产品批发", 30),
    industry("F", "商贸", "食品销售；日用百货销售；服装服饰零售；办公用品销售", 18),
    industry("C", "电子", "电子元器件制造；电子产品销售；货物进出口", 12),
    industry("C", "机械", "通用设备制造；机械零件、零部件加工；机械设备销售", 10),
    industry("C", "医疗器械", "第二类医疗器械生产；第三类医疗器械经营；货物进出口", 3),
    industry("I", "科技", "技术开发、技术咨询、技术转让；软件开发；信息系统集成服务", 16),
    industry("G", TRANSPORT, "国际货物运输代理；航空国际货物运输代理；装卸搬运；报关业务", 7),
    industry("L", "企业管理咨询", "企业管理咨询；商务信息咨询；会议及展览服务", 9),
    industry("E", "建筑工程", "建设工程施工；住宅室内装饰装修；建筑材料销售", 8),
    industry("H", "餐饮管理", "餐饮服务；餐饮管理；食品销售", 8),
    industry("M", "生物技术", "生物化工产品技术研发；医学研究和试验发展；技术服务", 4),
    industry("A", "农业发展", "农产品的生产、销售、加工；鲜活水产品批发；水果种植", 5),
    industry("K", "物业管理", "物业管理；房地产经纪；停车场服务", 3),
    industry("R", "文化传播", "组织文化艺术交流活动；广告设计、代理；影视制作服务", 4),
    industry("O", "汽车服务", "机动车修理和维护；汽车装饰用品销售；洗车服务", 4),
];

/// Word of the industry that handles and declares goods.
pub(in crate::sample) const TRANSPORT: &str = "国际物流";

/// Two-character company names are made of two of these.
pub(in crate::sample) const NAME_CHARACTERS: &[&str] = &[
    "华", "瑞", "恒", "鑫", "盛", "通", "达", "隆", "信", "诚", "嘉", "安", "泰", "博", "远", "宏",
    "海", "天", "中", "联", "创", "新", "立", "德", "正", "润", "丰", "源", "兴", "凯",
];

/// Legal forms: code, second character of the credit code, end of the name, share, median of
/// the registered capital in yuan.
pub(in crate::sample) struct LegalForm {
    pub(in crate::sample) code: &'static str,
    pub(in crate::sample) kind: char,
    pub(in crate::sample) ending: &'static str,
    pub(in crate::sample) weight: u32,
    pub(in crate::sample) capital: f64,
}

const fn form(
    code: &'static str,
    kind: char,
    ending: &'static str,
    weight: u32,
    capital: f64,
) -> LegalForm {
    LegalForm { code, kind, ending, weight, capital }
}

pub(in crate::sample) const LEGAL_FORMS: &[LegalForm] = &[
    form(LIMITED, '1', "有限公司", 60, 2.0e6),
    form("self_employed", '2', "商行", 24, 5.0e4),
    form("joint_stock", '1', "股份有限公司", 3, 6.0e7),
    form("foreign_invested", '1', "（中国）有限公司", 3, 2.0e7),
    form("wholly_state_owned", '1', "集团有限公司", 1, 3.0e8),
    form("partnership", '1', "合伙企业（有限合伙）", 4, 5.0e6),
    form("sole_proprietorship", '1', "经营部", 3, 2.0e5),
    form("farmers_cooperative", '3', "专业合作社", 2, 1.0e6),
];

/// The most frequent legal form, and the one of those who trade across borders.
pub(in crate::sample) const LIMITED: &str = "limited_liability";
