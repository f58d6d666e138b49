//! Draws garments and lays their pictures out on one page, each with what it shows:
//! `cargo run -p dataset --features pictures --example contact_sheet -- FOLDER [ITEMS [SEED]]`,
//! then open `FOLDER/index.html`.

use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

use dataset::draw::{Plan, draw};

fn main() -> Result<(), Box<dyn Error>> {
    let mut given = env::args().skip(1);
    let folder = PathBuf::from(given.next().ok_or("name a folder for the page")?);
    let items = given.next().map_or(Ok(40), |items| items.parse())?;
    let seed = given.next().unwrap_or_else(|| "1".to_owned()).parse()?;

    let drawn = draw(&Plan { items, seed, splits: vec!["val".to_owned()] })?;
    let mut page = "<!doctype html><meta charset=utf-8><title>Drawn garments</title>\
        <style>body{font:10px/1.4 system-ui;margin:2em}figure{display:inline-block;width:160px;\
        margin:0 8px 16px 0;vertical-align:top}</style>"
        .to_owned();
    fs::create_dir_all(&folder)?;
    for group in drawn.groups() {
        write!(page, "<h2>{}</h2>", group.category().name())?;
        for item in group.items() {
            let (id, garment) = (&item.id, &item.garment);
            fs::write(folder.join(format!("{id}.png")), item.picture())?;
            write!(
                page,
                "<figure><img src={id}.png alt=''><figcaption>{garment:?}</figcaption></figure>"
            )?;
        }
    }
    fs::write(folder.join("index.html"), page)?;
    Ok(())
}
