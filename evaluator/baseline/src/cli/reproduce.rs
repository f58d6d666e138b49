//! `fashion-iq-baseline reproduce`: creates the table of docs/baseline.md.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Instant;

use clap::Args;
use dataset::{Folder, Protocol, Split};
use scoring::{GroupRun, Scorecard};
use tch::Device;

use super::captions::CaptionsOption;
use super::device::DeviceOption;
use super::evaluate::score;
use super::features::make_features;
use super::pictures::Pictures;
use super::table::{Row, head, mean};
use super::train::train;
use crate::error::{Error, Result};
use crate::learned::features::Features;
use crate::learned::minilm::MiniLm;
use crate::learned::networks::{TRAINED, Trained};
use crate::learned::ranking::Source;
use crate::learned::settings::{ItemsSeen, Settings, took};
use crate::learned::tensors::write_whole;
use crate::learned::training::Training;
use crate::model::Model;
use crate::run::{rank_group, write_run};

/// Create the features, train every model with several seeds, and score them all on split val.
///
/// Existing files are kept: repeat the command to continue where it was stopped.
#[derive(Args)]
pub(super) struct Reproduce {
    /// The data set, in the layout of the official repositories.
    #[arg(long, value_name = "DIR", env = "FASHION_IQ_DATA")]
    data: PathBuf,
    /// The folder to work in.
    #[arg(long, value_name = "DIR", default_value = "data/baseline")]
    work: PathBuf,
    /// The text encoder's weights (evaluator/baseline/weights.sh downloads them).
    #[arg(long, value_name = "DIR", default_value = ".weights/minilm")]
    weights: PathBuf,
    /// The models.
    #[arg(long, value_delimiter = ',', default_values_t = TRAINED.map(|model| model.name.to_owned()))]
    models: Vec<String>,
    /// The number of seeds, which count from 1.
    #[arg(long, default_value_t = 3)]
    seeds: u64,
    /// What the models see of items; for pictures, name --images or --item-features.
    #[arg(long, value_enum, default_value_t)]
    items: ItemsSeen,
    /// Settings other than the published ones, as JSON: {"epochs": 20} for all models, or
    /// reference-only={"epochs": 4} for one. Later ones take precedence.
    #[arg(long, value_name = "JSON")]
    set: Vec<Change>,
    #[command(flatten)]
    captions: CaptionsOption,
    #[command(flatten)]
    pictures: Pictures,
    #[command(flatten)]
    device: DeviceOption,
}

/// Settings other than the published ones, of all models or of one.
#[derive(Clone)]
struct Change {
    model: Option<String>,
    json: String,
}

impl FromStr for Change {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (model, json) = match text.split_once('=') {
            Some((model, json)) if !model.starts_with('{') => (Some(model.to_owned()), json),
            _ => (None, text),
        };
        let name = model.as_deref().unwrap_or(TRAINED[0].name);
        Trained::named(name)?;
        Settings::of(name).changed(json)?;
        Ok(Self { model, json: json.to_owned() })
    }
}

impl Reproduce {
    pub(super) fn run(&self) -> Result<()> {
        let device = self.device.find()?;
        self.device.tell()?;
        let data = Folder::new(&self.data);
        let features = self.features(&data, device)?;
        let source = Source { data: &data, features: &features };
        let val = data.split("val", Protocol::Original)?;
        let mut rows = Vec::new();
        super::say!("{}", head(&val));
        if self.captions.any() {
            rows.extend(self.untrained(&data, &val)?);
        }
        for (model, items) in self.trained() {
            let seeds = 1..=self.seeds;
            let row = |seed| self.row(model, items, seed, &source, &val, device);
            let of_model = seeds.map(row).collect::<Result<Vec<Row>>>()?;
            if !of_model.is_empty() {
                super::say!("{}", mean(&of_model));
            }
            rows.extend(of_model);
        }
        let rows = rows.iter().map(Row::json).collect::<serde_json::Value>();
        write_whole(&self.work.join("table.json"), rows.to_string().as_bytes())
    }

    /// The models to train, and what each sees. Where there are captions of items, a model that reads
    /// them is trained both ways.
    fn trained(&self) -> impl Iterator<Item = (&str, ItemsSeen)> {
        let reads = |model: &&str| {
            self.captions.any() && !self.items.captions() && Trained::reads_captions(model)
        };
        self.models.iter().map(String::as_str).flat_map(move |model| {
            let captioned = reads(&model).then_some((model, ItemsSeen::Captions));
            std::iter::once((model, self.items)).chain(captioned)
        })
    }

