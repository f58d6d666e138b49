//! The device of tensors: the CPU, or a GPU if a full PyTorch is installed.
//!
//! The program links libtorch's CPU libraries only, and opens `libtorch_cuda.so` at run time, before
//! the first tensor. The library registers its backend when it is loaded, so one binary works
//! with and without it; linked directly, the program would not start without it.

use std::ffi::CStr;
use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use tch::{Cuda, Device};

use crate::error::{Error, Result};

/// The library of a full PyTorch 2.11 with the CUDA backend; found through the program's
/// run path or `LD_LIBRARY_PATH`.
const CUDA_LIBRARY: &CStr = c"libtorch_cuda.so";

/// The requested device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wanted {
    /// A GPU if one can be used, otherwise the CPU.
    #[default]
    Auto,
    /// The CPU.
    Cpu,
    /// The GPU of this number, from 0.
    Cuda(usize),
}

/// The chosen device, and why.
#[derive(Debug, Clone)]
pub struct Found {
    /// The device of tensors.
    pub device: Device,
    /// One clause.
    pub why: String,
}

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.strip_prefix("cuda:").map(str::parse);
        match (text, number) {
            ("auto", _) => Ok(Self::Auto),
            ("cpu", _) => Ok(Self::Cpu),
            ("cuda", _) => Ok(Self::Cuda(0)),
            (_, Some(Ok(number))) => Ok(Self::Cuda(number)),
            _ => Err(format!("unknown device `{text}`: use cpu, cuda, cuda:1 or auto")),
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Cpu => f.write_str("cpu"),
            Self::Cuda(number) => write!(f, "cuda:{number}"),
        }
    }
}

impl Wanted {
    /// Finds the device. A GPU that was requested by name but doesn't exist is an error; nothing
    /// silently falls back to the CPU.
    pub fn find(self) -> Result<Found> {
        if self == Self::Cpu {
            return Ok(Found { device: Device::Cpu, why: "asked for".to_owned() });
        }
        match (self, gpus()) {
            (Self::Cuda(number), Ok(count)) if number >= count => {
                Err(Error::no_gpu(self, format!("CUDA reports {count}, counted from 0")))
            }
            (Self::Cuda(_), Err(why)) => Err(Error::no_gpu(self, why)),
            (Self::Cuda(number), Ok(_)) => {
                Ok(Found { device: Device::Cuda(number), why: "asked for".to_owned() })
            }
            (_, Ok(count)) => Ok(Found {
                device: Device::Cuda(0),
                why: format!("the first of {count} that CUDA reports"),
            }),
            (_, Err(why)) => Ok(Found { device: Device::Cpu, why }),
        }
    }
}

/// How many GPUs there are, at least one, or why none can be used.
fn gpus() -> Result<usize, String> {
    open_cuda()?;
    match Cuda::device_count() {
        count if count > 0 && Cuda::is_available() => Ok(count as usize),
        _ => Err("libtorch_cuda.so was opened, but CUDA reports no GPU or no driver".to_owned()),
    }
}

/// Opens the CUDA library, once.
fn open_cuda() -> Result<(), String> {
    static OPENED: OnceLock<Result<(), String>> = OnceLock::new();
    OPENED.get_or_init(dlopen).clone()
}

#[expect(unsafe_code, reason = "loading a library runs its initialisers; there is no safe way")]
fn dlopen() -> Result<(), String> {
    // SAFETY: the name is a C string; the library's initialisers register its backend with the
    // libtorch that is already loaded, and it is never closed.
    let handle = unsafe { libc::dlopen(CUDA_LIBRARY.as_ptr(), libc::RTLD_NOW | libc::RTLD_GLOBAL) };
    if handle.is_null() {
        return Err("no libtorch_cuda.so, which a full PyTorch 2.11 has in torch/lib \
                    (LD_LIBRARY_PATH names the folder)"
            .to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_asked_for_by_name() {
        assert_eq!("auto".parse(), Ok(Wanted::Auto));
        assert_eq!("cpu".parse(), Ok(Wanted::Cpu));
        assert_eq!("cuda".parse(), Ok(Wanted::Cuda(0)));
        assert_eq!("cuda:3".parse(), Ok(Wanted::Cuda(3)));
        for wrong in ["", "gpu", "cuda:", "cuda:x", "CPU"] {
            let said = wrong.parse::<Wanted>().unwrap_err();
            assert!(said.contains("use cpu, cuda, cuda:1 or auto"), "{said}");
        }
    }

    #[test]
    fn the_cpu_is_always_found_and_a_gpu_that_is_not_there_never() {
        assert_eq!(Wanted::Cpu.find().unwrap().device, Device::Cpu);
        let error = Wanted::Cuda(999).find().unwrap_err().to_string();
        assert!(error.starts_with("--device cuda:999: "), "{error}");
    }
}
