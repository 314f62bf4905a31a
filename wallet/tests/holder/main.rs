//! A wallet against real ledgers, from the holder's point of view.

#[cfg(test)]
mod choosing;
#[cfg(test)]
mod holding;
#[cfg(test)]
mod presenting;
#[cfg(test)]
mod refreshing;
#[cfg(test)]
mod sealing;
#[cfg(test)]
mod statement;
#[cfg(test)]
mod town;
