//! x
#[derive(Debug)] pub struct ExplainError; pub struct Explanation; /// x
pub fn explain(){}
