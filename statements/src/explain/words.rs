//! The words of explanations, English and Chinese side by side.

use records::schema::Language::{self, En, Zh};

use crate::Unit;

/// A language's words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words(pub(super) Language);

/// What a value is compared with.
pub(super) enum Relation {
    OneOf(Vec<String>),
    StartsWith(String),
    From(Bound),
    To(Bound),
    Between(Bound, Bound),
    /// A range without bounds.
    Anything,
}

/// An end of a range.
pub(super) struct Bound {
    pub(super) text: String,
    pub(super) inclusive: bool,
}

impl Words {
    fn say(self, en: String, zh: String) -> String {
        match self.0 {
            En => en,
            Zh => zh,
        }
    }

    fn list(self, items: &[String]) -> String {
        items.join(match self.0 {
            En => ", ",
            Zh => "、",
        })
    }

    pub(super) fn headings(self) -> [&'static str; 5] {
        match self.0 {
            En => [
                "Statement",
                "What the relying party learns",
                "What it does not learn",
                "What the relying party chooses",
                ": ",
            ],
            Zh => ["声明", "验证方会知道", "验证方不会知道", "由验证方指定", "："],
        }
    }

    pub(super) fn records(self, count: usize) -> String {
        let record = if count == 1 { "record" } else { "records" };
        self.say(
            format!("The proof is about {count} {record} of the holder."),
            format!("证明涉及持有人的 {count} 份记录。"),
        )
    }

    pub(super) fn named(self, title: &str, name: &str) -> String {
        self.say(format!("{title} ({name})"), format!("{title}（{name}）"))
    }

    pub(super) fn on_ledgers(self, title: &str, ledgers: &[String]) -> String {
        let list = self.list(ledgers);
        if ledgers.len() == 1 {
            return self.say(
                format!("{title}: it is issued on the ledger {list} and not revoked."),
                format!("{title}：已在账本 {list} 签发，且未被撤销。"),
            );
        }
        self.say(
            format!("{title}: it is issued on one of the ledgers {list}, and not revoked."),
            format!("{title}：已在以下账本之一签发，且未被撤销：{list}。"),
        )
    }

    pub(super) fn validity(self, title: &str, current: bool) -> String {
        if current {
            return self.say(
                format!("{title}: it is valid on the day of the request."),
                format!("{title}：在请求之日处于有效期内。"),
            );
        }
        self.say(
            format!("{title}: its period of validity is not checked; it may have expired."),
            format!("{title}：不检查有效期，可能已过期。"),
        )
    }

    pub(super) fn of(self, title: &str, condition: &str) -> String {
        self.say(format!("{title}: {condition}."), format!("{title}：{condition}。"))
    }

    pub(super) fn attribute_of(self, title: &str, attribute: &str) -> String {
        self.say(format!("{attribute} of {title}"), format!("{title}的“{attribute}”"))
    }

    pub(super) fn revealed(self, title: &str, attributes: &[String]) -> String {
        let list = self.list(attributes);
        self.say(
            format!("{title}: shown in clear: {list}."),
            format!("{title}：以明文出示：{list}。"),
        )
    }

    pub(super) fn nullifier(self, title: &str) -> String {
        self.say(
            format!(
                "{title}: a one-time mark, the same whenever this record is used in the scope \
                 that the request names, so that it counts only once there."
            ),
            format!(
                "{title}：一个一次性标记。同一记录在请求所指明的范围内每次使用时该标记都相同，\
                 因此在该范围内只能计一次。"
            ),
        )
    }

    pub(super) fn same_holder(self, titles: &[&str]) -> String {
        let titles: Vec<String> = titles.iter().map(|title| (*title).to_owned()).collect();
        let list = self.list(&titles);
        self.say(
            format!("These records have the same holder: {list}."),
            format!("以下记录属于同一持有人：{list}。"),
        )
    }

    pub(super) fn same_value(self, values: &[String]) -> String {
        let list = self.list(values);
        self.say(
            format!("These are equal, without being shown by the join: {list}."),
            format!("以下内容彼此一致（比对本身不出示内容）：{list}。"),
        )
    }

    pub(super) fn exact_values(self, title: &str, attributes: &[String]) -> String {
        let list = self.list(attributes);
        self.say(
            format!("{title}: more about {list} than is said above."),
            format!("{title}：除上述内容外，关于{list}的其他信息。"),
        )
    }

    pub(super) fn hidden(self, title: &str, attributes: &[String]) -> String {
        let list = self.list(attributes);
        self.say(format!("{title}: {list}."), format!("{title}：{list}。"))
    }

    pub(super) fn which_ledger(self, title: &str) -> String {
        self.say(
            format!("{title}: which of the ledgers it is on."),
            format!("{title}：记录在哪一个账本上。"),
        )
    }

    pub(super) fn linkability(self, nullifier: bool) -> String {
        if nullifier {
            return self.say(
                "Whether presentations in different scopes are of the same record.".to_owned(),
                "不同范围内的出示是否来自同一份记录。".to_owned(),
            );
        }
        self.say(
            "Which record it is, and whether two presentations are of the same holder.".to_owned(),
            "具体是哪一份记录，以及两次出示是否来自同一持有人。".to_owned(),
        )
    }

    pub(super) fn revealed_may_identify(self) -> String {
        self.say(
            "(But what is shown in clear can be compared between presentations.)".to_owned(),
            "（但以明文出示的内容可以在多次出示之间比对。）".to_owned(),
        )
    }

