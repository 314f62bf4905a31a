//! One operation of the reference.

use serde_json::Value;

use super::html::Html;
use super::reference::{entries, list, pretty, text};

const REFERENCE: &str = "#/components/schemas/";

pub(super) fn operation(body: &mut Html, method: &str, path: &str, described: &Value) {
    body.open("article");
    body.open("h3");
    body.element("b", &method.to_uppercase());
    body.text(&format!(" {path}"));
    body.close("h3");
    body.open("p");
    body.element("strong", text(&described["summary"]));
    body.close("p");
    body.prose(text(&described["description"]));
    for scheme in list(&described["security"]) {
        match entries(scheme).next().map(|(name, _)| name.as_str()) {
            Some("department") => {
                body.prose("Needs `Authorization: Bearer` with a department's token.");
            }
            Some("result") => {
                body.prose("May have `Authorization: Bearer` with the `result_token`.");
            }
            _ => {}
        }
    }
    parameters(body, &described["parameters"]);
    for (kind, content) in entries(&described["requestBody"]["content"]) {
        body.open("p");
        body.inline(&format!("Takes `{kind}`: "));
        form(body, &content["schema"]);
        body.close("p");
    }
    body.open("table");
    for (status, response) in entries(&described["responses"]) {
        answer(body, status, response);
    }
    body.close("table");
    body.close("article");
}

fn parameters(body: &mut Html, parameters: &Value) {
    if list(parameters).next().is_none() {
        return;
    }
    body.open("table");
    for parameter in list(parameters) {
        body.open("tr");
        body.element("td", text(&parameter["in"]));
        body.element("td", text(&parameter["name"]));
        body.open("td");
        body.inline(text(&parameter["description"]));
        body.close("td");
        body.close("tr");
    }
    body.close("table");
}

fn answer(body: &mut Html, status: &str, response: &Value) {
    body.open("tr");
    body.element("td", status);
    body.open("td");
    body.inline(text(&response["description"]));
    body.close("td");
    body.open("td");
    for (kind, content) in entries(&response["content"]) {
        body.inline(&format!("`{kind}` "));
        form(body, &content["schema"]);
    }
    body.close("td");
    body.close("tr");
}

/// A link to a form, or the form itself where it has no name.
fn form(body: &mut Html, schema: &Value) {
    let items = &schema["items"];
    if let Some(name) = text(&schema["$ref"]).strip_prefix(REFERENCE) {
        body.link(&format!("#form-{name}"), name);
    } else if let Some(name) = text(&items["$ref"]).strip_prefix(REFERENCE) {
        body.text("list of ");
        body.link(&format!("#form-{name}"), name);
    } else {
        body.element("code", &pretty(schema));
    }
}
