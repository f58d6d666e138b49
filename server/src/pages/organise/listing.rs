//! The parts of the organisers' lists: search, counts, and links to other pages.

use domain::moderation::{Listed, Listing, ROWS};
use serde::Serialize;
use web::pages::{Field, Form, Section, Weight};

/// A form that searches a list.
pub(super) fn search(list: &str, label: &str, listing: &Listing) -> Section {
    let words = Field::text("words", label).value(&listing.words).optional();
    let mut form = Form::new(list, "Search").weighing(Weight::Quiet).called("search").with(words);
    form.asks = true;
    Section::new("search", "").form(form)
}

/// The search of a list, if the list has more than one page or was already searched.
pub(super) fn search_if_long<T>(
    list: &str,
    label: &str,
    listing: &Listing,
    found: &Listed<T>,
) -> Section {
    if found.total <= ROWS && *listing == Listing::default() {
        return Section::default();
    }
    search(list, label, listing)
}

/// A section with the number of rows, and links to the previous and next page.
pub(super) fn paged<T>(
    section: Section,
    list: &str,
    asked: &impl Serialize,
    found: &Listed<T>,
) -> Section {
    let first = (found.page - 1).saturating_mul(ROWS);
    let end = first + found.rows.len() as u64;
    let mut section = match found.total {
        0 => return section,
        total if total <= ROWS && found.page == 1 => return section,
        total if found.rows.is_empty() => {
            section.text(format!("{total} in total, none on this page."))
        }
        total => section.text(format!("{} to {end} of {total}.", first + 1)),
    };
    if found.page > 1 {
        section = section.link("Previous page", page(list, asked, found.page - 1));
    }
    if end < found.total && !found.rows.is_empty() {
        section = section.link("Next page", page(list, asked, found.page + 1));
    }
    section
}

/// The address of another page of the list, with the same query.
fn page(list: &str, asked: &impl Serialize, number: u64) -> String {
    let asked = serde_html_form::to_string(asked).unwrap_or_default();
    let rest = asked.split('&').filter(|part| !part.is_empty() && !part.starts_with("page="));
    let parts: Vec<String> = rest.map(str::to_owned).chain([format!("page={number}")]).collect();
    format!("{list}?{}", parts.join("&"))
}