    pub(super) fn departments(self) -> String {
        self.say(
            "The departments and ledgers are not asked about the record, and do not learn which \
             one is proven or to whom."
                .to_owned(),
            "不会向签发部门和账本查询该记录，它们不会知道证明的是哪条记录、向谁出示。".to_owned(),
        )
    }

    pub(super) fn valid_from(self) -> String {
        self.say("First day of validity".to_owned(), "有效期起始日".to_owned())
    }

    pub(super) fn valid_until(self) -> String {
        self.say("Last day of validity".to_owned(), "有效期截止日".to_owned())
    }

    pub(super) fn truth(self, value: bool) -> String {
        let (en, zh) = if value { ("yes", "是") } else { ("no", "否") };
        self.say(en.to_owned(), zh.to_owned())
    }

    /// A text as people see it, with what would not show made visible.
    pub(super) fn quoted(self, text: &str) -> String {
        let shown: String = text.chars().map(visible).collect();
        self.say(format!("\"{shown}\""), format!("“{shown}”"))
    }

    pub(super) fn code(self, title: &str, code: &str) -> String {
        self.say(format!("{title} ({code})"), format!("{title}（{code}）"))
    }

    pub(super) fn today(self) -> String {
        self.say("the day of the request".to_owned(), "请求之日".to_owned())
    }

    pub(super) fn chosen(self, title: &str) -> String {
        self.say(
            format!("\"{title}\" as the relying party chooses it"),
            format!("验证方指定的“{title}”"),
        )
    }

    pub(super) fn moved(self, start: &str, shift: i32, unit: Unit) -> String {
        let count = shift.unsigned_abs();
        let (en, zh) = match unit {
            Unit::Days => ("day", "天"),
            Unit::Months => ("month", "个月"),
            Unit::Years => ("year", "年"),
        };
        let plural = if count == 1 { "" } else { "s" };
        match shift {
            0 => start.to_owned(),
            ..0 => self.say(
                format!("the day {count} {en}{plural} before {start}"),
                format!("{start}之前 {count} {zh}"),
            ),
            1.. => self.say(
                format!("the day {count} {en}{plural} after {start}"),
                format!("{start}之后 {count} {zh}"),
            ),
        }
    }

    pub(super) fn any_of(self, alternatives: &[String]) -> String {
        alternatives.join(match self.0 {
            En => ", or ",
            Zh => "，或者",
        })
    }

    /// A comparison as a sentence.
    pub(super) fn relation(
        self,
        title: &str,
        relation: &Relation,
        date: bool,
        negated: bool,
    ) -> String {
        let not = if negated { ("is not", "不为") } else { ("is", "为") };
        match relation {
            Relation::OneOf(values) => match values.as_slice() {
                [value] => self.say(
                    format!("{title} {} {value}", not.0),
                    format!("“{title}”{}{value}", not.1),
                ),
                values => {
                    let list = values.join(if self.0 == En { "; " } else { "；" });
                    let (en, zh) = if negated {
                        ("is none of", "不为以下任何一项：")
                    } else {
                        ("is one of", "为以下之一：")
                    };
                    self.say(format!("{title} {en} {list}"), format!("“{title}”{zh}{list}"))
                }
            },
            Relation::StartsWith(digits) => {
                let (en, zh) = if negated {
                    ("does not start with", "不以")
                } else {
                    ("starts with", "以")
                };
                self.say(format!("{title} {en} {digits}"), format!("“{title}”{zh} {digits} 开头"))
            }
            Relation::From(low) => {
                let end = self.end(low, negated, low.inclusive != negated, date);
                self.say(format!("{title} is {end}"), format!("“{title}”{end}"))
            }
            Relation::To(high) => {
                let end = self.end(high, !negated, high.inclusive != negated, date);
                self.say(format!("{title} is {end}"), format!("“{title}”{end}"))
            }
            Relation::Between(low, high) => {
                let (from, to) = (
                    self.end(low, false, low.inclusive, date),
                    self.end(high, true, high.inclusive, date),
                );
                let (en, zh) = if negated { ("is not both", "并非同时") } else { ("is", "") };
                self.say(
                    format!("{title} {en} {from} and {to}"),
                    format!("“{title}”{zh}{from}且{to}"),
                )
            }
            Relation::Anything => {
                let (en, zh) = if negated {
                    ("has no value", "无任何取值")
                } else {
                    ("has any value", "为任意值")
                };
                self.say(format!("{title} {en}"), format!("“{title}”{zh}"))
            }
        }
    }

    /// One end of a range: what lies below the bound or above it, with the bound or without.
    fn end(self, bound: &Bound, below: bool, included: bool, date: bool) -> String {
        let text = &bound.text;
        let (en, zh) = match (below, included, date) {
            (true, true, false) => ("at most", "不大于"),
            (true, false, false) => ("less than", "小于"),
            (false, true, false) => ("at least", "不小于"),
            (false, false, false) => ("more than", "大于"),
            (true, true, true) => ("on or before", "不晚于"),
            (true, false, true) => ("before", "早于"),
            (false, true, true) => ("on or after", "不早于"),
            (false, false, true) => ("after", "晚于"),
        };
        self.say(format!("{en} {text}"), format!("{zh}{text}"))
    }
}

/// A character, or its number where it would not show or would reorder the text around it.
fn visible(c: char) -> String {
    let hidden = matches!(u32::from(c), 0xad | 0x61c | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f | 0xfeff);
    if hidden || c.is_control() { c.escape_unicode().to_string() } else { c.to_string() }
}
