//! `fashion-iq-baseline device`, and the option of the others.

use clap::Args;
use tch::Device;

use crate::error::Result;
use crate::learned::device::Wanted;

/// Show which device would be used, and why.
#[derive(Args, Clone)]
pub(super) struct DeviceOption {
    /// Where to compute: cpu, cuda, cuda:1 or auto.
    #[arg(long, default_value_t = Wanted::Auto)]
    device: Wanted,
}

impl DeviceOption {
    pub(super) fn tell(&self) -> Result<()> {
        let found = self.device.find()?;
        let threads = tch::get_num_threads();
        match found.device {
            Device::Cpu => super::say!("cpu, {threads} threads: {}", found.why),
            other => super::say!("{other:?}: {}", found.why),
        }
        Ok(())
    }

    pub(super) fn find(&self) -> Result<Device> {
        Ok(self.device.find()?.device)
    }
}
