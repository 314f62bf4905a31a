//! What no route answers.

use crate::http::problem::{Code, Problem};

pub(crate) async fn unknown_route() -> Problem {
    Problem::new(Code::UnknownRoute, "no route has this path; /docs lists them")
}

pub(crate) async fn method_not_allowed() -> Problem {
    Problem::new(Code::MethodNotAllowed, "the methods that it has are in Allow")
}
