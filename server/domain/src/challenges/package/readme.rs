//! The README.txt of a download.

use std::fmt::Write;

use dataset::{Pictures, TargetsIn};

use super::super::{Source, data_options};
use super::published::Part;
use crate::entities::benchmark::TargetsAre;

/// Describes each file, the licence, and the commands.
pub(super) fn of(
    source: &Source,
    split: &Part,
    training: Option<&Part>,
    licence: Option<&str>,
) -> String {
    let mut text = String::new();
    let name = &source.split;
    // Writing to a string never fails.
    let _ = write_all(&mut text, name, split, training, licence, source);
    text
}

fn write_all(
    out: &mut String,
    name: &str,
    split: &Part,
    training: Option<&Part>,
    licence: Option<&str>,
    source: &Source,
) -> std::fmt::Result {
    writeln!(out, "Data of split {name}\n")?;
    counts(out, split)?;
    if let Some(training) = training {
        counts(out, training)?;
    }
    let licence =
        licence.unwrap_or("The organisers have not named one. Ask them before you share it.");
    writeln!(out, "\nLicence\n\n{licence}\n")?;
    let targets = match source.targets {
        TargetsAre::Public => ", and the target, which is public",
        TargetsAre::Hidden => ". The targets are hidden and not in this folder",
        TargetsAre::None => ". There are no targets",
        TargetsAre::Drawn => ". Dialogs are drawn when they are played",
    };
    let files = source.task.texts.files;
    writeln!(out, "Files\n\n{}", described(files, name, targets))?;
    if training.is_some() {
        let targets = ", and the target, which is public";
        writeln!(out, "For training:\n\n{}", described(files, "train", targets))?;
    }
    if has_item_captions(split) || training.is_some_and(has_item_captions) {
        let what = "A sentence about each item's picture, written by a program: {item: sentence}.";
        writeln!(out, "item-captions/GROUP.SPLIT.json\n    {what}")?;
    }
    if has_pictures(split) || training.is_some_and(has_pictures) {
        writeln!(out, "images/ITEM.png, images/ITEM.jpg\n    What an item looks like.")?;
    }
    if has_photos(split) || training.is_some_and(has_photos) {
        let what = "The address of each item's photo, where it has one: item, tab, address.";
        writeln!(out, "image_url/asin2url.GROUP.txt\n    {what}")?;
    }
    let run = source.task.run_file;
    let options = data_options(source.task, source.protocol, ".", name);
    writeln!(
        out,
        "SHA256SUMS\n    The checksum of every other file.\n\nCommands, from within this \
         folder\n\nsha256sum -c --quiet SHA256SUMS\n    Checks that the files are \
         complete.\nfashion-iq validate {run} {options}\n    Lists everything that is wrong with a \
         submission."
    )?;
    if split.targets == TargetsIn::Queries {
        let score = "Computes its score offline, as the server does.";
        writeln!(out, "fashion-iq score {run} {options}\n    {score}")?;
    }
    writeln!(
        out,
        "fashion-iq submit {run} --server ADDRESS --challenge NAME --phase NAME\n    Uploads a \
         submission. The phase's page \"Take part\" shows this command with the right names."
    )
}

/// Describes each file of a split.
fn described(files: &str, split: &str, targets: &str) -> String {
    files.trim_end().replace("{split}", split).replace("{targets}", targets)
}

fn counts(out: &mut String, part: &Part) -> std::fmt::Result {
    for group in &part.split.groups {
        let (queries, items) = (group.queries.len(), group.gallery.len());
        let (split, name) = (&part.split.name, &group.name);
        let of = match group.sessions.len() {
            0 => String::new(),
            sessions => format!(" (turns of {sessions} sessions)"),
        };
        writeln!(out, "{split} / {name}: {queries} queries{of}, {items} items")?;
    }
    Ok(())
}

fn has_pictures(part: &Part) -> bool {
    part.pictures.values().map(Pictures::len).sum::<usize>() > 0
}

fn has_item_captions(part: &Part) -> bool {
    part.item_captions.values().any(|captions| !captions.is_empty())
}

fn has_photos(part: &Part) -> bool {
    part.photos.values().any(|addresses| !addresses.is_empty())
}
