#![no_main]

use libfuzzer_sys::fuzz_target;
use system_tests::fuzz::ZIP;

fuzz_target!(|bytes: &[u8]| {
    (ZIP.check)(bytes);
});
