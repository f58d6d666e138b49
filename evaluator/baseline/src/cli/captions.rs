//! The options for the captions of items.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use dataset::{Folder, ItemCaptions, Protocol, Split};

use crate::error::{Error, Result};
use crate::lexical::{Background, Described, describe};
use crate::model::Model;

/// Where the captions of items come from, if they are used.
#[derive(Args)]
pub(super) struct CaptionsOption {
    /// Machine captions of items: {category}.{split}.json, each a JSON object {item: sentence}.
    #[arg(long, value_name = "DIR")]
    item_captions: Option<PathBuf>,
    /// What wrote the captions, to be stated with every model that reads them.
    #[arg(long, value_name = "NAME", default_value = "an unnamed captioner")]
    captioner: String,
}

impl CaptionsOption {
    /// No captions.
    #[cfg(feature = "torch")]
    pub(super) fn none() -> Self {
        Self { item_captions: None, captioner: String::new() }
    }

    /// Whether captions are used.
    #[cfg(feature = "torch")]
    pub(super) fn any(&self) -> bool {
        self.item_captions.is_some()
    }

    /// The captions of a split's items, by group, if there are any; says how many items have one.
    pub(super) fn of(&self, split: &Split) -> Result<BTreeMap<String, ItemCaptions>> {
        let Some(folder) = &self.item_captions else { return Ok(BTreeMap::new()) };
        // A folder may lack files of a split, but a misspelt one must not mean "no captions".
        if !folder.is_dir() {
            return Err(Error::no_captions_folder(folder));
        }
        let captions = ItemCaptions::of_split(folder, split)?;
        for group in &split.groups {
            let own = &captions[&group.name];
            let having = group.gallery.iter().filter(|item| own.of(item).is_some()).count();
            super::complain!(
                "{} {}: {having} of {} items have a caption",
                group.name,
                split.name,
                group.gallery.len()
            );
        }
        Ok(captions)
    }

    /// What a model without training knows about the items of a split, and from split train.
    pub(super) fn known(
        &self,
        model: Model,
        data: &Folder,
        split: &Split,
    ) -> Result<(Vec<Described>, Option<Background>)> {
        let described = describe(data, split, &self.of(split)?)?;
        if !model.counts {
            return Ok((described, None));
        }
        let train = data.split("train", Protocol::Original)?;
        Ok((described, Some(Background::read(data, &self.of(&train)?)?)))
    }

    /// The captions of the items of splits, if they are used.
    #[cfg(feature = "torch")]
    pub(super) fn read(
        &self,
        data: &Folder,
        splits: &[String],
    ) -> Result<Option<crate::learned::sentences::ItemTexts>> {
        if self.item_captions.is_none() {
            return Ok(None);
        }
        let mut texts = crate::learned::sentences::ItemTexts::new(&self.captioner);
        for split in crate::learned::item_vectors::read_splits(data, splits)? {
            for (group, captions) in self.of(&split)? {
                texts.add(&group, &captions);
            }
        }
        Ok(Some(texts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_not_there_is_no_folder_without_captions() {
        let split = Split { name: "val".to_owned(), groups: vec![] };
        let option = |folder| CaptionsOption {
            item_captions: Some(folder),
            captioner: "a captioner".to_owned(),
        };
        let dir = tempfile::tempdir().unwrap();
        assert!(option(dir.path().to_owned()).of(&split).is_ok());
        let refused = option(dir.path().join("misspelt")).of(&split).unwrap_err().to_string();
        assert!(refused.contains("misspelt: is no folder of item captions"), "{refused}");
    }
}
