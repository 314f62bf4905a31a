//! HTML, escaped where text goes in.

/// HTML under construction. Names of elements and attributes are constants of this program.
#[derive(Default)]
pub(super) struct Html(String);

impl Html {
    pub(super) fn open(&mut self, name: &str) {
        self.0.push_str(&format!("<{name}>"));
    }

    /// Opens an element that links can point to.
    pub(super) fn open_named(&mut self, name: &str, id: &str) {
        self.0.push_str(&format!("<{name} id=\"{}\">", escape(id)));
    }

    pub(super) fn close(&mut self, name: &str) {
        self.0.push_str(&format!("</{name}>"));
    }

    pub(super) fn text(&mut self, text: &str) {
        self.0.push_str(&escape(text));
    }

    pub(super) fn element(&mut self, name: &str, text: &str) {
        self.open(name);
        self.text(text);
        self.close(name);
    }

    pub(super) fn link(&mut self, address: &str, text: &str) {
        let (address, text) = (escape(address), escape(text));
        self.0.push_str(&format!("<a href=\"{address}\">{text}</a>"));
    }

    /// Paragraphs, with code in back quotes.
    pub(super) fn prose(&mut self, text: &str) {
        for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
            self.open("p");
            self.inline(paragraph);
            self.close("p");
        }
    }

    /// Text with code in back quotes.
    pub(super) fn inline(&mut self, text: &str) {
        for (index, part) in text.split('`').enumerate() {
            if index % 2 == 1 {
                self.open("code");
                self.text(part);
                self.close("code");
            } else {
                self.text(part);
            }
        }
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        let mut html = Html::default();
        html.prose("a <b> & `\"c\"`\n\nd");
        let expected = "<p>a &lt;b&gt; &amp; <code>&quot;c&quot;</code></p><p>d</p>";
        assert_eq!(html.into_string(), expected);
    }
}