    /// Ranks and scores the models without training, without and with the captions of items.
    fn untrained(&self, data: &Folder, val: &Split) -> Result<Vec<Row>> {
        let without = CaptionsOption::none();
        let mut rows = Vec::new();
        for (name, captions, sees) in [
            ("attributes", &without, "attributes"),
            ("both", &without, "attributes"),
            ("tf-idf", &without, "attributes"),
            ("tf-idf", &self.captions, "attributes, captions"),
            ("words", &without, "attributes"),
            ("words", &self.captions, "attributes, captions"),
            ("counts", &without, "attributes"),
            ("counts", &self.captions, "attributes, captions"),
        ] {
            let model = Model::named(name).ok_or_else(|| Error::NoModel(name.to_owned()))?;
            let begun = Instant::now();
            let (described, background) = captions.known(model, data, val)?;
            let groups = val.groups.iter().zip(&described);
            let rank = |(group, items)| rank_group(model, group, items, background.as_ref(), 1);
            let runs: Vec<_> = groups.map(rank).collect();
            let zip =
                self.work.join(format!("{name}{}.val.zip", suffix(sees.contains("captions"))));
            let card = scored(&zip, val, &runs)?;
            let time = took(begun.elapsed());
            let (model, sees) = (name.to_owned(), sees.to_owned());
            let row = Row { model, sees, seed: None, card, parameters: 0, time };
            super::say!("{}", row.line());
            rows.push(row);
        }
        Ok(rows)
    }

    fn features(&self, data: &Folder, device: Device) -> Result<Features> {
        let path = self.work.join("features.safetensors");
        if !path.exists() {
            let encoder = MiniLm::open(&self.weights, device)?;
            let splits = ["train", "val"].map(str::to_owned);
            let items = self.pictures.vectors(data, &splits, device)?;
            let captions = self.captions.read(data, &splits)?;
            make_features(data, &splits, &encoder, items.as_ref(), captions, &path)?;
        }
        Features::open(&path)
    }

    /// Trains, ranks and scores one model with one seed, and prints its row.
    fn row(
        &self,
        model: &str,
        items: ItemsSeen,
        seed: u64,
        source: &Source<'_>,
        val: &Split,
        device: Device,
    ) -> Result<Row> {
        let name = format!("{model}{}.{seed}", suffix(items.captions()));
        let folder = self.work.join(&name);
        let begun = Instant::now();
        let mut training =
            open_or_start(self.settings(model, items, seed)?, &folder, source, device)?;
        let new = training.progress.step == 0;
        train(&mut training, source, &folder)?;
        let zip = self.work.join(format!("{name}.val.zip"));
        let collections = source.collections(val, &training)?;
        let groups = val.groups.iter().zip(&collections);
        let runs: Vec<_> =
            groups.map(|(group, tensors)| training.run(group, tensors, seed)).collect();
        let card = scored(&zip, val, &runs)?;
        let time = if new { took(begun.elapsed()) } else { "before".to_owned() };
        let row = Row {
            model: model.to_owned(),
            sees: items.words().to_owned(),
            seed: Some(seed),
            card,
            parameters: training.parameters(),
            time,
        };
        super::say!("{}", row.line());
        Ok(row)
    }

    fn settings(&self, model: &str, items: ItemsSeen, seed: u64) -> Result<Settings> {
        let mut settings = Settings { seed, ..Settings::seeing(model, items) };
        for change in &self.set {
            if change.model.as_deref().is_none_or(|of| of == model) {
                settings = settings.changed(&change.json)?;
            }
        }
        Ok(settings)
    }
}

/// The end of the names of files of models that read the captions of items.
fn suffix(captions: bool) -> &'static str {
    if captions { ".captions" } else { "" }
}

/// Continues the training in a folder, if it has the same settings.
fn open_or_start(
    settings: Settings,
    folder: &Path,
    source: &Source<'_>,
    device: Device,
) -> Result<Training> {
    let checkpoint = folder.join("model.safetensors");
    if !checkpoint.exists() {
        return source.start(settings, device);
    }
    let training = Training::open(&checkpoint, source.features.encoder()?, device)?;
    if training.settings != settings {
        let what = "was trained with other settings; remove it, or choose another --work";
        return Err(Error::content(&checkpoint, what));
    }
    Ok(training)
}

/// Writes a run of split val and scores it.
fn scored(zip: &Path, val: &Split, runs: &[GroupRun<'_>]) -> Result<Scorecard> {
    write_run(zip, &val.name, runs)?;
    let bytes = std::fs::read(zip).map_err(Error::read(zip, "the run just written"))?;
    score(&zip.display().to_string(), &bytes, val.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_of_all_models_or_of_one_and_no_other() {
        let all: Change = r#"{"epochs": 20}"#.parse().unwrap();
        assert_eq!((all.model, all.json.as_str()), (None, r#"{"epochs": 20}"#));
        let one: Change = r#"sum={"epochs": 4}"#.parse().unwrap();
        assert_eq!((one.model.as_deref(), one.json.as_str()), (Some("sum"), r#"{"epochs": 4}"#));
        let said = |text: &str| text.parse::<Change>().err().unwrap().to_string();
        assert!(said(r#"summ={"epochs": 4}"#).contains("summ"));
        assert_eq!(said(r#"sum={"epoch": 4}"#), "unknown setting `epoch`");
    }
}
