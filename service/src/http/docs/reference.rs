//! The reference: every operation, every form, every problem.

use serde_json::Value;
use utoipa::openapi::OpenApi;

use super::Page;
use super::html::Html;
use super::operation::operation;
use crate::http::problem::Code;

/// The page at `/docs`.
pub(crate) fn reference(document: &OpenApi) -> Page {
    // The page is made of the JSON that programs read, so that both say the same.
    let document = serde_json::to_value(document).unwrap_or_default();
    let mut body = Html::default();
    body.element("h1", "Vouch: HTTP interface");
    body.prose(text(&document["info"]["description"]));
    body.open("p");
    body.text("For programs: ");
    body.link("/openapi.json", "/openapi.json");
    body.close("p");
    for tag in list(&document["tags"]) {
        section(&mut body, &document, tag);
    }
    forms(&mut body, &document["components"]["schemas"]);
    problems(&mut body);
    Page::new("Vouch: HTTP interface", body)
}

fn section(body: &mut Html, document: &Value, tag: &Value) {
    let name = text(&tag["name"]);
    body.open_named("section", name);
    body.element("h2", name);
    body.prose(text(&tag["description"]));
    for (path, item) in entries(&document["paths"]) {
        for method in ["get", "post"] {
            let described = &item[method];
            let tagged = list(&described["tags"]).any(|tag| text(tag) == name);
            if tagged {
                operation(body, method, path, described);
            }
        }
    }
    body.close("section");
}

fn forms(body: &mut Html, schemas: &Value) {
    body.open_named("section", "forms");
    body.element("h2", "Forms");
    for (name, schema) in entries(schemas) {
        body.open_named("article", &format!("form-{name}"));
        body.element("h3", name);
        body.prose(text(&schema["description"]));
        body.open("details");
        body.element("summary", "JSON Schema");
        body.element("pre", &pretty(schema));
        body.close("details");
        body.close("article");
    }
    body.close("section");
}

fn problems(body: &mut Html) {
    body.open_named("section", "problems");
    body.element("h2", "Problems");
    body.open("table");
    for code in Code::ALL {
        body.open_named("tr", &format!("problem-{}", code.as_str()));
        body.element("td", code.status().as_str());
        body.element("td", code.as_str());
        body.element("td", code.title());
        body.close("tr");
    }
    body.close("table");
    body.close("section");
}

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

pub(super) fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

pub(super) fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
