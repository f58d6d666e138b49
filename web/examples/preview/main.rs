//! Writes every page with sample data to a folder, for viewing in a browser: `cargo run -p web --example
//! preview -- some/folder`.

use std::error::Error;
use std::fs;
use std::path::Path;

mod sample;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("name a folder to write into")?;
    let folder = Path::new(&folder);
    fs::create_dir_all(folder.join("assets"))?;
    for asset in web::assets() {
        fs::write(folder.join(asset.path.trim_start_matches('/')), asset.bytes)?;
    }
    for (name, page) in sample::pages() {
        // opened as files, pages load the assets from the same folder
        let html = page.render()?.replace("\"/assets/", "\"assets/");
        fs::write(folder.join(format!("{name}.html")), html)?;
        println!("{}", folder.join(format!("{name}.html")).display());
    }
    let report = sample::report().to_markdown()?;
    fs::write(folder.join("report.md"), report.text)?;
    for figure in report.figures {
        fs::write(folder.join(figure.file), figure.svg)?;
    }
    Ok(())
}
