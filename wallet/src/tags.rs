//! Holder tags: what a holder gives to a department before a record is issued.

use ark_ff::UniformRand;
use rand::rngs::OsRng;
use records::commitment::holder_tag;
use records::{Blind, Fr, HolderTag};

use crate::contents::Tag;
use crate::error::WalletError;
use crate::record::PendingTag;
use crate::wallet::Wallet;

impl Wallet {
    /// Draws a tag for one record to come, under the holder's own name for it. Give each tag to
    /// one department, for one record: whoever sees a tag twice knows that it is one holder.
    ///
    /// # Errors
    /// [`WalletError::File`] where it cannot be remembered; then do not use it.
    pub fn new_tag(&mut self, label: &str) -> Result<HolderTag, WalletError> {
        self.change(|contents| {
            let tag = Tag::draw(&contents.secret, label);
            let public = tag.tag;
            contents.tags.push(tag);
            Ok(public)
        })
    }

    /// Draws many tags at the cost of one save, in the order of the labels.
    ///
    /// # Errors
    /// As for [`Wallet::new_tag`].
    pub fn new_tags<S: AsRef<str>>(&mut self, labels: &[S]) -> Result<Vec<HolderTag>, WalletError> {
        self.change(|contents| {
            let secret = &contents.secret;
            let drawn: Vec<Tag> = labels.iter().map(|l| Tag::draw(secret, l.as_ref())).collect();
            let tags = drawn.iter().map(|tag| tag.tag).collect();
            contents.tags.extend(drawn);
            Ok(tags)
        })
    }

    /// The tags that wait for their record.
    pub fn pending_tags(&self) -> Vec<PendingTag> {
        let waiting = self.contents().tags.iter().filter(|tag| tag.record.is_none());
        waiting.map(|tag| PendingTag { tag: tag.tag, label: tag.label.clone() }).collect()
    }

    /// Forgets a tag that waits for its record. A record that is issued to it nevertheless can
    /// never be used.
    ///
    /// # Errors
    /// [`WalletError::NoSuchTag`] for a tag that is not waiting.
    pub fn remove_tag(&mut self, tag: HolderTag) -> Result<(), WalletError> {
        self.change(|contents| {
            let waiting = |known: &Tag| known.tag == tag && known.record.is_none();
            let position = contents.tags.iter().position(waiting).ok_or(WalletError::NoSuchTag)?;
            contents.tags.remove(position);
            Ok(())
        })
    }
}

impl Tag {
    fn draw(secret: &records::HolderSecret, label: &str) -> Self {
        let blind = Blind::from_field(Fr::rand(&mut OsRng));
        let tag = holder_tag(secret, &blind);
        Self { tag, blind, label: label.to_owned(), record: None }
    }
}
