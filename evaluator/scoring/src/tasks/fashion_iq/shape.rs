//! The shape of a run, shown if something else was uploaded.

use crate::Benchmark;
use crate::text::shown;

/// `{"dress": [{"candidate": …}, …], "shirt": […]}`
pub(super) fn document_shape(benchmark: &Benchmark) -> String {
    let groups = benchmark.groups().iter().enumerate();
    let keys = groups.map(|(i, group)| match i {
        0 => format!("\"{}\": {}", group.name, group_shape(benchmark, 0)),
        _ => format!("\"{}\": […]", group.name),
    });
    format!("{{{}}}", keys.collect::<Vec<_>>().join(", "))
}

/// `[{"candidate": "B0…", "captions": ["…", "…"], "ranking": ["B0…", "B0…", …]}, …]`
pub(super) fn group_shape(benchmark: &Benchmark, group: usize) -> String {
    let group = &benchmark.groups()[group];
    let Some(query) = group.queries.first() else { return "[…]".to_owned() };
    let own = query.reference.as_str();
    let captions = query.captions.iter().map(|_| "\"…\"").collect::<Vec<_>>().join(", ");
    let items = group.gallery.iter().filter(|id| *id != own).take(2);
    let items = items.map(|id| format!("\"{}\"", shown(id.as_bytes()))).chain(["…".to_owned()]);
    let items = items.collect::<Vec<_>>().join(", ");
    let own = shown(own.as_bytes());
    format!("[{{\"candidate\": \"{own}\", \"captions\": [{captions}], \"ranking\": [{items}]}}, …]")
}
